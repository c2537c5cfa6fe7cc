// TimedStream: a connection's ByteStream with a deadline on every wait. One timer serves all of them: it is
// armed lazily, so a busy connection does not touch it. When a deadline passes the pending operation is
// cancelled; the stream is then good for closing only. Used on its connection's executor only.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/transport/byte_stream.hpp"

namespace runbook::http {

class TimedStream {
 public:
  using Clock = std::chrono::steady_clock;

  explicit TimedStream(transport::ByteStream stream);
  TimedStream(const TimedStream&) = delete;
  TimedStream& operator=(const TimedStream&) = delete;
  ~TimedStream();

  // False when the peer was refused or too slow.
  boost::asio::awaitable<bool> handshake(Clock::time_point deadline);

  enum class ReadEnd { kData, kEnded, kTimedOut };
  // Appends at most `most` bytes that arrived. kEnded: the peer ended its side, or the connection broke.
  boost::asio::awaitable<ReadEnd> read(std::string& into, std::size_t most, Clock::time_point deadline);

  // Writes all of it; false when the connection broke, nothing could be sent for `stall`, or the peer took
  // less than 1 KiB/s of it.
  boost::asio::awaitable<bool> write(std::string_view data, Clock::duration stall);

  // Waits until something can be read, without reading: safe to cancel.
  boost::asio::awaitable<void> wait_readable();

  // Ends the sending side, then reads and drops what still comes: closing with unread input would reset the
  // connection and destroy the answer on its way.
  boost::asio::awaitable<void> linger(std::size_t most, Clock::time_point deadline);

  void abort() noexcept;            // closes now; a pending operation ends
  void reset() noexcept;            // the same, and what the kernel holds for the peer is dropped
  transport::ByteStream release();  // gives the stream away; nothing else may be called then
  transport::ByteStream& stream() { return stream_; }

 private:
  struct Watch;
  enum Side : std::size_t { kRead, kWrite };  // a read and a write may wait at the same time
  void arm(Side side, Clock::time_point deadline);
  bool disarm(Side side);  // true when its deadline had passed

  transport::ByteStream stream_;
  std::shared_ptr<Watch> watch_;
};

}  // namespace runbook::http
