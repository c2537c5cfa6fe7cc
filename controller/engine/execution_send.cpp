// ExecutionRun's messages to agents: what was committed as dispatched, and who is to stop.
#include "controller/domain/execution/transition.hpp"
#include "controller/engine/execution_run.hpp"

namespace runbook::engine {

// Before the commit: whatever becomes of it, what turns out to be stored as dispatched is sent.
void ExecutionRun::mark_unsent() {
  dispatched_.clear();
  for (const auto& at : domain::dispatched_by(loaded_.state, plan_.changes)) {
    const auto& attempt = loaded_.state.steps[at.step].attempts[at.attempt];
    dispatched_.push_back(attempt.id);
    context_.open.unsent().insert(attempt.id);
  }
}

// What the last commit meant to dispatch and turned out not to.
void ExecutionRun::forget_unsent() {
  for (const auto& attempt : dispatched_) {
    const auto at = place(attempt);
    const bool stored = at && domain::is_active(loaded_.state.steps[at->step].attempts[at->attempt].status);
    if (!stored) context_.open.unsent().erase(attempt);
  }
  dispatched_.clear();
}

void ExecutionRun::send_unsent() {
  if (context_.open.unsent().empty()) return;
  for (const auto& step : loaded_.state.steps) {
    if (step.status != domain::StepStatus::kRunning) continue;
    for (const auto& attempt : step.attempts) {
      if (attempt.status == AttemptStatus::kDispatched) send_unsent(step, attempt);
    }
  }
}

void ExecutionRun::send_unsent(const domain::StepState& step, const domain::AttemptState& attempt) {
  if (!context_.open.unsent().contains(attempt.id)) return;
  const auto incarnation = connected(attempt.agent);
  if (!incarnation) return;  // its next Hello decides
  store::StoredAttempt row;
  row.id = attempt.id;
  row.execution = loaded_.state.id;
  row.step = step.id;
  row.agent = attempt.agent;
  row.host = attempt.host;
  row.status = attempt.status;
  const auto open = context_.open.add(row);
  if (incarnation != attempt.incarnation) {
    context_.open.unsent().erase(attempt.id);
    AttemptNews news;
    news.event = AttemptEvent::kNotStarted;
    news.reason = "the agent restarted before the command was sent";
    news.lost = true;
    news.at = Context::now();
    return context_.report(open, std::move(news));
  }
  if (context_.links.send(attempt.agent, run_command(origin(), step, attempt))) {
    context_.open.unsent().erase(attempt.id);
  }
}

void ExecutionRun::send_stops() {
  for (const auto& at : plan_.stops) send_stop(at);
}

void ExecutionRun::send_stops(const Uuid& agent) {
  for (const auto& at : plan_.stops) {
    if (loaded_.state.steps[at.step].attempts[at.attempt].agent == agent) send_stop(at);
  }
}

void ExecutionRun::send_stop(const domain::AttemptPlace& at) {
  const auto& step = loaded_.state.steps[at.step];
  const auto& attempt = step.attempts[at.attempt];
  const auto open = context_.open.find(attempt.id);
  if (!open || open->stop_sent || !domain::is_active(attempt.status)) return;
  const auto& config = std::get<domain::CommandConfig>(step.block.config);
  open->stop_sent = context_.links.send(attempt.agent, StopCommand{attempt.id, config.stop_grace});
}

}  // namespace runbook::engine
