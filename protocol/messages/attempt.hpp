// The life of one attempt: one try of one command on one host. Pure.
//
//   queued ──▶ dispatched ──▶ running ──▶ success | error | timed_out | stopped
//     │            │             │
//     │            ├─────────────┴──────▶ unknown ──▶ success | error | timed_out | stopped   (late)
//     └────────────┴──▶ not_started
//
// `unreachable` is shown for dispatched and running attempts whose agent is not connected; never stored.
#pragma once

#include <optional>
#include <string_view>

namespace runbook {

enum class AttemptStatus {
  kQueued,
  kDispatched,
  kRunning,
  kSuccess,
  kError,
  kTimedOut,
  kStopped,
  kNotStarted,
  kUnknown,
};

// The words of CONTRACT §2 and of the database's CHECK constraint.
std::string_view to_string(AttemptStatus status);
std::optional<AttemptStatus> attempt_status(std::string_view word);

// success, error, timed_out, stopped, not_started; `unknown` too, although a late result may resolve it.
bool is_terminal(AttemptStatus status);

enum class AttemptEvent {
  kDispatched,  // the row was committed and `run` may be sent
  kStarted,     // the agent released the command to exec
  kSucceeded,   // exit code 0
  kFailed,      // other exit code, or a signal nobody asked for
  kTimedOut,    // ended because its time was over
  kStopped,     // ended because a stop was asked for
  kNotStarted,  // proven never to have run
  kLost,        // nobody can say any more
};

// The state after `event`, or nothing when the event is not allowed in `status` (a duplicate or a late echo).
std::optional<AttemptStatus> next(AttemptStatus status, AttemptEvent event);

}  // namespace runbook
