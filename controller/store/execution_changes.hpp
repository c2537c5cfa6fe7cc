// What one transition of an execution changes, as it is stored: made from a state and the changes a plan or a
// control noted in it, without copying what stays. Pure, but for store_changes().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/domain/execution/execution_state.hpp"

namespace runbook::store {

// One numbered event: what is shown anew. Its data is made when it is published.
struct ChangeEvent {
  enum class Kind { kExecution, kStep, kHost };
  Kind kind = Kind::kExecution;
  domain::AttemptPlace place = {};
};

// The execution first while it goes on, last when it ends; each step before its hosts.
std::vector<ChangeEvent> events_of(const domain::ExecutionState& state, const domain::Changes& changes);

// Rows are compared with their old states. JSON travels as text, empty for null.
struct ExecutionChanges {
  struct Step {
    Uuid id;
    domain::StepStatus was;
    domain::StepStatus status;
    std::optional<domain::SkipCause> skip_cause;
    std::string reason;
    std::optional<int> exit_code;
    std::string note;
    std::optional<Uuid> completed_by;
    std::optional<Time> start_time;
    std::optional<Time> end_time;
    std::optional<Time> due;
    bool repeatable = false;
    std::string approval;
    std::string tries;
    std::string frozen;
    std::string result;
  };
  struct NewStep {
    Step step;
    Uuid block;
    std::string slug;
    std::string name;
    std::string type;
    int order = 0;
    int attempt = 1;
  };
  struct Attempt {
    Uuid id;
    AttemptStatus was;
    AttemptStatus status;
    std::optional<Uuid> incarnation;
    std::string reason;
    std::optional<Time> dispatched_at;
    std::optional<Time> end_time;
  };
  struct NewAttempt {
    Attempt attempt;
    Uuid step;
    Uuid agent;
    std::string host;
    int host_index = 0;
    int number = 1;
    std::string labels;
  };
  Uuid execution;
  domain::ExecutionStatus was = domain::ExecutionStatus::kPending;
  domain::ExecutionStatus status = domain::ExecutionStatus::kPending;
  std::optional<Time> start_time;
  std::optional<Time> end_time;
  std::optional<Time> stop_requested_at;
  std::optional<Uuid> stop_requested_by;
  std::int64_t events = 0;  // how many numbers to take
  std::vector<Step> steps;
  std::vector<NewStep> new_steps;
  std::vector<Attempt> attempts;
  std::vector<NewAttempt> new_attempts;
};

ExecutionChanges changes_of(const domain::ExecutionState& state, const domain::Changes& changes,
                            std::size_t events);

// Steps as a submission made them: all rows are new.
ExecutionChanges changes_of_new(const domain::ExecutionState& state);

}  // namespace runbook::store
