// ExecutionRun's state in memory: what a commit changes, the events it makes, and what others tell of their
// commits.
#include "controller/engine/event_data.hpp"
#include "controller/engine/execution_run.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::engine {
namespace {

bool contains(const std::vector<std::size_t>& list, std::size_t value) {
  return std::ranges::find(list, value) != list.end();
}

store::ExecutionChanges::Attempt change_of(const domain::AttemptState& attempt, AttemptStatus was) {
  return {attempt.id,      was, attempt.status, attempt.incarnation, attempt.reason, attempt.dispatched_at,
          attempt.end_time};
}

}  // namespace

void ExecutionRun::index() {
  places_.clear();
  agents_.clear();
  for (std::size_t step = 0; step < loaded_.state.steps.size(); ++step) {
    const auto& attempts = loaded_.state.steps[step].attempts;
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      places_.emplace(attempts[i].id, domain::AttemptPlace{step, i});
      if (!is_terminal(attempts[i].status)) agents_.insert(attempts[i].agent);
    }
  }
}

std::optional<domain::AttemptPlace> ExecutionRun::place(const Uuid& attempt) const {
  const auto found = places_.find(attempt);
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::size_t> ExecutionRun::step_index(const Uuid& step) const {
  const auto found = std::ranges::find(loaded_.state.steps, step, &domain::StepState::id);
  if (found == loaded_.state.steps.end()) return std::nullopt;
  return static_cast<std::size_t>(found - loaded_.state.steps.begin());
}

store::ExecutionChanges ExecutionRun::changes(const std::vector<EventRef>& events) const {
  const auto& state = loaded_.state;
  store::ExecutionChanges changes;
  changes.execution = state.id;
  changes.was = plan_.execution_was.value_or(state.status);
  changes.status = state.status;
  changes.stop_requested = state.stop_requested_at.has_value();
  changes.start_time = state.start_time;
  changes.end_time = state.end_time;
  changes.events = static_cast<std::int64_t>(events.size());
  for (const auto& [index, was] : plan_.steps_were) {
    const auto& step = state.steps[index];
    changes.steps.push_back(
        {step.id, was, step.status, step.reason, step.exit_code, step.start_time, step.end_time});
  }
  for (const auto& [at, was] : plan_.attempts_were) {
    if (contains(plan_.new_attempts, at.step)) continue;
    changes.attempts.push_back(change_of(state.steps[at.step].attempts[at.attempt], was));
  }
  for (const auto index : plan_.new_attempts) {
    const auto& step = state.steps[index];
    for (const auto& attempt : step.attempts) {
      changes.new_attempts.push_back(
          {change_of(attempt, attempt.status), step.id, attempt.agent, attempt.host, attempt.host_index});
    }
  }
  return changes;
}

// The execution first while it goes on, last when it ends; each step before its hosts.
std::vector<EventRef> ExecutionRun::events() const {
  std::map<std::size_t, std::vector<domain::AttemptPlace>> steps;
  for (const auto& [index, was] : plan_.steps_were) steps[index];
  for (const auto index : plan_.new_attempts) {
    auto& hosts = steps[index];
    for (std::size_t i = 0; i < loaded_.state.steps[index].attempts.size(); ++i) hosts.push_back({index, i});
  }
  for (const auto& [at, was] : plan_.attempts_were) {
    if (!contains(plan_.new_attempts, at.step)) steps[at.step].push_back(at);
  }
  std::vector<EventRef> events;
  const bool ends = is_terminal(loaded_.state.status);
  if (plan_.execution_was && !ends) events.push_back({EventRef::Kind::kExecution, {}});
  for (const auto& [index, hosts] : steps) {
    events.push_back({EventRef::Kind::kStep, {index, 0}});
    for (const auto& at : hosts) events.push_back({EventRef::Kind::kHost, at});
  }
  if (plan_.execution_was && ends) events.push_back({EventRef::Kind::kExecution, {}});
  return events;
}

void ExecutionRun::committed(const std::vector<EventRef>& events, std::int64_t seq) {
  for (const auto& [at, was] : plan_.attempts_were) {
    const auto& attempt = loaded_.state.steps[at.step].attempts[at.attempt];
    if (const auto open = context_.open.find(attempt.id)) open->status = attempt.status;
  }
  publish(events, seq);
  report(events);
}

void ExecutionRun::report(const std::vector<EventRef>& events) {
  const auto& state = loaded_.state;
  for (const auto& event : events) {
    if (event.kind != EventRef::Kind::kStep) continue;
    const auto& step = state.steps[event.place.step];
    const runtime::LogIds ids{.execution = state.id.str(), .step = step.id.str()};
    if (!plan_.steps_were.contains(event.place.step) || step.status == domain::StepStatus::kSkipped) continue;
    if (is_terminal(step.status)) {
      const auto took =
          step.end_time.value_or(Time{}) - step.start_time.value_or(step.end_time.value_or(Time{}));
      context_.metrics.step_ended(step.block.type(), to_string(step.status), took);
      runtime::log_info(ids, fmt::format("step {} ended: {}", step.block.slug, to_string(step.status)));
    } else {
      runtime::log_info(ids, fmt::format("step {} is {} on {} hosts", step.block.slug, to_string(step.status),
                                         step.attempts.size()));
    }
  }
  if (!plan_.execution_was) return;
  runtime::log_info({.execution = state.id.str()}, fmt::format("execution is {}", to_string(state.status)));
  if (is_terminal(state.status)) context_.metrics.execution_ended(to_string(state.status));
}

void ExecutionRun::publish(const std::vector<EventRef>& events, std::int64_t last) {
  seq_ = std::max(seq_, last);
  const auto& state = loaded_.state;
  const bool watched = context_.observer.watched(state.id);
  auto seq = last - static_cast<std::int64_t>(events.size());
  for (const auto& [kind, at] : events) {
    ++seq;
    if (kind == EventRef::Kind::kExecution) {
      context_.observer.changed(state.id, seq, "execution", execution_data(state));
    } else if (kind == EventRef::Kind::kStep) {
      context_.observer.changed(state.id, seq, "step", step_data(state, state.steps[at.step]));
    } else if (watched) {
      const auto& step = state.steps[at.step];
      context_.observer.changed(state.id, seq, "host", host_data(step.id, step.attempts[at.attempt]));
    }
  }
}

void ExecutionRun::stop_requested_at(Time when) {
  loaded_.state.stop_requested_at = when;
  wake();
}

void ExecutionRun::step_completed(const Uuid& step, const std::string& note, Time when) {
  const auto index = step_index(step);
  if (!index) return reload();
  auto& state = loaded_.state.steps[*index];
  state.status = domain::StepStatus::kSuccess;
  state.note = note;
  state.end_time = when;
  wake();
}

void ExecutionRun::apply(const store::AttemptUpdate& update, const store::Stored::Attempt& stored) {
  const auto at = place(update.id);
  if (!at) return;
  auto& attempt = loaded_.state.steps[at->step].attempts[at->attempt];
  attempt.output_bytes = stored.ends[0].bytes + stored.ends[1].bytes;
  if (update.status == update.was) return;
  attempt.status = update.status;
  attempt.reason = update.reason;
  if (update.exit_code) attempt.exit_code = update.exit_code;
  if (update.signal) attempt.signal = update.signal;
  if (update.start_time) attempt.start_time = update.start_time;
  if (update.end_time) attempt.end_time = update.end_time;
}

void ExecutionRun::step_output(const Uuid& step, std::uint64_t bytes) {
  if (const auto index = step_index(step)) loaded_.state.steps[*index].output_bytes = bytes;
}

}  // namespace runbook::engine
