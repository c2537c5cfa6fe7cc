#include "controller/domain/execution/execution_plan.hpp"

#include <algorithm>

#include "controller/domain/execution/step_result.hpp"
#include "controller/domain/execution/turn.hpp"

namespace runbook::domain {
namespace {

constexpr std::string_view kStoppedReason = "the execution was stopped";

bool ends_execution(const StepState& step) {
  const bool failed = step.status == StepStatus::kError || step.status == StepStatus::kUnknown;
  return failed && (!step.block.continue_on_failure || says_fail(step));
}

template <class Config>
bool is_a(const StepState& step) {
  return std::holds_alternative<Config>(step.block.config);
}

void begin(Turn& turn, std::size_t index) {
  auto& step = turn.step(index);
  if (!step.prepared && is_a<CommandConfig>(step) && step.resolved && !step.frozen.empty()) {
    step.prepared = Prepared{.frozen = step.frozen};  // an automatic repeat: everything is fixed already
  }
  if (!step.prepared) {
    turn.plan.prepare = index;
    return;
  }
  const auto prepared = *std::exchange(step.prepared, std::nullopt);
  if (prepared.error) {
    turn.change.start(index, StepStatus::kError);
    return turn.change.finish(index, {StepStatus::kError, *prepared.error, std::nullopt});
  }
  if (!prepared.applies) return turn.change.skip(index, SkipCause::kWhen, "its condition `when` is false");
  turn.change.touch(index).frozen = prepared.frozen;
  if (is_a<CommandConfig>(step)) return begin_command(turn, index, prepared);
  if (is_a<InstructionConfig>(step)) return begin_instruction(turn, index, prepared);
  if (is_a<ApiConfig>(step)) return begin_request(turn, index, prepared);
  if (is_a<TimerConfig>(step)) return begin_timer(turn, index, prepared);
  decide_condition(turn, index, prepared);
}

void carry_on(Turn& turn, std::size_t index) {
  auto& step = turn.step(index);
  if (step.status == StepStatus::kPending && !turn.paused) begin(turn, index);
  if (step.status == StepStatus::kAwaitingApproval) await_approval(turn, index);
  if (turn.state.steps[index].status != StepStatus::kRunning) return;
  if (is_a<CommandConfig>(turn.step(index))) return carry_on_command(turn, index);
  if (is_a<TimerConfig>(turn.step(index))) return carry_on_timer(turn, index);
  if (is_a<ApiConfig>(turn.step(index))) carry_on_request(turn, index);
}

// What the execution is while this step goes on.
ExecutionStatus status_with(const StepState& step) {
  if (step.status == StepStatus::kAwaitingApproval) return ExecutionStatus::kAwaitingApproval;
  if (step.status == StepStatus::kAwaitingInput) return ExecutionStatus::kAwaitingInput;
  return ExecutionStatus::kRunning;
}

// A command that failed is repeated on the hosts that failed, as often as its block says; what was approved
// and substituted stays. Answers the new row; nothing for a step that could not even be prepared, or where a
// host's result is unknown: it may still run there, and whether to try again is for a person to say.
std::optional<std::size_t> repeat(Turn& turn, std::size_t index) {
  const auto& step = turn.step(index);
  const auto* command = std::get_if<CommandConfig>(&step.block.config);
  if (!command || step.status != StepStatus::kError || step.attempt > command->retries) return std::nullopt;
  if (step.frozen.empty()) return std::nullopt;
  std::vector<std::size_t> failed;
  for (const auto host : current_attempts(step)) {
    if (step.attempts[host].status == AttemptStatus::kUnknown) return std::nullopt;
    if (step.attempts[host].status != AttemptStatus::kSuccess) failed.push_back(host);
  }
  if (failed.empty()) return std::nullopt;
  auto row = repeat_on(step, failed, turn.world.new_id);
  row.frozen = step.frozen;
  row.approval = step.approval;
  return turn.change.add_step(std::move(row));
}

void run_stop(Turn& turn) {
  bool over = true;
  for (const auto index : current_steps(turn.state)) {
    auto& step = turn.step(index);
    if (is_terminal(step.status)) continue;
    if (step.status == StepStatus::kPending) {
      turn.change.skip(index, SkipCause::kStop, std::string(kStoppedReason));
    } else if (step.status == StepStatus::kRunning && is_a<CommandConfig>(step)) {
      stop_command(turn, index);
    } else if (step.status == StepStatus::kRunning && is_a<ApiConfig>(step)) {
      stop_request(turn, index);
    } else {
      turn.change.finish(index, {StepStatus::kStopped, std::string(kStoppedReason), std::nullopt});
    }
    over = over && is_terminal(turn.state.steps[index].status);
  }
  if (over) return turn.change.end(ExecutionStatus::kStopped, SkipCause::kStop, kStoppedReason);
  turn.change.set(ExecutionStatus::kRunning);
}

void end(Turn& turn, const std::vector<std::size_t>& steps) {
  const bool unknown = std::ranges::any_of(
      steps, [&turn](std::size_t index) { return turn.step(index).status == StepStatus::kUnknown; });
  turn.change.end(unknown ? ExecutionStatus::kFailed : ExecutionStatus::kCompleted, SkipCause::kFailure, "");
}

// Through the blocks in order, until one is not over.
void run_steps(Turn& turn) {
  auto steps = current_steps(turn.state);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    bool was_over = is_terminal(turn.step(steps[i]).status);
    while (!was_over) {
      carry_on(turn, steps[i]);
      if (!is_terminal(turn.step(steps[i]).status)) {
        if (!turn.paused && !turn.plan.prepare) turn.change.set(status_with(turn.step(steps[i])));
        return;
      }
      if (is_terminal(turn.state.status)) return;  // nobody approved it
      const auto again = repeat(turn, steps[i]);
      was_over = !again;
      if (again) steps[i] = *again;
    }
    const auto& step = turn.step(steps[i]);
    if (step.status == StepStatus::kStopped)
      return turn.change.end(ExecutionStatus::kStopped, SkipCause::kStop, kStoppedReason);
    if (ends_execution(step))
      return turn.change.end(ExecutionStatus::kFailed, SkipCause::kFailure, "an earlier step failed");
  }
  end(turn, steps);
}

}  // namespace

void advance(ExecutionState& state, Plan& plan, const World& world, Time now) {
  plan.prepare.reset();
  plan.calls.clear();
  plan.stops.clear();
  plan.cancels.clear();
  plan.wake_at.reset();
  if (is_terminal(state.status)) return;
  Turn turn{state, plan, world, now, state.status == ExecutionStatus::kPaused, {state, plan.changes, now}};
  if (state.stop_requested_at) return run_stop(turn);
  if (state.status == ExecutionStatus::kPending) turn.change.set(ExecutionStatus::kRunning);
  if (!state.start_time && !turn.paused) {
    turn.change.touch();
    state.start_time = now;
  }
  run_steps(turn);
}

}  // namespace runbook::domain
