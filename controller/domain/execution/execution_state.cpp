#include "controller/domain/execution/execution_state.hpp"

namespace runbook::domain {

std::vector<std::size_t> current_steps(const ExecutionState& state) {
  std::map<int, std::size_t> newest;
  for (std::size_t i = 0; i < state.steps.size(); ++i) {
    const auto [at, first] = newest.try_emplace(state.steps[i].block.order, i);
    if (!first && state.steps[i].attempt > state.steps[at->second].attempt) at->second = i;
  }
  std::vector<std::size_t> current;
  current.reserve(newest.size());
  for (const auto& [order, index] : newest) current.push_back(index);
  return current;
}

std::vector<std::size_t> current_attempts(const StepState& step) {
  std::map<int, std::size_t> newest;
  for (std::size_t i = 0; i < step.attempts.size(); ++i) {
    const auto& attempt = step.attempts[i];
    const auto at = newest.try_emplace(newest.end(), attempt.host_index, i);
    if (attempt.number > step.attempts[at->second].number) at->second = i;
  }
  std::vector<std::size_t> current;
  current.reserve(newest.size());
  for (const auto& [host, index] : newest) current.push_back(index);
  return current;
}

std::vector<AttemptPlace> dispatched_by(const ExecutionState& state, const Changes& changes) {
  std::vector<AttemptPlace> dispatched;
  const auto look = [&state, &dispatched](const AttemptPlace& at) {
    const auto& attempt = state.steps[at.step].attempts[at.attempt];
    if (attempt.status == AttemptStatus::kDispatched) dispatched.push_back(at);
  };
  for (const auto& at : changes.new_attempts) look(at);
  for (const auto& [at, was] : changes.attempts_were) {
    if (was == AttemptStatus::kQueued) look(at);
  }
  return dispatched;
}

}  // namespace runbook::domain
