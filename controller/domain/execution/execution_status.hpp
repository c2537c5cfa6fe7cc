// The states of executions and steps: the words of CONTRACT §2 and of the database's CHECK constraints. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace runbook::domain {

enum class ExecutionStatus {
  kPending,
  kRunning,
  kAwaitingApproval,
  kAwaitingInput,
  kPaused,
  kCompleted,
  kFailed,
  kStopped
};
enum class StepStatus {
  kPending,
  kAwaitingApproval,
  kAwaitingInput,
  kRunning,
  kSuccess,
  kError,
  kSkipped,
  kStopped,
  kUnknown
};

// Why a step was skipped: the step range, its own `when`, a jump or end of a condition, a person, an earlier
// failure, a stop. Only what a failure skipped runs after all when the failed step is retried.
enum class SkipCause { kRange, kWhen, kJump, kPerson, kFailure, kStop };

std::string_view to_string(ExecutionStatus status);
std::string_view to_string(StepStatus status);
std::string_view to_string(SkipCause cause);
std::optional<ExecutionStatus> execution_status(std::string_view word);
std::optional<StepStatus> step_status(std::string_view word);
std::optional<SkipCause> skip_cause(std::string_view word);
bool is_terminal(ExecutionStatus status);
bool is_terminal(StepStatus status);

}  // namespace runbook::domain
