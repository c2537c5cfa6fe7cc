// One change of an execution in the making: every assignment goes through here, so that what is stored so far
// is noted once for the compare-and-set. Lives for one decision.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "controller/domain/execution/execution_plan.hpp"

namespace runbook::domain {

class Transition {
 public:
  Transition(ExecutionState& state, Changes& changes, Time now);

  const ExecutionState& state() const { return state_; }
  Time now() const { return now_; }

  void set(ExecutionStatus status);
  void set(std::size_t step, StepStatus status);
  void set(AttemptPlace place, AttemptStatus status);
  void touch();                        // the execution's fields change, its status does not
  StepState& touch(std::size_t step);  // the same of a step

  void start(std::size_t step, StepStatus status);
  // Ends a step; what is queued in it never starts.
  void finish(std::size_t step, StepResult result);
  void skip(std::size_t step, SkipCause cause, std::string reason);
  void end_attempt(AttemptPlace place, AttemptStatus status, std::string_view reason);
  // Ends the execution; steps still pending are skipped.
  void end(ExecutionStatus status, SkipCause cause, std::string_view reason);

  std::size_t add_step(StepState step);  // its attempts are new too
  AttemptPlace add_attempt(std::size_t step, AttemptState attempt);

 private:
  ExecutionState& state_;
  Changes& changes_;
  Time now_;
  std::set<std::pair<std::size_t, std::size_t>> noted_;  // attempts that stand in `changes` already
};

// Whether an attempt may have begun on its host and has not ended.
bool is_active(AttemptStatus status);

}  // namespace runbook::domain
