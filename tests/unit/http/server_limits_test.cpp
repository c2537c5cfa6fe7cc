#include <boost/asio/use_awaitable.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/http/server_fixture.hpp"

namespace runbook::http {
namespace {

using namespace std::chrono_literals;

TEST_F(ServerTest, BodyOfExactlyTheLimitIsTaken) {
  start(echo);
  RawClient one = client();
  one.send(fmt::format("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n", limits::kHttpBodyBytes));
  one.send(std::string(limits::kHttpBodyBytes, 'x'));
  EXPECT_EQ(one.read_answer().status, 200U);
}

TEST_F(ServerTest, TooLargeABodyGets413EvenWhileItIsSent) {
  start(echo);
  constexpr std::size_t kSent = 32 * 1024 * 1024;
  RawClient one = client();
  one.send(fmt::format("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n", kSent));
  // A client that writes everything before it reads must still find its answer and no reset.
  EXPECT_TRUE(one.send(std::string(kSent, 'x')));
  const auto answer = one.read_answer();
  EXPECT_EQ(answer.status, 413U);
  EXPECT_EQ(boost::json::parse(answer.body).at("code"), "too_large");
  one.end_sending();
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, TooLargeAChunkedBodyGets413) {
  start(echo);
  RawClient one = client();
  one.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
  for (int i = 0; i < 40; ++i) one.send(chunk);
  EXPECT_EQ(one.read_answer().status, 413U);
}

TEST_F(ServerTest, DrainingEndsAtItsTime) {
  ServerSettings settings;
  settings.times.drain = 100ms;
  start(echo, settings);
  RawClient one = client();
  one.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n");
  EXPECT_EQ(one.read_answer().status, 413U);
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, SlowHeaderGets408) {
  ServerSettings settings;
  settings.times.header = 100ms;
  settings.times.drain = 100ms;
  start(echo, settings);
  RawClient one = client();
  one.send("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(one.read_answer().status, 408U);
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, SilentConnectionsAreClosed) {
  ServerSettings settings;
  settings.times.header = 100ms;
  settings.times.idle = 100ms;
  start(echo, settings);
  RawClient never = client();
  EXPECT_TRUE(never.ended());
  RawClient once = client();
  once.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(once.read_answer().status, 200U);
  EXPECT_TRUE(once.ended());
}

TEST_F(ServerTest, SlowBodyIsRefused) {
  ServerSettings settings;
  settings.times.body_grace = 100ms;
  settings.times.drain = 100ms;
  start(echo, settings);
  RawClient one = client();
  one.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc");
  const auto answer = one.read_answer();
  EXPECT_EQ(answer.status, 400U);
  EXPECT_NE(answer.body.find("too slowly"), std::string::npos);
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, OneConnectionOverTheLimitIsClosed) {
  ServerSettings settings;
  settings.max_connections_per_address = 2;
  start(echo, settings);
  RawClient one = client();
  RawClient two = client();
  one.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(one.read_answer().status, 200U);
  two.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(two.read_answer().status, 200U);
  RawClient three = client();
  EXPECT_TRUE(three.ended());
  one.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(one.read_answer().status, 200U);
}

double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Takes every descriptor this process may still have, until it is destroyed.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit tight = before_;
    tight.rlim_cur = 256;
    ::setrlimit(RLIMIT_NOFILE, &tight);
    for (int taken = ::dup(0); taken >= 0; taken = ::dup(0)) taken_.push_back(taken);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;
  ~NoDescriptors() {
    for (const int taken : taken_) ::close(taken);
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

// Without free descriptors accept() fails at once, over and over, while the connection waits in the queue.
TEST_F(ServerTest, RunningOutOfDescriptorsNeitherEndsNorSpinsTheListener) {
#if __has_feature(undefined_behavior_sanitizer)
  GTEST_SKIP() << "UBSan probes memory through a pipe, which needs descriptors";
#endif
  start(echo);
  RawClient open = client();
  open.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(open.read_answer().body, "GET /1 ");
  RawClient late = RawClient::unconnected();
  {
    const NoDescriptors none;
    EXPECT_TRUE(late.connect(port_));
    late.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
    const double before = processor_seconds();
    EXPECT_FALSE(late.readable_within(500ms));
    EXPECT_LT(processor_seconds() - before, 0.3);
    open.send("GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(open.read_answer().body, "GET /3 ");
  }
  EXPECT_EQ(late.read_answer().body, "GET /2 ");
}

}  // namespace
}  // namespace runbook::http
