// ExecutionRun's requests of API steps. A try is committed before it is sent, and its end is committed like
// any transition; a try whose process is gone is lost (domain::lose_try), never sent a second time unnoticed.
#include "controller/engine/execution_run.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::engine {

bool ExecutionRun::is_open(const domain::StepState& step, const Call& call) const {
  return step.status == domain::StepStatus::kRunning && step.tries.size() == call.number &&
         !step.tries.back().end;
}

// After loading: a call that is not stored was not made, one whose end is not stored is to be told again.
void ExecutionRun::find_calls() {
  for (auto call = calls_.begin(); call != calls_.end();) {
    const auto index = step_index(call->first);
    call->second.noted = false;
    if (index && is_open(loaded_.state.steps[*index], call->second)) {
      ++call;
    } else {
      if (call->second.sent && !call->second.outcome) context_.api.cancel(call->first);
      call = calls_.erase(call);
    }
  }
}

// Into the plan: tries that ended, and open ones nobody here knows of.
void ExecutionRun::note_outcomes() {
  auto& state = loaded_.state;
  const Time now = Context::now();
  for (std::size_t index = 0; index < state.steps.size(); ++index) {
    const auto& step = state.steps[index];
    if (step.status != domain::StepStatus::kRunning || step.tries.empty() || step.tries.back().end) continue;
    const auto found = calls_.find(step.id);
    if (found == calls_.end()) {
      runtime::log_warning({.execution = state.id.str(), .step = step.id.str()},
                           "a request was under way when its controller was lost");
      domain::lose_try(state, plan_.changes, index, now);
    } else if (found->second.outcome) {
      found->second.noted = true;
      domain::end_try(state, plan_.changes, index, *found->second.outcome, now);
    }
  }
}

// Before the commit: whatever becomes of it, a try that turns out to be stored was not sent yet.
void ExecutionRun::mark_calls() {
  for (const auto index : plan_.calls) {
    const auto& step = loaded_.state.steps[index];
    auto& call = calls_[step.id];
    if (call.number < step.tries.size()) call = Call{.number = step.tries.size()};
  }
}

void ExecutionRun::committed_calls() {
  std::erase_if(calls_, [](const auto& entry) { return entry.second.noted; });
}

void ExecutionRun::send_calls() {
  for (const auto index : plan_.cancels) context_.api.cancel(loaded_.state.steps[index].id);
  for (auto& [id, call] : calls_) {
    if (call.sent) continue;
    const auto index = step_index(id);
    if (!index || !is_open(loaded_.state.steps[*index], call)) continue;
    const auto& step = loaded_.state.steps[*index];
    const auto& config = std::get<domain::ApiConfig>(step.block.config);
    call.sent = true;
    auto request = domain::api_request_from_json(step.substituted().at("request").as_object());
    const Time deadline = step.start_time.value_or(Context::now()) + config.timeout;
    context_.spawn("request of step " + id.str(),
                   this->call(shared_from_this(), id, call.number, std::move(request), config, deadline));
  }
}

// The run ends or lost its lease: nobody waits for the answers any more.
void ExecutionRun::give_up_calls() {
  for (const auto& [id, call] : calls_) {
    if (call.sent && !call.outcome) context_.api.cancel(id);
  }
  calls_.clear();
}

// `self` keeps the run alive until the answer is here.
boost::asio::awaitable<void> ExecutionRun::call(std::shared_ptr<ExecutionRun> self, Uuid step,
                                                std::size_t number, domain::ApiRequest request,
                                                domain::ApiConfig config, Time deadline) {
  domain::ApiOutcome outcome;
  try {
    auto refused = co_await self->add_secrets(step, config, request);
    if (refused) {
      outcome.error = std::move(*refused);
      outcome.sent = false;
    } else {
      outcome = co_await context_.api.call(step, std::move(request), std::move(config), deadline);
    }
  } catch (const boost::system::system_error&) {
    throw;  // cancelled: the try stays open and is lost
  } catch (const std::exception& error) {
    runtime::log_error({.step = step.str()}, fmt::format("a request could not be sent: {}", error.what()));
    outcome.error = "the request could not be sent";
    outcome.transient = true;
    outcome.sent = false;
  }
  outcome.jitter = runtime::random_unit();
  const auto found = self->calls_.find(step);
  if (found == self->calls_.end() || found->second.number != number) co_return;
  found->second.outcome = std::move(outcome);
  self->wake();
}

}  // namespace runbook::engine
