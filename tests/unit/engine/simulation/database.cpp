#include "tests/unit/engine/simulation/database.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "controller/domain/execution/state_json.hpp"

namespace runbook::simulation {

using domain::StepStatus;

Database::Database(domain::ExecutionState created, Oracle& oracle)
    : stored_(std::move(created)), oracle_(oracle) {}

domain::ExecutionState Database::load() {
  oracle_.loaded();
  return fresh();
}

domain::ExecutionState Database::fresh() const {
  auto state = stored_;
  for (auto& step : state.steps) {
    step.prepared.reset();
    for (auto& attempt : step.attempts) attempt.waiting_since.reset();
  }
  return state;
}

bool Database::expected(const domain::Changes& changes, const domain::ExecutionState& made) const {
  if (stored_.status != changes.execution_was.value_or(made.status)) return false;
  if (stored_.stop_requested_at.has_value() != changes.stop_was_requested) return false;
  for (const auto& [index, was] : changes.steps_were) {
    if (index >= stored_.steps.size() || stored_.steps[index].status != was) return false;
  }
  for (const auto& [at, was] : changes.attempts_were) {
    if (at.step >= stored_.steps.size()) return false;
    const auto& attempts = stored_.steps[at.step].attempts;
    if (at.attempt >= attempts.size() || attempts[at.attempt].status != was) return false;
  }
  for (const auto index : changes.new_steps) {
    if (index != stored_.steps.size() + (index - changes.new_steps.front())) return false;
  }
  return std::ranges::none_of(changes.new_attempts, [this](const auto& at) {
    return at.step < stored_.steps.size() && at.attempt < stored_.steps[at.step].attempts.size();
  });
}

void Database::write(const domain::ExecutionState& made, const domain::Changes& changes) {
  stored_.status = made.status;
  stored_.start_time = made.start_time;
  stored_.end_time = made.end_time;
  for (const auto& [index, was] : changes.steps_were) {
    auto attempts = std::move(stored_.steps[index].attempts);
    const auto output = stored_.steps[index].output_bytes;
    stored_.steps[index] = made.steps[index];
    stored_.steps[index].attempts = std::move(attempts);
    stored_.steps[index].output_bytes = output;
  }
  for (const auto index : changes.new_steps) {
    stored_.steps.push_back(made.steps[index]);
    stored_.steps.back().attempts.clear();
  }
  for (const auto& [at, was] : changes.attempts_were)
    stored_.steps[at.step].attempts[at.attempt] = made.steps[at.step].attempts[at.attempt];
  for (const auto& at : changes.new_attempts)
    stored_.steps[at.step].attempts.push_back(made.steps[at.step].attempts[at.attempt]);
  ++version_;
}

bool Database::commit(const domain::ExecutionState& made, const domain::Changes& changes, bool compare) {
  if (compare && !expected(changes, made)) return false;
  write(made, changes);
  oracle_.stored(stored_, Writer::kEngine);
  return true;
}

Result<void> Database::control(const domain::Control& control, const domain::Actor& actor,
                               const std::function<Uuid()>& new_id, Time now) {
  auto state = fresh();
  domain::Changes changes;
  const auto done = domain::apply(state, changes, control, actor, new_id, now);
  if (!done || !changes.any()) {
    if (const auto what = difference(state, stored_); !what.empty())
      oracle_.report("control: refused, but changed " + what);
    return done;
  }
  if (!expected(changes, state)) oracle_.report("control: not made on what is stored");
  if (const auto* approve = std::get_if<domain::Approve>(&control))
    oracle_.approved(approve->step, actor.person, approve->digest);
  stored_.stop_requested_at = state.stop_requested_at;
  stored_.stop_requested_by = state.stop_requested_by;
  write(state, changes);
  if (const auto what = difference(state, stored_); !what.empty())
    oracle_.report("control: a change was not noted: " + what);
  oracle_.stored(stored_, Writer::kPerson);
  return done;
}

std::optional<domain::AttemptPlace> Database::place(const Uuid& id) const {
  for (std::size_t step = 0; step < stored_.steps.size(); ++step) {
    const auto& attempts = stored_.steps[step].attempts;
    const auto found = std::ranges::find(attempts, id, &domain::AttemptState::id);
    if (found != attempts.end())
      return domain::AttemptPlace{step, static_cast<std::size_t>(found - attempts.begin())};
  }
  return std::nullopt;
}

bool Database::report(const Uuid& id, AttemptEvent event, Time now, bool lost) {
  const auto at = place(id);
  if (!at) return false;
  auto& attempt = stored_.steps[at->step].attempts[at->attempt];
  const auto status = next(attempt.status, event);
  if (!status) return false;
  attempt.status = *status;
  attempt.lost = lost && *status == AttemptStatus::kNotStarted;
  if (is_terminal(*status)) attempt.end_time = now;
  if (*status == AttemptStatus::kSuccess) attempt.exit_code = 0;
  if (*status == AttemptStatus::kError) attempt.exit_code = 1;
  settle(at->step);
  ++version_;
  oracle_.stored(stored_, Writer::kAgent);
  return true;
}

// A late result settles a step that was unknown, as the store does.
void Database::settle(std::size_t index) {
  auto& step = stored_.steps[index];
  if (step.status != StepStatus::kUnknown || step.attempts.empty()) return;
  const auto result = domain::judge_step(stored_, index);
  if (result.status == StepStatus::kSuccess || result.status == StepStatus::kError)
    step.status = result.status;
}

std::string difference(const domain::ExecutionState& left, const domain::ExecutionState& right) {
  if (left.status != right.status) return "the execution's status";
  if (left.start_time != right.start_time || left.end_time != right.end_time) return "the execution's times";
  if (left.stop_requested_at != right.stop_requested_at) return "the stop";
  if (left.steps.size() != right.steps.size()) return "the steps";
  for (std::size_t i = 0; i < left.steps.size(); ++i) {
    const auto& a = left.steps[i];
    const auto& b = right.steps[i];
    const auto name = fmt::format("of step {}: ", a.block.slug);
    if (a.id != b.id || a.attempt != b.attempt) return name + "its row";
    if (a.status != b.status || a.skip_cause != b.skip_cause || a.reason != b.reason)
      return name + "its status";
    if (a.start_time != b.start_time || a.end_time != b.end_time || a.due != b.due) return name + "its times";
    if (a.note != b.note || a.completed_by != b.completed_by) return name + "its note";
    if (a.frozen != b.frozen || a.result != b.result || a.repeatable != b.repeatable)
      return name + "its values";
    if (a.resolved != b.resolved || a.attempts.size() != b.attempts.size()) return name + "its hosts";
    if (to_json(a.tries) != to_json(b.tries)) return name + "its tries";
    if (a.approval.has_value() != b.approval.has_value()) return name + "its approval";
    if (a.approval && to_json(*a.approval) != to_json(*b.approval)) return name + "its approval";
    for (std::size_t k = 0; k < a.attempts.size(); ++k) {
      const auto& x = a.attempts[k];
      const auto& y = b.attempts[k];
      if (x.id != y.id || x.agent != y.agent || x.number != y.number || x.host_index != y.host_index)
        return name + "an attempt's row";
      if (x.status != y.status || x.lost != y.lost || x.reason != y.reason)
        return name + "an attempt's status";
      if (x.incarnation != y.incarnation || x.dispatched_at != y.dispatched_at || x.end_time != y.end_time)
        return name + "an attempt's times";
    }
  }
  return {};
}

}  // namespace runbook::simulation
