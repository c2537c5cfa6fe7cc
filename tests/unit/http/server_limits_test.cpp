#include <boost/asio/use_awaitable.hpp>

#include <sys/resource.h>

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

// Without free descriptors accept() fails at once, over and over, while the connection waits in the queue.
TEST_F(ServerTest, RunningOutOfDescriptorsNeitherEndsNorSpinsTheListener) {
  ServerSettings settings;
  settings.times.drain = 100ms;
  start(echo, settings);
  RawClient waiting = client();  // its descriptor is taken before the limit
  waiting.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(waiting.read_answer().status, 200U);

  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const int spare = ::dup(0);
  std::vector<int> fillers;
  RawClient late = client();
  late.leave();
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(spare) + 2;
  ::close(spare);
  const int own = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::setrlimit(RLIMIT_NOFILE, &tight);
  for (int filler = ::dup(0); filler >= 0; filler = ::dup(0)) fillers.push_back(filler);

  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(own, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const double used = processor_seconds();
  // The connection that is open already is served all the while.
  const auto until = std::chrono::steady_clock::now() + 500ms;
  while (std::chrono::steady_clock::now() < until) {
    waiting.send("GET /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(waiting.read_answer().status, 200U);
    std::this_thread::yield();
    if (processor_seconds() - used > 5) break;
  }
  for (const int filler : fillers) ::close(filler);
  ::setrlimit(RLIMIT_NOFILE, &before);
  const char request[] = "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  EXPECT_GT(::send(own, request, sizeof request - 1, MSG_NOSIGNAL), 0);
  char answer[16] = {};
  EXPECT_GT(::recv(own, answer, sizeof answer - 1, 0), 0);
  EXPECT_EQ(std::string_view(answer).substr(0, 12), "HTTP/1.1 200");
  ::close(own);
}

}  // namespace
}  // namespace runbook::http
