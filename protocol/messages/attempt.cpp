#include "protocol/messages/attempt.hpp"

#include <array>
#include <cstddef>

namespace runbook {
namespace {

constexpr std::array<std::string_view, 9> kWords = {
    "queued", "dispatched", "running", "success", "error", "timed_out", "stopped", "not_started", "unknown"};

std::optional<AttemptStatus> result_of(AttemptEvent event) {
  switch (event) {
    case AttemptEvent::kSucceeded: return AttemptStatus::kSuccess;
    case AttemptEvent::kFailed: return AttemptStatus::kError;
    case AttemptEvent::kTimedOut: return AttemptStatus::kTimedOut;
    case AttemptEvent::kStopped: return AttemptStatus::kStopped;
    default: return std::nullopt;
  }
}

}  // namespace

std::string_view to_string(AttemptStatus status) { return kWords[static_cast<std::size_t>(status)]; }

std::optional<AttemptStatus> attempt_status(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i] == word) return static_cast<AttemptStatus>(i);
  }
  return std::nullopt;
}

bool is_terminal(AttemptStatus status) { return status > AttemptStatus::kRunning; }

std::optional<AttemptStatus> next(AttemptStatus status, AttemptEvent event) {
  switch (status) {
    case AttemptStatus::kQueued:
      if (event == AttemptEvent::kDispatched) return AttemptStatus::kDispatched;
      if (event == AttemptEvent::kNotStarted) return AttemptStatus::kNotStarted;
      return std::nullopt;
    case AttemptStatus::kDispatched:
      if (event == AttemptEvent::kStarted) return AttemptStatus::kRunning;
      if (event == AttemptEvent::kNotStarted) return AttemptStatus::kNotStarted;
      if (event == AttemptEvent::kLost) return AttemptStatus::kUnknown;
      return result_of(event);
    case AttemptStatus::kRunning:
      if (event == AttemptEvent::kLost) return AttemptStatus::kUnknown;
      return result_of(event);
    case AttemptStatus::kUnknown: return result_of(event);
    default: return std::nullopt;
  }
}

}  // namespace runbook
