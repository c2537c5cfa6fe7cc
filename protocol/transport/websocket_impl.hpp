// The inside of WebSocketChannel: the Beast stream, the outbox and one timer for pings, silence and closing.
// Includes Beast's WebSocket: only for this folder's .cpp files.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "protocol/transport/byte_stream.hpp"
#include "protocol/transport/byte_stream_teardown.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::transport {

using WebSocketStream = boost::beast::websocket::stream<ByteStream, false>;  // no permessage-deflate

struct WebSocketChannel::Impl : std::enable_shared_from_this<Impl> {
  using Clock = std::chrono::steady_clock;

  explicit Impl(WebSocketStream opened);

  // Call once, when a shared pointer holds it: starts the timer and watches for the peer's close frame.
  void start();
  void set_times(const Times& times);

  bool push(WebSocketMessage message);
  void begin_close(CloseCode code, std::string_view reason);
  void cut_off(CloseCode code, std::string_view reason);
  // The connection is over: closes the socket and wakes everyone. The first reason stays.
  void end(std::string_view reason);
  void end(const boost::system::error_code& error);

  // What the reader and the writer do; each leaves its error in `error`.
  boost::asio::awaitable<void> read_message(WebSocketMessage& message, boost::system::error_code& error);
  boost::asio::awaitable<void> write_front(boost::system::error_code& error);
  boost::asio::awaitable<void> send_ping(boost::system::error_code& error);
  boost::asio::awaitable<void> send_close(boost::system::error_code& error);

  WebSocketStream stream;
  std::string remote_address;
  std::string subprotocol;
  std::list<WebSocketMessage> outbox;  // a list, because an empty one costs nothing
  std::size_t outbox_bytes = 0;
  boost::asio::steady_timer wake;  // never expires; cancelled to wake the writer
  boost::asio::steady_timer room;  // the same for those who wait in drained_below
  bool ended = false;
  bool closing = false;  // close() was called or the peer sent its close frame
  bool ping_due = false;
  std::uint16_t close_code = 0;
  std::string close_reason;
  std::string end_reason;

 private:
  void schedule_tick();
  void on_tick();
  void expect_end();  // from now on times_.close is left

  Times times_;
  boost::asio::steady_timer tick_;
  Clock::time_point next_ping_;
  std::optional<Clock::time_point> close_by_;
};

}  // namespace runbook::transport
