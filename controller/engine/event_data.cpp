#include "controller/engine/event_data.hpp"

#include "controller/domain/execution/step_view.hpp"

namespace runbook::engine {
namespace {

namespace json = boost::json;

json::value or_null(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return json::value(rfc3339(*time));
}

json::object host_counts(const domain::StepState& step) {
  json::object counts;
  for (const auto index : domain::current_attempts(step)) {
    auto& count = counts[to_string(step.attempts[index].status)];
    count = count.is_null() ? std::int64_t{1} : count.as_int64() + 1;
  }
  return counts;
}

}  // namespace

json::value stop_data(const domain::ExecutionState& state) {
  if (!state.stop_requested_at) return nullptr;
  std::int64_t of = 0;
  std::int64_t confirmed = 0;
  for (const auto& step : state.steps) {
    for (const auto& attempt : step.attempts) {
      const bool open = !is_terminal(attempt.status) && attempt.status != AttemptStatus::kQueued;
      const bool ended_since = attempt.dispatched_at && attempt.end_time >= state.stop_requested_at;
      if (open || ended_since) ++of;
      if (ended_since && attempt.status != AttemptStatus::kUnknown) ++confirmed;
    }
  }
  json::object stop;
  stop["requested_at"] = rfc3339(*state.stop_requested_at);
  stop["confirmed"] = confirmed;
  stop["of"] = of;
  return stop;
}

json::object execution_data(const domain::ExecutionState& state) {
  json::object data;
  data["id"] = state.id.str();
  data["status"] = to_string(state.status);
  data["start_time"] = or_null(state.start_time);
  data["end_time"] = or_null(state.end_time);
  data["stop"] = stop_data(state);
  return data;
}

json::object step_data(const domain::ExecutionState& state, const domain::StepState& step) {
  return domain::step_view(state.id, step, host_counts(step));
}

json::object host_data(const Uuid& step, const domain::AttemptState& attempt) {
  json::object data;
  data["step_id"] = step.str();
  for (auto& entry : domain::host_view(attempt, to_string(attempt.status))) {
    data[entry.key()] = std::move(entry.value());
  }
  return data;
}

void publish_events(ExecutionObserver& observer, const domain::ExecutionState& state,
                    const std::vector<EventRef>& events, std::int64_t last) {
  const bool watched = observer.watched(state.id);
  auto seq = last - static_cast<std::int64_t>(events.size());
  for (const auto& [kind, at] : events) {
    ++seq;
    if (kind == EventRef::Kind::kExecution) {
      observer.changed(state.id, seq, "execution", execution_data(state));
    } else if (kind == EventRef::Kind::kStep) {
      observer.changed(state.id, seq, "step", step_data(state, state.steps[at.step]));
    } else if (watched) {
      const auto& step = state.steps[at.step];
      observer.changed(state.id, seq, "host", host_data(step.id, step.attempts[at.attempt]));
    }
  }
}

}  // namespace runbook::engine
