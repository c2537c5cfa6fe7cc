#include "agent/connection/output_window.hpp"

#include <algorithm>
#include <utility>

#include "protocol/messages/limits.hpp"

namespace runbook::connection {

void OutputWindow::append(Stream stream, std::string_view data) {
  held_ += data.size();
  while (!data.empty()) {
    const bool grows = !all_sent() && pieces_.back().stream == stream &&
                       pieces_.back().data.size() < limits::kFrameDataBytes;
    if (!grows) {
      pieces_.push_back({stream, of(stream).produced, {}});
      held_ += kPieceOverhead;
    }
    std::string& last = pieces_.back().data;
    const auto part = data.substr(0, limits::kFrameDataBytes - last.size());
    last += part;
    of(stream).produced += part.size();
    data.remove_prefix(part.size());
  }
}

std::optional<std::string> OutputWindow::next_frame(const Uuid& attempt) {
  if (all_sent()) return std::nullopt;
  const Piece& piece = pieces_[unsent_];
  auto frame = encode_frame(attempt, piece.stream, piece.offset, piece.data);
  of(piece.stream).sent = piece.end();
  ++unsent_;
  join_sent();
  return frame;
}

// Two small pieces that were sent become one: should they be sent again, their border does not matter.
void OutputWindow::join_sent() {
  if (unsent_ < 2) return;
  Piece& before = pieces_[unsent_ - 2];
  const Piece& last = pieces_[unsent_ - 1];
  if (before.stream != last.stream || before.data.size() + last.data.size() > limits::kFrameDataBytes) return;
  before.data += last.data;
  pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(--unsent_));
  held_ -= kPieceOverhead;
}

bool OutputWindow::acknowledge(Stream stream, std::uint64_t offset) {
  Counters& counters = of(stream);
  if (offset > counters.sent) return false;
  counters.acked = std::max(counters.acked, offset);
  drop_acknowledged();
  return true;
}

void OutputWindow::drop_acknowledged() {
  std::size_t kept = 0;
  std::size_t kept_sent = 0;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    Piece& piece = pieces_[i];
    if (piece.end() <= of(piece.stream).acked) {
      held_ -= piece.data.size() + kPieceOverhead;
      continue;
    }
    if (i < unsent_) ++kept_sent;
    if (kept != i) pieces_[kept] = std::move(piece);
    ++kept;
  }
  pieces_.resize(kept);
  unsent_ = kept_sent;
}

bool OutputWindow::rewind(Stream stream, std::uint64_t offset) {
  Counters& counters = of(stream);
  const bool possible = offset >= counters.acked && offset <= counters.produced;
  counters.acked = std::clamp(offset, counters.acked, counters.produced);
  counters.sent = counters.acked;
  return possible;
}

bool OutputWindow::resume(std::uint64_t stdout_offset, std::uint64_t stderr_offset) {
  const bool out = rewind(Stream::kStdout, stdout_offset);
  const bool err = rewind(Stream::kStderr, stderr_offset);
  drop_acknowledged();
  for (Piece& piece : pieces_) {
    const std::uint64_t acked = of(piece.stream).acked;
    if (piece.offset >= acked) continue;
    const auto known = static_cast<std::size_t>(acked - piece.offset);
    piece.data.erase(0, known);
    piece.offset = acked;
    held_ -= known;
  }
  unsent_ = 0;
  return out && err;
}

std::size_t window_share(std::size_t open) {
  return std::min(limits::kAttemptInFlightBytes,
                  limits::kAgentInFlightBytes / std::max<std::size_t>(open, 1));
}

}  // namespace runbook::connection
