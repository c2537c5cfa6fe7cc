// Steps that wait for people or for the clock: approvals, instructions, timers.
#include <fmt/format.h>

#include "controller/domain/execution/turn.hpp"

namespace runbook::domain {

bool is_given(const ApprovalState& approval) {
  return approval.given.size() >= static_cast<std::size_t>(approval.required);
}

void await_approval(Turn& turn, std::size_t index) {
  auto& step = turn.step(index);
  if (!step.approval) return;  // nothing says when it would be too late; a person can skip it
  if (is_given(*step.approval)) {
    if (!turn.paused) turn.change.set(index, StepStatus::kRunning);
    return;
  }
  if (turn.now < step.approval->expires_at) return turn.wake(step.approval->expires_at);
  const auto& wanted = std::get<CommandConfig>(step.block.config).approval;
  auto reason = wanted ? fmt::format("nobody approved it within {} s", wanted->expires.count())
                       : std::string("nobody approved it in time");
  turn.change.finish(index, {StepStatus::kStopped, std::move(reason), std::nullopt});
  turn.change.end(ExecutionStatus::kStopped, SkipCause::kStop, "an approval was not given in time");
}

void begin_instruction(Turn& turn, std::size_t index, const Prepared& /*prepared*/) {
  const auto& config = std::get<InstructionConfig>(turn.step(index).block.config);
  turn.change.start(index, StepStatus::kAwaitingInput);
  if (!config.acknowledge) turn.change.finish(index, {});
}

void begin_timer(Turn& turn, std::size_t index, const Prepared& prepared) {
  auto& step = turn.step(index);
  turn.change.start(index, StepStatus::kRunning);
  const auto& config = std::get<TimerConfig>(step.block.config);
  step.due = prepared.due;
  if (!step.due) step.due = config.duration ? turn.now + *config.duration : config.until.value_or(turn.now);
}

void carry_on_timer(Turn& turn, std::size_t index) {
  const auto due = turn.step(index).due.value_or(turn.now);
  if (turn.now < due) return turn.wake(due);
  turn.change.finish(index, {});
}

}  // namespace runbook::domain
