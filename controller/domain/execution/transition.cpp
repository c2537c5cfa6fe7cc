#include "controller/domain/execution/transition.hpp"

#include <algorithm>

namespace runbook::domain {

Transition::Transition(ExecutionState& state, Changes& changes, Time now)
    : state_(state), changes_(changes), now_(now) {
  changes_.stop_was_requested = state_.stop_requested_at.has_value();
  for (const auto& at : changes_.new_attempts) noted_.emplace(at.step, at.attempt);
  for (const auto& [at, was] : changes_.attempts_were) noted_.emplace(at.step, at.attempt);
}

void Transition::touch() {
  if (!changes_.execution_was) changes_.execution_was = state_.status;
}

void Transition::set(ExecutionStatus status) {
  if (state_.status == status) return;
  touch();
  state_.status = status;
}

StepState& Transition::touch(std::size_t step) {
  const bool is_new = std::ranges::find(changes_.new_steps, step) != changes_.new_steps.end();
  if (!is_new) changes_.steps_were.try_emplace(step, state_.steps[step].status);
  return state_.steps[step];
}

void Transition::set(std::size_t step, StepStatus status) { touch(step).status = status; }

void Transition::set(AttemptPlace place, AttemptStatus status) {
  auto& attempt = state_.steps[place.step].attempts[place.attempt];
  if (noted_.emplace(place.step, place.attempt).second)
    changes_.attempts_were.emplace_back(place, attempt.status);
  attempt.status = status;
}

void Transition::start(std::size_t step, StepStatus status) {
  set(step, status);
  state_.steps[step].start_time = now_;
}

void Transition::finish(std::size_t index, StepResult result) {
  set(index, result.status);
  auto& step = state_.steps[index];
  for (std::size_t i = 0; i < step.attempts.size(); ++i) {
    if (step.attempts[i].status == AttemptStatus::kQueued)
      end_attempt({index, i}, AttemptStatus::kNotStarted, result.reason);
  }
  step.reason = std::move(result.reason);
  step.exit_code = result.exit_code;
  step.end_time = now_;
}

void Transition::skip(std::size_t step, SkipCause cause, std::string reason) {
  finish(step, {StepStatus::kSkipped, std::move(reason), std::nullopt});
  state_.steps[step].skip_cause = cause;
}

void Transition::end_attempt(AttemptPlace place, AttemptStatus status, std::string_view reason) {
  set(place, status);
  auto& attempt = state_.steps[place.step].attempts[place.attempt];
  attempt.reason = reason;
  attempt.end_time = now_;
}

void Transition::end(ExecutionStatus status, SkipCause cause, std::string_view reason) {
  for (std::size_t index = 0; index < state_.steps.size(); ++index) {
    if (state_.steps[index].status == StepStatus::kPending) skip(index, cause, std::string(reason));
  }
  set(status);
  state_.end_time = now_;
}

std::size_t Transition::add_step(StepState step) {
  const auto index = state_.steps.size();
  state_.steps.push_back(std::move(step));
  changes_.new_steps.push_back(index);
  for (std::size_t i = 0; i < state_.steps[index].attempts.size(); ++i) {
    changes_.new_attempts.push_back({index, i});
    noted_.emplace(index, i);
  }
  return index;
}

AttemptPlace Transition::add_attempt(std::size_t step, AttemptState attempt) {
  auto& attempts = state_.steps[step].attempts;
  attempts.push_back(std::move(attempt));
  const AttemptPlace place{step, attempts.size() - 1};
  changes_.new_attempts.push_back(place);
  noted_.emplace(place.step, place.attempt);
  return place;
}

bool is_active(AttemptStatus status) {
  return status == AttemptStatus::kDispatched || status == AttemptStatus::kRunning;
}

}  // namespace runbook::domain
