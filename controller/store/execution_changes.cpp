#include "controller/store/execution_changes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "controller/domain/execution/state_json.hpp"
#include "controller/domain/targets.hpp"
#include "controller/store/stored_text.hpp"

namespace runbook::store {
namespace {

std::string stored_tries(std::vector<domain::ApiTry> tries) {
  for (auto& entry : tries) entry.error = stored_text(entry.error);
  return stored_json(domain::to_json(tries));
}

ExecutionChanges::Step step_change(const domain::StepState& step, domain::StepStatus was) {
  ExecutionChanges::Step change;
  change.id = step.id;
  change.was = was;
  change.status = step.status;
  change.skip_cause = step.skip_cause;
  change.reason = stored_text(step.reason);
  change.exit_code = step.exit_code;
  change.note = stored_text(step.note);
  change.completed_by = step.completed_by;
  change.start_time = step.start_time;
  change.end_time = step.end_time;
  change.due = step.due;
  change.repeatable = step.repeatable;
  if (step.approval) change.approval = stored_json(domain::to_json(*step.approval));
  change.tries = stored_tries(step.tries);
  change.frozen = stored_json(step.frozen);
  if (!step.result.is_null()) change.result = stored_json(step.result);
  return change;
}

ExecutionChanges::NewStep new_step(const domain::StepState& step) {
  ExecutionChanges::NewStep added;
  added.step = step_change(step, step.status);
  added.block = step.block.id;
  added.slug = step.block.slug;
  added.name = step.block.name;
  added.type = step.block.type();
  added.order = step.block.order;
  added.attempt = step.attempt;
  return added;
}

ExecutionChanges::Attempt attempt_change(const domain::AttemptState& attempt, AttemptStatus was) {
  return {attempt.id,
          was,
          attempt.status,
          attempt.incarnation,
          stored_text(attempt.reason),
          attempt.dispatched_at,
          attempt.end_time};
}

ExecutionChanges::NewAttempt new_attempt(const domain::StepState& step, const domain::AttemptState& attempt) {
  ExecutionChanges::NewAttempt added;
  added.attempt = attempt_change(attempt, attempt.status);
  added.step = step.id;
  added.agent = attempt.agent;
  added.host = attempt.host;
  added.host_index = attempt.host_index;
  added.number = attempt.number;
  added.labels = stored_json(domain::to_json(attempt.labels));
  return added;
}

bool before(const domain::AttemptPlace& left, const domain::AttemptPlace& right) {
  return left.step != right.step ? left.step < right.step : left.attempt < right.attempt;
}

}  // namespace

std::vector<ChangeEvent> events_of(const domain::ExecutionState& state, const domain::Changes& changes) {
  std::set<domain::AttemptPlace, decltype(&before)> hosts(&before);
  for (const auto& [at, was] : changes.attempts_were) hosts.insert(at);
  for (const auto& at : changes.new_attempts) hosts.insert(at);
  std::set<std::size_t> steps(changes.new_steps.begin(), changes.new_steps.end());
  for (const auto& [index, was] : changes.steps_were) steps.insert(index);
  for (const auto& at : hosts) steps.insert(at.step);
  std::vector<ChangeEvent> events;
  const bool ends = is_terminal(state.status);
  const bool execution = changes.execution_was.has_value();
  if (execution && !ends) events.push_back({ChangeEvent::Kind::kExecution, {}});
  auto host = hosts.begin();
  for (const auto index : steps) {
    events.push_back({ChangeEvent::Kind::kStep, {index, 0}});
    for (; host != hosts.end() && host->step == index; ++host) {
      events.push_back({ChangeEvent::Kind::kHost, *host});
    }
  }
  if (execution && ends) events.push_back({ChangeEvent::Kind::kExecution, {}});
  return events;
}

ExecutionChanges changes_of(const domain::ExecutionState& state, const domain::Changes& changes,
                            std::size_t events) {
  ExecutionChanges stored;
  stored.execution = state.id;
  stored.was = changes.execution_was.value_or(state.status);
  stored.status = state.status;
  stored.start_time = state.start_time;
  stored.end_time = state.end_time;
  stored.stop_requested_at = state.stop_requested_at;
  stored.stop_requested_by = state.stop_requested_by;
  stored.events = static_cast<std::int64_t>(events);
  const std::set<std::size_t> new_steps(changes.new_steps.begin(), changes.new_steps.end());
  std::set<domain::AttemptPlace, decltype(&before)> added(&before);
  for (const auto index : new_steps) stored.new_steps.push_back(new_step(state.steps[index]));
  for (const auto& [index, was] : changes.steps_were) {
    if (!new_steps.contains(index)) stored.steps.push_back(step_change(state.steps[index], was));
  }
  for (const auto& at : changes.new_attempts) {
    if (!added.insert(at).second) continue;
    const auto& step = state.steps[at.step];
    stored.new_attempts.push_back(new_attempt(step, step.attempts[at.attempt]));
  }
  // Of several changes of one attempt the first knows what is stored.
  for (const auto& [at, was] : changes.attempts_were) {
    if (!added.insert(at).second) continue;
    stored.attempts.push_back(attempt_change(state.steps[at.step].attempts[at.attempt], was));
  }
  return stored;
}

ExecutionChanges changes_of_new(const domain::ExecutionState& state) {
  ExecutionChanges stored;
  stored.execution = state.id;
  for (const auto& step : state.steps) stored.new_steps.push_back(new_step(step));
  return stored;
}

}  // namespace runbook::store
