// WebSocketChannel: one WebSocket (RFC 6455) with one reader, one writer and a bounded outbox that anyone on
// its executor may push to. Hides Beast. Pings every limits::kPingInterval; a peer silent for
// limits::kPeerDeadAfter is dead. Not thread-safe: used on its executor only.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages/limits.hpp"
#include "protocol/transport/byte_stream.hpp"

namespace runbook::transport {

struct WebSocketMessage {
  bool binary = false;
  std::string data;
};

enum class CloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kPolicy = 1008,
  kTooBig = 1009,
  kTryAgainLater = 1013,
};

class WebSocketChannel {
 public:
  struct Times {
    std::chrono::steady_clock::duration ping_interval = limits::kPingInterval;
    std::chrono::steady_clock::duration peer_dead_after = limits::kPeerDeadAfter;
    std::chrono::steady_clock::duration close = std::chrono::seconds(5);
  };

  // Client side: opens `path` at `host` with `subprotocol` over a stream whose TLS handshake is done.
  // Throws boost::system::system_error.
  static boost::asio::awaitable<WebSocketChannel> connect(ByteStream stream, std::string host,
                                                          std::string path, std::string subprotocol);
  WebSocketChannel(WebSocketChannel&&) noexcept;
  WebSocketChannel& operator=(WebSocketChannel&&) noexcept;
  ~WebSocketChannel();

  // The next message, or nothing when the connection ended, whatever the reason (see end_reason). Cancelling
  // it closes the connection.
  boost::asio::awaitable<std::optional<WebSocketMessage>> read();

  // Queues a message for write_loop(). False when the outbox would go over `limits::kOutboxBytes`: what was
  // queued is dropped and the connection closes with kTryAgainLater. Also false when it is closing or ended.
  bool push(WebSocketMessage message);

  // Bytes queued and not yet handed to the kernel, with kMessageOverhead for each message.
  static constexpr std::size_t kMessageOverhead = 64;
  std::size_t outbox_bytes() const;
  // Returns when the outbox holds fewer than `bytes`, or the connection ended (false).
  boost::asio::awaitable<bool> drained_below(std::size_t bytes);

  // Writes the outbox until the connection ends. Run exactly one, in the owner's task group.
  boost::asio::awaitable<void> write_loop();

  // Starts the closing handshake after what is queued; the reader then ends, at the latest after
  // Times::close. Idempotent, never throws. `reason` is cut at 123 bytes.
  void close(CloseCode code, std::string_view reason);

  // Why the connection ended, for the log: "closed by the peer (1001 going away)", "silent"; empty while
  // open.
  std::string end_reason() const;
  // Since the last byte of the peer, also after the connection ended.
  std::chrono::steady_clock::duration silent_for() const;
  // The code of the peer's close frame, once there was one.
  std::optional<std::uint16_t> peer_close_code() const;

  // As close(), but at once: what is queued is dropped, and the peer has a quarter of a second to answer.
  void cut_off(CloseCode code, std::string_view reason);

  void set_times(const Times& times);  // for tests and impatient owners

  std::string subprotocol() const;
  std::string remote_address() const;
  std::string peer_certificate() const;  // DER, empty without one

 private:
  struct Impl;
  friend struct WebSocketOpening;  // makes channels of accepted and connected streams
  explicit WebSocketChannel(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;  // shared with the operations under way
};

}  // namespace runbook::transport
