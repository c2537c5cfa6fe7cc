// One call of advance(): what the parts of the plan share, a part for each kind of step. Lives for that call.
#pragma once

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/domain/execution/transition.hpp"

namespace runbook::domain {

struct Turn {
  ExecutionState& state;
  Plan& plan;
  const World& world;
  Time now;
  bool paused;
  Transition change;

  StepState& step(std::size_t index) { return state.steps[index]; }
  void wake(Time at) {
    if (!plan.wake_at || at < *plan.wake_at) plan.wake_at = at;
  }
};

// Each begins a prepared step of its kind; carry_on_* move one that has begun. What they leave not terminal
// waits for news.
void begin_command(Turn& turn, std::size_t step, const Prepared& prepared);
void carry_on_command(Turn& turn, std::size_t step);
void stop_command(Turn& turn, std::size_t step);

void begin_instruction(Turn& turn, std::size_t step, const Prepared& prepared);
void begin_timer(Turn& turn, std::size_t step, const Prepared& prepared);
void carry_on_timer(Turn& turn, std::size_t step);
// A command that waits for its approvals: begins it when they are complete, ends the execution when they
// came too late.
void await_approval(Turn& turn, std::size_t step);

void begin_request(Turn& turn, std::size_t step, const Prepared& prepared);
void carry_on_request(Turn& turn, std::size_t step);
void stop_request(Turn& turn, std::size_t step);

void decide_condition(Turn& turn, std::size_t step, const Prepared& prepared);
// Whether a condition's end says that the execution fails whatever on_failure says.
bool says_fail(const StepState& step);

}  // namespace runbook::domain
