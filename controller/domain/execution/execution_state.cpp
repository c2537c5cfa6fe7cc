#include "controller/domain/execution/execution_state.hpp"

#include <algorithm>

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

// By position and without a map: of ten thousand hosts this is asked several times a decision.
std::vector<std::size_t> current_attempts(const StepState& step) {
  constexpr auto kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> current;
  current.reserve(step.attempts.size());
  for (std::size_t i = 0; i < step.attempts.size(); ++i) {
    const auto& attempt = step.attempts[i];
    const auto host = static_cast<std::size_t>(std::max(0, attempt.host_index));
    if (host >= current.size()) current.resize(host + 1, kNone);
    if (current[host] == kNone || attempt.number > step.attempts[current[host]].number) current[host] = i;
  }
  std::erase(current, kNone);
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

bool Changes::any() const {
  return execution_was || !steps_were.empty() || !new_steps.empty() || !attempts_were.empty() ||
         !new_attempts.empty();
}

}  // namespace runbook::domain
