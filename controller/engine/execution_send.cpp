// ExecutionRun's messages to agents: what was committed as dispatched, and who is to stop.
#include <algorithm>

#include "controller/domain/execution/transition.hpp"
#include "controller/engine/execution_run.hpp"
#include "controller/engine/step_credentials.hpp"

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
  if (incarnation != attempt.incarnation)
    return give_back(step, attempt, "the agent restarted before the command was sent", true);
  const auto bound = bound_.find(step.id);
  const bool opened = step.credentials.size() == used_credentials(step.frozen).size();
  if (bound == bound_.end() || !opened) return wake();  // it came to be sent after this round's check
  open_attempt(step, attempt);
  auto run = run_command(origin(), step, attempt);
  if (!fits_into_message(run)) {
    return give_back(step, attempt, "with its secrets it does not fit into one message to an agent", false);
  }
  const auto leaf = bound->second.leaves.find(attempt.agent);
  if (leaf != bound->second.leaves.end()) run.leaf = leaf->second;
  run.root = bound->second.root;
  run.expires_at = std::min(run.expires_at, Context::now() + kDispatchLife);  // whatever is stored
  context_.dispatch_key.sign(run, {attempt.agent, *incarnation});
  if (context_.links.send(attempt.agent, std::move(run))) context_.open.unsent().erase(attempt.id);
}

std::shared_ptr<OpenAttempt> ExecutionRun::open_attempt(const domain::StepState& step,
                                                        const domain::AttemptState& attempt) {
  store::StoredAttempt row;
  row.id = attempt.id;
  row.execution = loaded_.state.id;
  row.step = step.id;
  row.agent = attempt.agent;
  row.host = attempt.host;
  row.status = attempt.status;
  return context_.open.add(row);
}

// It was stored as dispatched and is not sent.
void ExecutionRun::give_back(const domain::StepState& step, const domain::AttemptState& attempt,
                             std::string reason, bool lost) {
  context_.open.unsent().erase(attempt.id);
  AttemptNews news;
  news.event = AttemptEvent::kNotStarted;
  news.reason = std::move(reason);
  news.lost = lost;
  news.at = Context::now();
  context_.report(open_attempt(step, attempt), std::move(news));
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
