// Conditions: decided once, when their turn comes; they lead forward only.
#include <limits>

#include "controller/domain/execution/turn.hpp"

namespace runbook::domain {
namespace {

const Branch& branch_of(const ConditionConfig& config, bool value) {
  return value ? config.then : config.otherwise;
}

// The order of the block with this slug, after `order`.
std::optional<int> order_of(const ExecutionState& state, const std::string& slug, int order) {
  for (const auto& step : state.steps) {
    if (step.block.slug == slug && step.block.order > order) return step.block.order;
  }
  return std::nullopt;
}

void jump(Turn& turn, int from, int to, std::string_view reason) {
  for (const auto index : current_steps(turn.state)) {
    const auto& step = turn.step(index);
    if (step.block.order <= from || step.block.order >= to || step.status != StepStatus::kPending) continue;
    turn.change.skip(index, SkipCause::kJump, std::string(reason));
  }
}

}  // namespace

void decide_condition(Turn& turn, std::size_t index, const Prepared& prepared) {
  auto& step = turn.step(index);
  const auto& config = std::get<ConditionConfig>(step.block.config);
  turn.change.start(index, StepStatus::kRunning);
  if (!prepared.condition)
    return turn.change.finish(index, {StepStatus::kError, "its expression has no value", std::nullopt});
  step.frozen["value"] = *prepared.condition;
  const auto& branch = branch_of(config, *prepared.condition);
  const int order = step.block.order;
  if (branch.kind == Branch::Kind::kFail)
    return turn.change.finish(index, {StepStatus::kError, "the condition says so", std::nullopt});
  if (branch.kind == Branch::Kind::kGoto) {
    const auto target = order_of(turn.state, branch.slug, order);
    if (!target)
      return turn.change.finish(
          index, {StepStatus::kError, "no later block is called " + branch.slug, std::nullopt});
    jump(turn, order, *target, "a condition led past it");
  }
  if (branch.kind == Branch::Kind::kEnd)
    jump(turn, order, std::numeric_limits<int>::max(), "a condition ended the runbook");
  turn.change.finish(index, {});
}

bool says_fail(const StepState& step) {
  const auto* config = std::get_if<ConditionConfig>(&step.block.config);
  const auto* value = config ? step.frozen.if_contains("value") : nullptr;
  return value && value->is_bool() && branch_of(*config, value->as_bool()).kind == Branch::Kind::kFail;
}

}  // namespace runbook::domain
