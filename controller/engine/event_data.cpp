#include "controller/engine/event_data.hpp"

#include <string>

#include "protocol/messages/limits.hpp"

namespace runbook::engine {
namespace {

namespace json = boost::json;

json::value or_null(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return json::value(rfc3339(*time));
}

json::value or_null(const std::optional<int>& number) {
  if (!number) return nullptr;
  return *number;
}

json::value or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return json::value(text);
}

json::object host_counts(const domain::StepState& step) {
  json::object counts;
  for (const auto& attempt : step.attempts) {
    auto& count = counts[to_string(attempt.status)];
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
  json::object data;
  data["id"] = step.id.str();
  data["job_id"] = state.id.str();
  data["block_id"] = step.block.id.str();
  data["slug"] = step.block.slug;
  data["name"] = step.block.name;
  data["type"] = step.block.type();
  data["order"] = step.block.order;
  data["attempt"] = step.attempt;
  data["status"] = to_string(step.status);
  data["reason"] = or_null(step.reason);
  data["output_bytes"] = step.output_bytes;
  data["output_truncated"] = step.output_bytes > limits::kInlineOutputBytes;
  data["exit_code"] = or_null(step.exit_code);
  data["timestamp"] = or_null(step.start_time);
  data["end_time"] = or_null(step.end_time);
  data["approval"] = nullptr;
  data["tries"] = json::array();
  data["note"] = or_null(step.note);
  data["host_counts"] = host_counts(step);
  return data;
}

json::object host_data(const Uuid& step, const domain::AttemptState& attempt) {
  json::object data;
  data["step_id"] = step.str();
  data["agent_id"] = attempt.agent.str();
  data["host"] = attempt.host;
  data["status"] = to_string(attempt.status);
  data["exit_code"] = or_null(attempt.exit_code);
  data["signal"] = or_null(attempt.signal);
  data["reason"] = or_null(attempt.reason);
  data["output_bytes"] = attempt.output_bytes;
  data["start_time"] = or_null(attempt.start_time);
  data["end_time"] = or_null(attempt.end_time);
  return data;
}

}  // namespace runbook::engine
