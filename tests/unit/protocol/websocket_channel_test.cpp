#include "protocol/transport/websocket_channel.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <string>

#include "protocol/messages/limits.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/runtime/task_group.hpp"
#include "tests/unit/protocol/websocket_links.hpp"

namespace runbook::transport {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using runtime::TaskGroup;
using testing::Link;
using testing::run_link;
using testing::Streams;

constexpr std::uint16_t kTooBigCode = 1009;

asio::awaitable<void> read_to_end(WebSocketChannel& channel) {
  while (co_await channel.read()) {}
}

TEST(WebSocketChannel, MessagesOfBothKindsArriveWholeAndInOrder) {
  run_link([](Link& link) -> asio::awaitable<void> {
    const std::string bytes = runtime::random_bytes(300'000);
    EXPECT_TRUE(link.client.push({.binary = false, .data = "{\"a\":\"ä\"}"}));
    EXPECT_TRUE(link.client.push({.binary = true, .data = bytes}));
    EXPECT_TRUE(link.client.push({.binary = false, .data = ""}));
    const auto first = co_await link.server.read();
    const auto second = co_await link.server.read();
    const auto third = co_await link.server.read();
    EXPECT_TRUE(first && !first->binary && first->data == "{\"a\":\"ä\"}");
    EXPECT_TRUE(second && second->binary && second->data == bytes);
    EXPECT_TRUE(third && !third->binary && third->data.empty());
    EXPECT_TRUE(link.server.push({.binary = true, .data = bytes}));
    const auto back = co_await link.client.read();
    EXPECT_TRUE(back && back->data == bytes);
  });
}

TEST(WebSocketChannel, BothSidesKnowTheSubprotocolAndThePeer) {
  run_link([](Link& link) -> asio::awaitable<void> {
    EXPECT_EQ(link.client.subprotocol(), "test.v1");
    EXPECT_EQ(link.server.subprotocol(), "test.v1");
    EXPECT_EQ(link.server.remote_address(), "127.0.0.1");
    co_return;
  });
}

TEST(WebSocketChannel, TheLargestMessageArrivesAndOneByteMoreClosesWithTooBig) {
  run_link([](Link& link) -> asio::awaitable<void> {
    link.client.push({.binary = true, .data = std::string(limits::kWebSocketMessageBytes, 'x')});
    link.client.push({.binary = true, .data = std::string(limits::kWebSocketMessageBytes + 1, 'x')});
    const auto most = co_await link.server.read();
    EXPECT_TRUE(most && most->data.size() == limits::kWebSocketMessageBytes);
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("client", read_to_end(link.client));
    EXPECT_FALSE(co_await link.server.read());
    EXPECT_NE(link.server.end_reason().find("too big"), std::string::npos) << link.server.end_reason();
    co_await group.wait();
    EXPECT_EQ(link.client.peer_close_code(), kTooBigCode);
  });
}

TEST(WebSocketChannel, CloseSendsWhatIsQueuedThenItsCodeAndReason) {
  run_link([](Link& link) -> asio::awaitable<void> {
    link.server.push({.binary = false, .data = "last words"});
    link.server.close(CloseCode::kPolicy, "revoked");
    link.server.close(CloseCode::kNormal, "a second time");
    EXPECT_FALSE(link.server.push({.binary = false, .data = "too late"}));
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("server", read_to_end(link.server));
    const auto last = co_await link.client.read();
    EXPECT_TRUE(last && last->data == "last words");
    EXPECT_FALSE(co_await link.client.read());
    EXPECT_EQ(link.client.peer_close_code(), static_cast<std::uint16_t>(CloseCode::kPolicy));
    EXPECT_EQ(link.client.end_reason(), "closed by the peer (1008 revoked)");
    EXPECT_FALSE(co_await link.client.read());
    co_await group.wait();
  });
}

TEST(WebSocketChannel, ALongReasonIsCutAtACharacter) {
  run_link([](Link& link) -> asio::awaitable<void> {
    std::string reason = "x";
    for (int i = 0; i < 100; ++i) reason += "ä";
    link.server.close(CloseCode::kNormal, reason);
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("server", read_to_end(link.server));
    EXPECT_FALSE(co_await link.client.read());
    EXPECT_EQ(link.client.end_reason(), "closed by the peer (1000 " + reason.substr(0, 123) + ")");
    co_await group.wait();
  });
}

TEST(WebSocketChannel, BothSidesMayCloseAtOnce) {
  run_link([](Link& link) -> asio::awaitable<void> {
    link.client.close(CloseCode::kGoingAway, "");
    link.server.close(CloseCode::kGoingAway, "");
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("server", read_to_end(link.server));
    group.spawn("client", read_to_end(link.client));
    co_await group.wait();
    EXPECT_FALSE(link.client.end_reason().empty());
  });
}

// Fills the outbox of a peer that does not read; answers how many messages went in.
std::size_t fill(WebSocketChannel& channel, std::size_t message_bytes) {
  std::size_t pushed = 0;
  while (channel.push({.binary = true, .data = std::string(message_bytes, 'x')})) ++pushed;
  return pushed;
}

TEST(WebSocketChannel, AnOutboxOverItsLimitClosesTheConnection) {
  run_link([](Link& link) -> asio::awaitable<void> {
    constexpr std::size_t kMessage = 64 * 1024 - WebSocketChannel::kMessageOverhead;
    const std::size_t pushed = fill(link.server, kMessage);
    EXPECT_EQ(pushed, limits::kOutboxBytes / (kMessage + WebSocketChannel::kMessageOverhead));
    EXPECT_FALSE(link.server.push({.binary = false, .data = "more"}));
    EXPECT_LT(link.server.outbox_bytes(), limits::kOutboxBytes);
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("server", read_to_end(link.server));
    co_await read_to_end(link.client);
    EXPECT_EQ(link.client.peer_close_code(), static_cast<std::uint16_t>(CloseCode::kTryAgainLater));
    co_await group.wait();
  });
}

TEST(WebSocketChannel, APeerThatReadsNothingIsCutWhenTheCloseTimeIsOver) {
  run_link([](Link& link) -> asio::awaitable<void> {
    link.server.set_times({.close = 50ms});
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("server", read_to_end(link.server));
    while (link.server.outbox_bytes() < limits::kOutboxBytes / 2) {
      fill(link.server, limits::kWebSocketMessageBytes);
      co_await asio::post(asio::use_awaitable);
      if (link.server.outbox_bytes() == 0) break;
    }
    co_await group.wait();
    EXPECT_FALSE(link.server.end_reason().empty());
  });
}

TEST(WebSocketChannel, DrainedBelowWakesWhenThereIsRoom) {
  run_link([](Link& link) -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    for (int i = 0; i < 50; ++i) link.client.push({.binary = true, .data = std::string(100'000, 'x')});
    const std::size_t before = link.client.outbox_bytes();
    EXPECT_GE(before, 50U * 100'000);
    group.spawn("server", read_to_end(link.server));
    EXPECT_TRUE(co_await link.client.drained_below(1'000'000));
    EXPECT_LT(link.client.outbox_bytes(), 1'000'000U);
    link.client.close(CloseCode::kNormal, "");
    co_await read_to_end(link.client);
    EXPECT_FALSE(co_await link.client.drained_below(1));
    co_await group.wait();
  });
}

TEST(WebSocketChannel, APeerThatIsGoneEndsReaderAndWriter) {
  testing::run_both([](Streams& streams) -> asio::awaitable<void> {
    auto link = std::make_unique<Link>(co_await testing::open_link(std::move(streams)));
    auto client = std::make_unique<WebSocketChannel>(std::move(link->client));
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("write", link->server.write_loop());
    group.spawn("read", read_to_end(link->server));
    co_await asio::post(asio::use_awaitable);
    client.reset();
    co_await group.wait();
    EXPECT_FALSE(link->server.push({.binary = false, .data = "to nobody"}));
    EXPECT_FALSE(link->server.end_reason().empty());
  });
}

TEST(WebSocketChannel, ASilentPeerIsDead) {
  run_link([](Link& link) -> asio::awaitable<void> {
    link.server.set_times({.ping_interval = 10ms, .peer_dead_after = 60ms});
    // The client neither reads (so no pong) nor pings within this time.
    EXPECT_FALSE(co_await link.server.read());
    EXPECT_EQ(link.server.end_reason(), "silent");
  });
}

TEST(WebSocketChannel, PingsKeepAQuietLinkAlive) {
  run_link([](Link& link) -> asio::awaitable<void> {
    link.server.set_times({.ping_interval = 10ms, .peer_dead_after = 200ms});
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("client", read_to_end(link.client));  // answers pings
    asio::steady_timer later(co_await asio::this_coro::executor, 500ms);
    later.async_wait([&link](const boost::system::error_code&) {
      link.client.push({.binary = false, .data = "still here"});
    });
    const auto message = co_await link.server.read();
    EXPECT_TRUE(message && message->data == "still here") << link.server.end_reason();
    co_await group.stop();
  });
}

TEST(WebSocketChannel, CancellingAReadClosesTheConnection) {
  run_link([](Link& link) -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    bool forgotten = false;
    auto reader = [&]() -> asio::awaitable<void> {
      co_await link.server.read();
      forgotten = true;
    };
    group.spawn("read", reader());
    co_await asio::post(asio::use_awaitable);
    co_await group.stop();
    EXPECT_FALSE(forgotten);
    EXPECT_FALSE(co_await link.client.read());
    EXPECT_FALSE(link.server.push({.binary = false, .data = "x"}));
  });
}

TEST(WebSocketChannel, TextThatIsNotUtf8EndsTheConnection) {
  run_link([](Link& link) -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    link.client.push({.binary = false, .data = "\xff\xfe"});
    group.spawn("client", read_to_end(link.client));
    EXPECT_FALSE(co_await link.server.read());
    co_await group.wait();
    EXPECT_EQ(link.client.peer_close_code(), 1007);
  });
}

TEST(WebSocketChannel, AMoveKeepsTheConnection) {
  run_link([](Link& link) -> asio::awaitable<void> {
    WebSocketChannel moved = std::move(link.server);
    link.client.push({.binary = false, .data = "hello"});
    const auto message = co_await moved.read();
    EXPECT_TRUE(message && message->data == "hello");
    link.server = std::move(moved);
  });
}

// Answers the client's request with `response` as it stands.
asio::awaitable<void> answer(ByteStream& stream, std::string response) {
  std::string request;
  co_await asio::async_read_until(stream, asio::dynamic_buffer(request), "\r\n\r\n", asio::use_awaitable);
  const auto buffer = asio::buffer(response);
  co_await asio::async_write(stream, buffer, asio::use_awaitable);
}

asio::awaitable<std::string> connect_refusal(Streams& streams) {
  try {
    co_await WebSocketChannel::connect(std::move(streams.client), "localhost", "/agent", "test.v1");
  } catch (const boost::system::system_error& error) {
    co_return error.what();
  }
  co_return "connected";
}

TEST(WebSocketChannel, ARefusalNamesTheHttpStatus) {
  testing::run_both([](Streams& streams) -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("answer", answer(streams.server, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    const std::string told = co_await connect_refusal(streams);
    EXPECT_NE(told.find("HTTP status 403"), std::string::npos) << told;
    co_await group.wait();
  });
}

TEST(WebSocketChannel, ARequestThatIsNoUpgradeIsAnsweredWith400) {
  testing::run_both([](Streams& streams) -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    bool refused = false;
    auto accept = [&]() -> asio::awaitable<void> {
      try {
        co_await testing::accept_one(std::move(streams.server), "");
      } catch (const boost::system::system_error&) {
        refused = true;
      }
    };
    group.spawn("accept", accept());
    co_await testing::write_all(streams.client, "GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
    boost::system::error_code end;
    const std::string response = co_await testing::read_all(streams.client, 4096, end);
    co_await group.wait();
    EXPECT_TRUE(refused);
    EXPECT_TRUE(response.starts_with("HTTP/1.1 400")) << response;
  });
}

}  // namespace
}  // namespace runbook::transport
