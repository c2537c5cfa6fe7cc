#include "protocol/transport/websocket_channel.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/transport/websocket_impl.hpp"

namespace runbook::transport {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

constexpr std::size_t kCloseReasonBytes = 123;  // RFC 6455 §5.5: 125 without the code
constexpr std::chrono::milliseconds kCutOffTime{250};
constexpr std::size_t kFirstPiece = 128;
constexpr std::size_t kGrowth = 64 * 1024;

std::string cut_reason(std::string_view reason) {
  const std::string text = to_utf8(reason);
  std::size_t kept = 0;
  for (std::size_t length = 1; length > 0 && kept + length <= kCloseReasonBytes; kept += length) {
    length = utf8_length(std::string_view(text).substr(kept));
    if (kept + length > kCloseReasonBytes) break;
  }
  return text.substr(0, kept);
}

std::string say(const error_code& error, const websocket::close_reason& peer) {
  if (error == websocket::error::closed) {
    return fmt::format("closed by the peer ({} {})", static_cast<unsigned>(peer.code),
                       std::string_view(peer.reason.data(), peer.reason.size()));
  }
  if (error == websocket::error::message_too_big) return "a message of the peer was too big";
  if (error == asio::error::operation_aborted) return "closed here";
  return error.message();
}

// Ends the connection however the writer ends: by an error, by the closing handshake, by cancellation.
template <class Impl>
struct EndAtExit {
  std::shared_ptr<Impl> impl;
  explicit EndAtExit(std::shared_ptr<Impl> held) : impl(std::move(held)) {}
  EndAtExit(const EndAtExit&) = delete;
  EndAtExit& operator=(const EndAtExit&) = delete;
  ~EndAtExit() { impl->end("closed here"); }
};

}  // namespace

WebSocketChannel::Impl::Impl(WebSocketStream opened)
    : stream(std::move(opened)),
      remote_address(stream.next_layer().remote_address()),
      wake(stream.get_executor(), Clock::time_point::max()),
      room(stream.get_executor(), Clock::time_point::max()),
      tick_(stream.get_executor()),
      next_ping_(Clock::now() + times_.ping_interval) {}

void WebSocketChannel::Impl::start() {
  stream.control_callback([this](websocket::frame_type kind, boost::beast::string_view) {
    if (kind == websocket::frame_type::close) expect_end();
  });
  schedule_tick();
}

void WebSocketChannel::Impl::set_times(const Times& times) {
  times_ = times;
  next_ping_ = Clock::now() + times_.ping_interval;
  if (!ended) schedule_tick();
}

void WebSocketChannel::Impl::schedule_tick() {
  auto at = stream.next_layer().last_received() + times_.peer_dead_after;
  at = std::min(at, next_ping_);
  if (close_by_) at = std::min(at, *close_by_);
  tick_.expires_at(at);
  tick_.async_wait([weak = weak_from_this()](const error_code& error) {
    if (error) return;
    if (const auto self = weak.lock()) self->on_tick();
  });
}

void WebSocketChannel::Impl::on_tick() {
  if (ended) return;
  const auto now = Clock::now();
  const auto silent_for = now - stream.next_layer().last_received();
  if (silent_for >= times_.peer_dead_after) return end("silent");
  if (close_by_ && now >= *close_by_) return end("the closing handshake took too long");
  if (now >= next_ping_) {
    next_ping_ = now + times_.ping_interval;
    // A peer that was heard a moment ago (its own ping, output) needs none.
    ping_due = silent_for >= times_.ping_interval / 2;
    if (ping_due) wake.cancel();
  }
  schedule_tick();
}

void WebSocketChannel::Impl::expect_end() {
  closing = true;
  if (close_by_) return;
  close_by_ = Clock::now() + times_.close;
  schedule_tick();
}

bool WebSocketChannel::Impl::push(WebSocketMessage message) {
  if (ended || closing) return false;
  const std::size_t bytes = message.data.size() + kMessageOverhead;
  if (outbox_bytes + bytes > limits::kOutboxBytes) {
    outbox.clear();
    outbox_bytes = 0;
    begin_close(CloseCode::kTryAgainLater, "too slow: the outbox is full");
    return false;
  }
  outbox_bytes += bytes;
  outbox.push_back(std::move(message));
  wake.cancel();
  return true;
}

void WebSocketChannel::Impl::begin_close(CloseCode code, std::string_view reason) {
  if (ended || closing) return;
  close_code = static_cast<std::uint16_t>(code);
  close_reason = cut_reason(reason);
  expect_end();
  wake.cancel();
}

void WebSocketChannel::Impl::cut_off(CloseCode code, std::string_view reason) {
  if (ended) return;
  outbox.clear();
  outbox_bytes = 0;
  begin_close(code, reason);
  const auto soon = Clock::now() + kCutOffTime;
  close_by_ = close_by_ ? std::min(*close_by_, soon) : soon;
  schedule_tick();
}

void WebSocketChannel::Impl::end(std::string_view reason) {
  if (!ended) end_reason = reason;
  ended = true;
  outbox.clear();
  outbox_bytes = 0;
  stream.next_layer().close();
  tick_.cancel();
  wake.cancel();
  room.cancel();
}

void WebSocketChannel::Impl::end(const error_code& error) { end(say(error, stream.reason())); }

asio::awaitable<void> WebSocketChannel::Impl::read_message(WebSocketMessage& message, error_code& error) {
  // An idle connection waits with this small buffer; only a message that came gets a large one.
  std::array<char, kFirstPiece> first;
  const auto first_buffer = asio::buffer(first);
  std::size_t filled =
      co_await stream.async_read_some(first_buffer, asio::redirect_error(asio::use_awaitable, error));
  message.data.assign(first.data(), filled);
  while (!error && !stream.is_message_done()) {
    if (filled == message.data.size()) {
      const std::size_t rest = std::min(stream.read_size_hint(kGrowth), kGrowth);
      message.data.resize(filled + rest);
    }
    const auto buffer = asio::buffer(message.data) + filled;
    filled += co_await stream.async_read_some(buffer, asio::redirect_error(asio::use_awaitable, error));
  }
  message.data.resize(filled);
  message.binary = !error && stream.got_binary();
}

asio::awaitable<void> WebSocketChannel::Impl::write_front(error_code& error) {
  const WebSocketMessage message = std::move(outbox.front());
  outbox.pop_front();
  stream.binary(message.binary);
  const auto buffer = asio::buffer(message.data);
  co_await stream.async_write(buffer, asio::redirect_error(asio::use_awaitable, error));
  const std::size_t bytes = message.data.size() + kMessageOverhead;
  outbox_bytes -= std::min(bytes, outbox_bytes);
  room.cancel();
}

asio::awaitable<void> WebSocketChannel::Impl::send_ping(error_code& error) {
  ping_due = false;
  const websocket::ping_data nothing;
  co_await stream.async_ping(nothing, asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<void> WebSocketChannel::Impl::send_close(error_code& error) {
  websocket::close_reason reason;
  reason.code = close_code;
  reason.reason.assign(close_reason.begin(), close_reason.end());
  co_await stream.async_close(reason, asio::redirect_error(asio::use_awaitable, error));
}

WebSocketChannel::WebSocketChannel(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) { impl_->start(); }

WebSocketChannel::WebSocketChannel(WebSocketChannel&&) noexcept = default;

WebSocketChannel& WebSocketChannel::operator=(WebSocketChannel&& other) noexcept {
  if (this != &other) {
    if (impl_) impl_->end("closed here");
    impl_ = std::move(other.impl_);
  }
  return *this;
}

WebSocketChannel::~WebSocketChannel() {
  if (impl_) impl_->end("closed here");
}

asio::awaitable<std::optional<WebSocketMessage>> WebSocketChannel::read() {
  const auto impl = impl_;
  if (impl->ended) co_return std::nullopt;
  WebSocketMessage message;
  error_code error;
  co_await impl->read_message(message, error);
  if (!error) co_return message;
  impl->end(error);
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  if (cancellation.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_return std::nullopt;
}

bool WebSocketChannel::push(WebSocketMessage message) { return impl_->push(std::move(message)); }

std::size_t WebSocketChannel::outbox_bytes() const { return impl_->outbox_bytes; }

asio::awaitable<bool> WebSocketChannel::drained_below(std::size_t bytes) {
  const auto impl = impl_;
  while (!impl->ended && impl->outbox_bytes >= bytes) {
    error_code ignored;
    co_await impl->room.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return !impl->ended;
}

asio::awaitable<void> WebSocketChannel::write_loop() {
  const auto impl = impl_;
  const EndAtExit<Impl> at_exit(impl);
  error_code error;
  while (!impl->ended && !error) {
    if (impl->ping_due) {
      co_await impl->send_ping(error);
    } else if (!impl->outbox.empty()) {
      co_await impl->write_front(error);
    } else if (impl->closing && impl->close_code != 0) {
      co_await impl->send_close(error);
      break;
    } else {
      error_code woken;
      co_await impl->wake.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
  }
  if (error) impl->end(error);
}

void WebSocketChannel::close(CloseCode code, std::string_view reason) { impl_->begin_close(code, reason); }

void WebSocketChannel::cut_off(CloseCode code, std::string_view reason) { impl_->cut_off(code, reason); }

void WebSocketChannel::set_times(const Times& times) { impl_->set_times(times); }

std::string WebSocketChannel::end_reason() const { return impl_->end_reason; }

std::chrono::steady_clock::duration WebSocketChannel::silent_for() const {
  return std::chrono::steady_clock::now() - impl_->stream.next_layer().last_received();
}

std::optional<std::uint16_t> WebSocketChannel::peer_close_code() const {
  const auto code = impl_->stream.reason().code;
  if (code == websocket::close_code::none) return std::nullopt;
  return static_cast<std::uint16_t>(code);
}

std::string WebSocketChannel::remote_address() const { return impl_->remote_address; }

std::string WebSocketChannel::peer_certificate() const {
  return impl_->stream.next_layer().peer_certificate();
}

}  // namespace runbook::transport
