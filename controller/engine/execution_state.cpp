// ExecutionRun's state in memory: its index, the events of its commits, and what the writer tells of its own.
#include <algorithm>

#include "controller/engine/execution_run.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::engine {

void ExecutionRun::index() {
  places_.clear();
  agents_.clear();
  for (std::size_t step = 0; step < loaded_.state.steps.size(); ++step) {
    for (std::size_t i = 0; i < loaded_.state.steps[step].attempts.size(); ++i) index({step, i});
  }
}

void ExecutionRun::index(const domain::AttemptPlace& at) {
  const auto& attempt = loaded_.state.steps[at.step].attempts[at.attempt];
  places_.insert_or_assign(attempt.id, at);
  if (!is_terminal(attempt.status)) agents_.insert(attempt.agent);
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

void ExecutionRun::committed(const std::vector<EventRef>& events, std::int64_t seq) {
  for (const auto& [at, was] : plan_.changes.attempts_were) {
    const auto& attempt = loaded_.state.steps[at.step].attempts[at.attempt];
    if (const auto open = context_.open.find(attempt.id)) open->status = attempt.status;
  }
  committed_calls();
  publish(events, seq);
  report(events);
}

void ExecutionRun::report(const std::vector<EventRef>& events) {
  const auto& state = loaded_.state;
  for (const auto& event : events) {
    if (event.kind != EventRef::Kind::kStep) continue;
    const auto& step = state.steps[event.place.step];
    const runtime::LogIds ids{.execution = state.id.str(), .step = step.id.str()};
    const auto was = plan_.changes.steps_were.find(event.place.step);
    if (was == plan_.changes.steps_were.end() || was->second == step.status) continue;
    if (step.status == domain::StepStatus::kSkipped) continue;
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
  if (!plan_.changes.execution_was || *plan_.changes.execution_was == state.status) return;
  runtime::log_info({.execution = state.id.str()}, fmt::format("execution is {}", to_string(state.status)));
  if (is_terminal(state.status)) context_.metrics.execution_ended(to_string(state.status));
}

void ExecutionRun::publish(const std::vector<EventRef>& events, std::int64_t last) {
  if (last > loaded_.seq) loaded_.seq += static_cast<std::int64_t>(events.size());  // else loaded already
  seq_ = std::max(seq_, last);
  publish_events(context_.observer, loaded_.state, events, last);
}

void ExecutionRun::apply(const store::AttemptUpdate& update, const store::Stored::Attempt& stored) {
  const auto at = place(update.id);
  if (!at) return;
  auto& attempt = loaded_.state.steps[at->step].attempts[at->attempt];
  attempt.output_bytes = stored.ends[0].bytes + stored.ends[1].bytes;
  if (update.status == update.was) return;
  attempt.status = update.status;
  attempt.lost = update.lost;
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
