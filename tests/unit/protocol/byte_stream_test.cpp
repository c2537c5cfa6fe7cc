#include "protocol/transport/byte_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "certs/authority.hpp"
#include "protocol/runtime/expected_end.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/runtime/task_group.hpp"
#include "tests/unit/protocol/connections.hpp"

namespace runbook::transport {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using runtime::TaskGroup;
using testing::read_all;
using testing::run_both;
using testing::run_tls;
using testing::Streams;
using testing::write_all;

constexpr std::size_t kPiece = 64 * 1024;

asio::awaitable<void> write_and_end(ByteStream& stream, std::string data) {
  co_await write_all(stream, std::move(data));
  stream.shutdown_write();
}

asio::awaitable<void> keep_all(ByteStream& stream, std::size_t at_once, std::string& data,
                               error_code& error) {
  data = co_await read_all(stream, at_once, error);
}

TEST(ByteStream, LargeTransfersInBothDirectionsAtOnceArriveWhole) {
  run_both([](Streams& streams) -> asio::awaitable<void> {
    const std::string up = runtime::random_bytes(5'000'000);
    const std::string down = runtime::random_bytes(7'000'001);
    std::string got_up;
    std::string got_down;
    error_code up_end;
    error_code down_end;
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("up", write_and_end(streams.client, up));
    group.spawn("down", write_and_end(streams.server, down));
    group.spawn("read up", keep_all(streams.server, kPiece, got_up, up_end));
    group.spawn("read down", keep_all(streams.client, kPiece, got_down, down_end));
    co_await group.wait();
    EXPECT_TRUE(got_up == up);
    EXPECT_TRUE(got_down == down);
    EXPECT_EQ(up_end, asio::error::eof);
    EXPECT_EQ(down_end, asio::error::eof);
  });
}

TEST(ByteStream, ReadsOfOneByteLoseNothing) {
  run_both([](Streams& streams) -> asio::awaitable<void> {
    const std::string sent = runtime::random_bytes(20'000);
    std::string got;
    error_code end;
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("write", write_and_end(streams.client, sent));
    group.spawn("read", keep_all(streams.server, 1, got, end));
    co_await group.wait();
    EXPECT_TRUE(got == sent);
  });
}

TEST(ByteStream, ManyBuffersArriveInOrder) {
  run_both([](Streams& streams) -> asio::awaitable<void> {
    std::vector<std::string> pieces;
    std::string sent;
    for (std::size_t i = 0; i < 40; ++i) pieces.push_back(runtime::random_bytes(i * i * 20));
    std::vector<asio::const_buffer> buffers;
    for (const auto& piece : pieces) {
      buffers.push_back(asio::buffer(piece));
      sent += piece;
    }
    std::string got;
    error_code end;
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("read", keep_all(streams.server, kPiece, got, end));
    co_await asio::async_write(streams.client, buffers, asio::use_awaitable);
    streams.client.shutdown_write();
    co_await group.wait();
    EXPECT_TRUE(got == sent);
  });
}

TEST(ByteStream, AfterAHalfCloseTheOtherDirectionGoesOn) {
  run_both([](Streams& streams) -> asio::awaitable<void> {
    error_code end;
    co_await write_and_end(streams.client, "question");
    const std::string asked = co_await read_all(streams.server, kPiece, end);
    EXPECT_EQ(asked, "question");
    EXPECT_EQ(end, asio::error::eof);
    end = {};
    co_await write_and_end(streams.server, "answer");
    const std::string answered = co_await read_all(streams.client, kPiece, end);
    EXPECT_EQ(answered, "answer");
    EXPECT_EQ(end, asio::error::eof);
  });
}

TEST(ByteStream, CloseWhileReadingEndsTheRead) {
  run_both([](Streams& streams) -> asio::awaitable<void> {
    std::string got;
    error_code end;
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("read", keep_all(streams.server, kPiece, got, end));
    co_await asio::post(asio::use_awaitable);
    streams.server.close();
    co_await group.wait();
    EXPECT_EQ(end, asio::error::operation_aborted);
    EXPECT_TRUE(runtime::expected_end(end));
  });
}

TEST(ByteStream, DestroyingTheStreamUnderAReadIsSafe) {
  run_both([](Streams& streams) -> asio::awaitable<void> {
    std::string got;
    error_code end;
    auto doomed = std::make_unique<ByteStream>(std::move(streams.server));
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("read", keep_all(*doomed, kPiece, got, end));
    co_await write_all(streams.client, "ready");
    while (got.empty() && !end) {
      co_await asio::post(asio::use_awaitable);
      if (doomed) doomed->close();
      doomed.reset();
      break;
    }
    co_await group.wait();
    EXPECT_TRUE(end);
  });
}

TEST(ByteStream, WritingToAPeerThatIsGoneIsAnExpectedEndAndNoSignal) {
  run_both([](Streams& streams) -> asio::awaitable<void> {
    streams.server.close();
    error_code error;
    const std::string data(kPiece, 'x');
    for (int i = 0; i < 1000 && !error; ++i) {
      const auto buffer = asio::buffer(data);
      co_await streams.client.async_write_some(buffer, asio::redirect_error(asio::use_awaitable, error));
    }
    EXPECT_TRUE(runtime::expected_end(error)) << error.message();
  });
}

TEST(ByteStream, WhatWasReadTooMuchIsReadFirst) {
  run_both([](Streams& streams) -> asio::awaitable<void> {
    error_code end;
    streams.server.prepend("early ");
    co_await write_and_end(streams.client, "late");
    const std::string got = co_await read_all(streams.server, 4, end);
    EXPECT_EQ(got, "early late");
  });
}

TEST(ByteStream, EmptyBuffersCompleteAtOnce) {
  run_both([](Streams& streams) -> asio::awaitable<void> {
    const std::size_t written =
        co_await streams.client.async_write_some(asio::const_buffer(), asio::use_awaitable);
    const std::size_t read =
        co_await streams.client.async_read_some(asio::mutable_buffer(), asio::use_awaitable);
    EXPECT_EQ(written + read, 0U);
  });
}

TEST(ByteStream, AnEndWithoutCloseNotifyIsTruncation) {
  run_tls([](Streams& streams) -> asio::awaitable<void> {
    error_code end;
    co_await write_all(streams.client, "half a message");
    streams.client.next_layer().shutdown(asio::socket_base::shutdown_send);
    const std::string got = co_await read_all(streams.server, kPiece, end);
    EXPECT_EQ(got, "half a message");
    EXPECT_EQ(end, make_error_code(asio::ssl::error::stream_truncated));
    EXPECT_TRUE(runtime::expected_end(end));
  });
}

TEST(ByteStream, BytesThatAreNotTlsEndTheStreamWithAnError) {
  run_tls([](Streams& streams) -> asio::awaitable<void> {
    error_code end;
    asio::write(streams.client.next_layer(), asio::buffer("GET / HTTP/1.1\r\n\r\n"));
    const std::string got = co_await read_all(streams.server, kPiece, end);
    EXPECT_EQ(got, "");
    EXPECT_EQ(end.category(), asio::error::get_ssl_category());
    const auto buffer = asio::buffer(std::string_view("x"));
    error_code broken;
    co_await streams.server.async_write_some(buffer, asio::redirect_error(asio::use_awaitable, broken));
    EXPECT_TRUE(broken);
  });
}

TEST(ByteStream, TheServerKnowsTheAgentByItsCertificate) {
  run_tls([](Streams& streams) -> asio::awaitable<void> {
    const auto identity = certs::agent_identity(streams.server.peer_certificate());
    EXPECT_TRUE(identity);
    EXPECT_EQ(identity ? identity->agent.str() : "", testing::tls_settings().agent);
    EXPECT_FALSE(streams.client.peer_certificate().empty());
    EXPECT_TRUE(streams.server.is_tls());
    EXPECT_EQ(streams.server.remote_address(), "127.0.0.1");
    co_return;
  });
}

TEST(ByteStream, APlainStreamHasNoCertificateAndShakesNoHands) {
  testing::run_plain([](Streams& streams) -> asio::awaitable<void> {
    co_await streams.client.handshake();
    EXPECT_FALSE(streams.client.is_tls());
    EXPECT_EQ(streams.client.peer_certificate(), "");
  });
}

// Handshakes with settings that do not fit; answers what the client was told.
std::string refusal(const SslContext& client, std::string_view server_name) {
  asio::io_context context;
  auto sockets = testing::connected_sockets(context.get_executor());
  Streams streams{ByteStream::tls_client(std::move(sockets.client), client, server_name),
                  ByteStream::tls_server(std::move(sockets.server), testing::tls_settings().server)};
  std::string told;
  auto scene = [&]() -> asio::awaitable<void> {
    try {
      co_await testing::shake_hands(streams);
      error_code end;
      co_await read_all(streams.client, kPiece,
                        end);  // TLS 1.3: the server refuses after the client was done
      told = end.message();
    } catch (const boost::system::system_error& error) {
      told = error.what();
    }
  };
  testing::run_bounded(context, scene());
  return told;
}

TEST(ByteStream, AServerOfAnotherNameIsRefused) {
  const std::string told = refusal(testing::tls_settings().client, "other.runbook.internal");
  EXPECT_NE(told.find("mismatch"), std::string::npos) << told;
}

TEST(ByteStream, AServerOfAnotherAddressIsRefused) {
  const std::string told = refusal(testing::tls_settings().client, "192.0.2.1");
  EXPECT_NE(told.find("mismatch"), std::string::npos) << told;
}

TEST(ByteStream, AnAgentOfAnotherFleetIsRefused) {
  const std::string told = refusal(testing::tls_settings().client_of_another_fleet, certs::kControllerName);
  EXPECT_NE(told.find("unknown ca"), std::string::npos) << told;
}

TEST(ByteStream, AHandshakeWithSilenceCanBeCancelled) {
  asio::io_context context;
  auto streams = testing::tls_streams(context.get_executor());
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("handshake", streams.server.handshake());
    co_await asio::post(asio::use_awaitable);
    co_await group.stop();
    EXPECT_EQ(group.size(), 0U);
  };
  testing::run_bounded(context, scene());
}

}  // namespace
}  // namespace runbook::transport
