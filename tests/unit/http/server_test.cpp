#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/runtime/blocking_pool.hpp"
#include "tests/unit/http/server_fixture.hpp"

namespace runbook::http {
namespace {

namespace asio = boost::asio;

TEST_F(ServerTest, AnswersOneRequestAfterTheOther) {
  start(echo);
  RawClient one = client();
  for (int i = 0; i < 3; ++i) {
    one.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    const auto answer = one.read_answer();
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body, "POST /x hi");
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start(echo);
  RawClient one = client();
  one.send(
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
      "POST /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n"
      "GET /4 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "GET /1 ");
  EXPECT_EQ(one.read_answer().body, "POST /2 abc");
  EXPECT_EQ(one.read_answer().body, "POST /3 z");
  const auto last = one.read_answer();
  EXPECT_EQ(last.body, "GET /4 ");
  EXPECT_NE(last.head.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, AnswersARequestSentByteByByte) {
  start(echo);
  RawClient one = client();
  for (const char c : std::string_view("PUT /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"))
    one.send({&c, 1});
  EXPECT_EQ(one.read_answer().body, "PUT /slow body");
}

TEST_F(ServerTest, HeadHasTheLengthButNoBody) {
  start(echo);
  RawClient one = client();
  one.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\nGET /y HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string head = one.read_until("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 8"), std::string::npos);
  EXPECT_EQ(one.read_answer().body, "GET /y ");
}

TEST_F(ServerTest, UnknownMethodsReachTheHandler) {
  start(echo);
  EXPECT_EQ(ask("BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n").body, "OTHER /pot ");
  EXPECT_EQ(ask("TRACE /pot HTTP/1.1\r\nHost: h\r\n\r\n").body, "OTHER /pot ");
}

TEST_F(ServerTest, OldClientsGetOneAnswer) {
  start(echo);
  RawClient one = client();
  one.send("GET /x HTTP/1.0\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "GET /x ");
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, InvitesTheBodyThatWaits) {
  start(echo);
  RawClient one = client();
  one.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(one.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  one.send("ok");
  EXPECT_EQ(one.read_answer().body, "POST /x ok");
}

TEST_F(ServerTest, DoesNotInviteABodyNobodyReads) {
  start([](const Request&, BodyReader&) -> asio::awaitable<Response> { co_return text("no", 403); });
  RawClient one = client();
  one.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(one.read_answer().status, 403U);
  one.end_sending();
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, SmallUnreadBodyDoesNotEndTheConnection) {
  start(
      [](const Request& request, BodyReader&) -> asio::awaitable<Response> { co_return text(request.path); });
  RawClient one = client();
  one.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nGET /GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "/1");
  EXPECT_EQ(one.read_answer().body, "/2");
}

TEST_F(ServerTest, LargeUnreadBodyEndsTheConnectionAfterTheAnswer) {
  start(
      [](const Request& request, BodyReader&) -> asio::awaitable<Response> { co_return text(request.path); });
  RawClient one = client();
  one.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  one.send(std::string(1000000, 'x'));
  const auto answer = one.read_answer();
  EXPECT_EQ(answer.body, "/1");
  EXPECT_NE(answer.head.find("Connection: close"), std::string::npos);
  one.end_sending();
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, ExceptionsBecomeProblems) {
  struct Outage : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  ServerSettings settings;
  settings.is_outage = [](const std::exception& error) {
    return dynamic_cast<const Outage*>(&error) != nullptr;
  };
  const Handler handler = [](const Request& request, BodyReader&) -> asio::awaitable<Response> {
    if (request.path == "/defect") throw std::runtime_error("secret detail");
    if (request.path == "/outage") throw Outage("secret detail");
    throw runtime::PoolFull("secret detail");
    co_return Response{};
  };
  start(handler, settings);
  const auto defect = ask("GET /defect HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(defect.status, 500U);
  EXPECT_EQ(defect.body.find("secret"), std::string::npos);
  const auto document = boost::json::parse(defect.body).as_object();
  EXPECT_EQ(document.at("code"), "internal_error");
  EXPECT_NE(defect.head.find("X-Request-Id: " + std::string(document.at("request_id").as_string())),
            std::string::npos);
  for (const char* path : {"/outage", "/full"}) {
    const auto answer = ask(std::string("GET ") + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_NE(answer.head.find("Retry-After: "), std::string::npos);
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  }
}

TEST_F(ServerTest, StopEndsIdleConnectionsAndLetsAnswersFinish) {
  std::promise<void> asked;
  start([&](const Request&, BodyReader&) -> asio::awaitable<Response> {
    asked.set_value();
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(200));
    co_await timer.async_wait(asio::use_awaitable);
    co_return text("whole");
  });
  RawClient idle = client();
  RawClient busy = client();
  busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  asked.get_future().wait();
  stop();
  EXPECT_EQ(busy.read_answer().body, "whole");
  EXPECT_TRUE(idle.ended());
}

TEST_F(ServerTest, StopDoesNotWaitForAHangingHandler) {
  std::promise<void> asked;
  start([&](const Request&, BodyReader&) -> asio::awaitable<Response> {
    asked.set_value();
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
    co_return text("never");
  });
  RawClient one = client();
  one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  asked.get_future().wait();
  stop();
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, MayBeStoppedUnstartedAndTwice) {
  Server never(context_.get_executor(), {.endpoint = {}, .name = "never"}, echo);
  asio::co_spawn(
      context_,
      [&]() -> asio::awaitable<void> {
        co_await never.stop();
        co_await never.stop();
      },
      [&](std::exception_ptr error) {
        EXPECT_FALSE(error);
        work_.reset();
      });
  context_.run();
}

TEST_F(ServerTest, TakenPortIsAnError) {
  start(echo);
  Server second(context_.get_executor(),
                {.endpoint = {asio::ip::make_address("127.0.0.1"), port_}, .name = "second"}, echo);
  EXPECT_THROW(second.start(), boost::system::system_error);
}

}  // namespace
}  // namespace runbook::http
