// OutputWindow: the output of one attempt from when it was read until the controller has committed it. Knows
// what is produced, sent and acknowledged per stream; gives frames in the order read. Pure: no I/O, no clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages/frame.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::connection {

class OutputWindow {
 public:
  // Every piece that is kept costs this beside its bytes, so that a window of tiny pieces is bounded as well.
  static constexpr std::size_t kPieceOverhead = 64;

  void append(Stream stream, std::string_view data);

  // The next frame that was not sent on this connection, nothing when all were.
  std::optional<std::string> next_frame(const Uuid& attempt);
  bool all_sent() const { return unsent_ == pieces_.size(); }

  // Everything before `offset` is committed and need not be kept. False, and nothing happens, when that much
  // was not sent on this connection.
  bool acknowledge(Stream stream, std::uint64_t offset);

  // A new connection: the controller has everything before these offsets and gets the rest again. False when
  // it wants bytes that were acknowledged and are gone, or has more than was produced; what there is, is
  // sent.
  bool resume(std::uint64_t stdout_offset, std::uint64_t stderr_offset);

  std::uint64_t produced(Stream stream) const { return of(stream).produced; }
  // What is kept: unacknowledged bytes and kPieceOverhead for each piece.
  std::size_t held() const { return held_; }

 private:
  struct Piece {
    Stream stream = Stream::kStdout;
    std::uint64_t offset = 0;
    std::string data;
    std::uint64_t end() const { return offset + data.size(); }
  };
  struct Counters {
    std::uint64_t produced = 0;
    std::uint64_t sent = 0;  // on this connection
    std::uint64_t acked = 0;
  };

  Counters& of(Stream stream) { return counters_[stream == Stream::kStdout ? 0 : 1]; }
  const Counters& of(Stream stream) const { return counters_[stream == Stream::kStdout ? 0 : 1]; }
  bool rewind(Stream stream, std::uint64_t offset);
  void drop_acknowledged();
  void join_sent();

  std::array<Counters, 2> counters_;
  std::deque<Piece> pieces_;  // in the order read
  std::size_t unsent_ = 0;    // index of the first piece not sent on this connection
  std::size_t held_ = 0;
};

// How much one attempt may keep when `open` attempts share the agent's window: all of
// limits::kAttemptInFlightBytes for a few, an equal part of limits::kAgentInFlightBytes for many, so that a
// noisy one cannot starve the others.
std::size_t window_share(std::size_t open);

}  // namespace runbook::connection
