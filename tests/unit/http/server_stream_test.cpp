#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/unit/http/server_fixture.hpp"

namespace runbook::http {
namespace {

namespace asio = boost::asio;

// Gives its pieces one by one, then ends, fails or waits for ever; tells when it was cancelled.
class Pieces : public BodySource {
 public:
  enum class Then { kEnd, kFail, kWait };
  Pieces(std::vector<std::string> pieces, Then then, std::promise<void>* cancelled = nullptr)
      : pieces_(std::move(pieces)), then_(then), cancelled_(cancelled) {}

  asio::awaitable<std::optional<std::string>> next() override {
    if (at_ < pieces_.size()) co_return pieces_[at_++];
    if (then_ == Then::kEnd) co_return std::nullopt;
    if (then_ == Then::kFail) throw std::runtime_error("the source failed");
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (error && cancelled_ != nullptr) cancelled_->set_value();
    co_return std::nullopt;
  }

 private:
  std::vector<std::string> pieces_;
  Then then_;
  std::promise<void>* cancelled_;
  std::size_t at_ = 0;
};

Response stream_of(std::unique_ptr<BodySource> source) {
  Response response = text("");
  response.stream = std::move(source);
  return response;
}

TEST_F(ServerTest, StreamsInChunksAndKeepsTheConnection) {
  start([](const Request& request, BodyReader&) -> asio::awaitable<Response> {
    if (request.path == "/after") co_return text("after");
    std::vector<std::string> pieces{"one", "", "three", std::string(70000, 'x')};
    co_return stream_of(std::make_unique<Pieces>(std::move(pieces), Pieces::Then::kEnd));
  });
  RawClient one = client();
  one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(one.read_until("\r\n\r\n").find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_EQ(one.read_exactly(8), "3\r\none\r\n");
  EXPECT_EQ(one.read_exactly(10), "5\r\nthree\r\n");
  EXPECT_EQ(one.read_exactly(7), "11170\r\n");
  EXPECT_EQ(one.read_exactly(70002).size(), 70002U);
  EXPECT_EQ(one.read_exactly(5), "0\r\n\r\n");
  one.send("GET /after HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "after");
}

TEST_F(ServerTest, SendsTheHeadBeforeTheFirstPiece) {
  start([](const Request&, BodyReader&) -> asio::awaitable<Response> {
    co_return stream_of(std::make_unique<Pieces>(std::vector<std::string>{}, Pieces::Then::kWait));
  });
  RawClient one = client();
  one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(one.read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
}

// Pieces without end, until it is told to stop.
class Endless : public BodySource {
 public:
  explicit Endless(asio::steady_timer& told) : told_(told) {}
  asio::awaitable<std::optional<std::string>> next() override { co_return std::string(256 * 1024, 'x'); }
  asio::awaitable<void> cut_off() override { co_await told_.async_wait(asio::as_tuple(asio::use_awaitable)); }

 private:
  asio::steady_timer& told_;
};

// Also one that waits for a client who does not read.
TEST_F(ServerTest, CutsAnAnswerOffWhileAPieceIsOnItsWay) {
  asio::steady_timer told(context_, asio::steady_timer::time_point::max());
  start([&](const Request&, BodyReader&) -> asio::awaitable<Response> {
    co_return stream_of(std::make_unique<Endless>(told));
  });
  RawClient one = client();
  one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  one.read_until("xxx");
  asio::post(context_, [&] { told.cancel(); });
  EXPECT_FALSE(one.read_all().ends_with("0\r\n\r\n"));
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, CancelsTheSourceWhenTheClientLeaves) {
  std::promise<void> cancelled;
  start([&](const Request&, BodyReader&) -> asio::awaitable<Response> {
    std::vector<std::string> pieces{"x"};
    co_return stream_of(std::make_unique<Pieces>(std::move(pieces), Pieces::Then::kWait, &cancelled));
  });
  RawClient one = client();
  one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  one.read_until("x");
  one.leave();
  EXPECT_EQ(cancelled.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(ServerTest, AnswersWhatWasSentDuringAStream) {
  start([](const Request& request, BodyReader&) -> asio::awaitable<Response> {
    if (request.path == "/next") co_return text("next");
    std::vector<std::string> pieces(50, std::string(60000, 'x'));
    co_return stream_of(std::make_unique<Pieces>(std::move(pieces), Pieces::Then::kEnd));
  });
  RawClient one = client();
  one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  one.read_until("0\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "next");
}

TEST_F(ServerTest, FailingSourceCutsTheAnswerOff) {
  start([](const Request&, BodyReader&) -> asio::awaitable<Response> {
    std::vector<std::string> pieces{"part"};
    co_return stream_of(std::make_unique<Pieces>(std::move(pieces), Pieces::Then::kFail));
  });
  RawClient one = client();
  one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string all = one.read_all();
  EXPECT_NE(all.find("part"), std::string::npos);
  EXPECT_EQ(all.find("\r\n0\r\n"), std::string::npos);
  EXPECT_TRUE(one.ended());
}

TEST_F(ServerTest, OldClientsGetAStreamUntilTheEnd) {
  start([](const Request&, BodyReader&) -> asio::awaitable<Response> {
    std::vector<std::string> pieces{"a", "b"};
    co_return stream_of(std::make_unique<Pieces>(std::move(pieces), Pieces::Then::kEnd));
  });
  RawClient one = client();
  one.send("GET / HTTP/1.0\r\n\r\n");
  const std::string all = one.read_all();
  EXPECT_TRUE(all.ends_with("\r\n\r\nab"));
  EXPECT_EQ(all.find("chunked"), std::string::npos);
}

TEST_F(ServerTest, HeadOfAStreamHasNoBody) {
  start([](const Request&, BodyReader&) -> asio::awaitable<Response> {
    co_return stream_of(std::make_unique<Pieces>(std::vector<std::string>{"x"}, Pieces::Then::kEnd));
  });
  RawClient one = client();
  one.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(one.read_all().ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, ClientThatDoesNotReadIsGivenUp) {
  std::promise<void> ended;
  struct Endless : BodySource {
    explicit Endless(std::promise<void>& promise) : over(promise) {}
    ~Endless() override { over.set_value(); }
    asio::awaitable<std::optional<std::string>> next() override { co_return std::string(65536, 'x'); }
    std::promise<void>& over;
  };
  ServerSettings settings;
  settings.times.idle = std::chrono::milliseconds(200);
  start(
      [&](const Request&, BodyReader&) -> asio::awaitable<Response> {
        co_return stream_of(std::make_unique<Endless>(ended));
      },
      settings);
  RawClient one = client();
  one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(ended.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

// The key and its answer are those of RFC 6455 §1.3.
constexpr std::string_view kUpgrade =
    "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: talk.v1\r\n\r\n";

Handler web_socket(std::string subprotocol) {
  return [subprotocol](const Request&, BodyReader&) -> asio::awaitable<Response> {
    Response response;
    response.websocket_subprotocol = subprotocol;
    response.websocket = [](transport::WebSocketChannel channel) -> asio::awaitable<void> {
      auto message = co_await channel.read();
      EXPECT_TRUE(message && message->data == "hi");
    };
    co_return response;
  };
}

TEST_F(ServerTest, HandsAWebSocketOver) {
  start(web_socket("talk.v1"));
  RawClient one = client();
  // The first frame comes together with the request: "hi", text, masked with zeros.
  one.send(std::string(kUpgrade) + std::string("\x81\x82\0\0\0\0hi", 8));
  const std::string head = one.read_until("\r\n\r\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 101"));
  EXPECT_NE(head.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
  EXPECT_NE(head.find("talk.v1"), std::string::npos);
  EXPECT_TRUE(one.read_all().size() <= 4);
  EXPECT_TRUE(one.ended());
}

// A compressed message could be a thousand times what it is on the wire.
TEST_F(ServerTest, WebSocketsAreNotCompressed) {
  start(web_socket("talk.v1"));
  RawClient one = client();
  auto upgrade = std::string(kUpgrade);
  upgrade.insert(upgrade.size() - 2,
                 "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n");
  one.send(upgrade + std::string("\x81\x82\0\0\0\0hi", 8));
  const std::string head = one.read_until("\r\n\r\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 101"));
  EXPECT_EQ(head.find("Sec-WebSocket-Extensions"), std::string::npos);
}

TEST_F(ServerTest, WebSocketAddressNeedsAnUpgrade) {
  start(web_socket(""));
  EXPECT_EQ(ask("GET /ws HTTP/1.1\r\nHost: h\r\n\r\n").status, 426U);
}

}  // namespace
}  // namespace runbook::http
