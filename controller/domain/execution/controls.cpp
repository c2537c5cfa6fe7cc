#include "controller/domain/execution/controls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/domain/execution/step_result.hpp"
#include "controller/domain/execution/transition.hpp"

namespace runbook::domain {
namespace {

std::unexpected<Error> conflict(std::string message) {
  return failure(ErrorCode::kConflict, std::move(message));
}

// One control on one execution.
class Application {
 public:
  Application(ExecutionState& state, Changes& changes, const Actor& actor,
              const std::function<Uuid()>& new_id, Time now)
      : state_(state), change_(state, changes, now), actor_(actor), new_id_(new_id), now_(now) {}

  Result<void> operator()(const Pause& /*pause*/) {
    if (auto open = not_over(); !open) return open;
    if (state_.status == ExecutionStatus::kPaused) return conflict("The execution is paused already.");
    change_.set(ExecutionStatus::kPaused);
    return {};
  }

  Result<void> operator()(const Resume& /*resume*/) {
    if (auto open = not_over(); !open) return open;
    if (state_.status != ExecutionStatus::kPaused) return conflict("The execution is not paused.");
    change_.set(ExecutionStatus::kRunning);
    return {};
  }

  Result<void> operator()(const Stop& /*stop*/) {
    if (state_.stop_requested_at && !is_terminal(state_.status)) return {};
    if (auto open = not_over(); !open) return open;
    change_.touch();
    state_.stop_requested_at = now_;
    state_.stop_requested_by = actor_.person;
    return {};
  }

  Result<void> operator()(const Approve& approve) {
    const auto index = awaiting_approval(approve.step);
    if (!index) return std::unexpected(index.error());
    const auto& approval = *state_.steps[*index].approval;
    const bool wrote_or_started = actor_.person == state_.requested_by || actor_.person == state_.author;
    if (approval.other_person && wrote_or_started) {
      return failure(ErrorCode::kForbidden,
                     "Another person must approve this step: neither who started the execution nor who wrote "
                     "the runbook.");
    }
    if (approve.digest != approval.digest)
      return conflict("The digest is not that of what waits here: look at the step again.");
    if (is_given(approval)) return conflict("The step is approved already.");
    if (now_ >= approval.expires_at) return conflict("The time to approve the step is over.");
    if (std::ranges::find(approval.given, actor_.person, &ApprovalGiven::person) != approval.given.end())
      return conflict("You have approved this step already; another person has to.");
    change_.touch(*index).approval->given.push_back({actor_.person, actor_.name, now_, approve.note});
    return {};
  }

  Result<void> operator()(const Reject& reject) {
    const auto index = awaiting_approval(reject.step);
    if (!index) return std::unexpected(index.error());
    const auto by = actor_.name.empty() ? std::string("a person") : actor_.name;
    auto reason = reject.reason.empty() ? fmt::format("rejected by {}", by)
                                        : fmt::format("rejected by {}: {}", by, reject.reason);
    change_.finish(*index, {StepStatus::kStopped, std::move(reason), std::nullopt});
    state_.steps[*index].completed_by = actor_.person;
    state_.steps[*index].completed_by_name = actor_.name;
    change_.end(ExecutionStatus::kStopped, SkipCause::kStop, "an earlier step was rejected");
    return {};
  }

  Result<void> operator()(const Complete& complete) {
    const auto index = step_of_open(complete.step);
    if (!index) return std::unexpected(index.error());
    auto& step = state_.steps[*index];
    if (step.status != StepStatus::kAwaitingInput)
      return conflict(fmt::format("The step is {}; nobody is asked to tick it off.", to_string(step.status)));
    change_.finish(*index, {});
    step.completed_by = actor_.person;
    step.completed_by_name = actor_.name;
    step.note = complete.note;
    return {};
  }

  Result<void> operator()(const Skip& skip) {
    const auto index = step_of_open(skip.step);
    if (!index) return std::unexpected(index.error());
    auto& step = state_.steps[*index];
    const bool timer = std::holds_alternative<TimerConfig>(step.block.config);
    if (is_terminal(step.status) || (step.status == StepStatus::kRunning && !timer)) {
      return conflict(fmt::format("The step is {}; only steps that wait and running timers can be skipped.",
                                  to_string(step.status)));
    }
    change_.skip(*index, SkipCause::kPerson, skip.reason);
    step.completed_by = actor_.person;
    step.completed_by_name = actor_.name;
    return {};
  }

  Result<void> operator()(const Retry& retry) {
    const auto found = find(retry.step);
    if (!found) return std::unexpected(found.error());
    if (state_.status != ExecutionStatus::kFailed || state_.stop_requested_at) {
      return conflict(
          fmt::format("The execution is {}; steps of failed ones are retried.", to_string(state_.status)));
    }
    const auto& step = state_.steps[*found];
    if (step.status != StepStatus::kError && step.status != StepStatus::kUnknown) {
      return conflict(
          fmt::format("The step is {}; only steps that failed are retried.", to_string(step.status)));
    }
    const bool newest = std::ranges::none_of(state_.steps, [&step](const StepState& other) {
      return other.block.order == step.block.order && other.attempt > step.attempt;
    });
    if (!newest) return conflict("The step was retried already: retry its newest attempt.");
    const auto hosts = hosts_to_retry(step, retry.hosts);
    if (!hosts) return std::unexpected(hosts.error());
    const int order = step.block.order;
    change_.add_step(repeat_on(step, *hosts, new_id_));
    reopen(order);
    return {};
  }

 private:
  Result<std::size_t> find(const Uuid& id) const {
    const auto found = std::ranges::find(state_.steps, id, &StepState::id);
    if (found == state_.steps.end()) return failure(ErrorCode::kNotFound, "The execution has no such step.");
    return static_cast<std::size_t>(found - state_.steps.begin());
  }

  Result<void> not_over() const {
    if (is_terminal(state_.status))
      return conflict(fmt::format("The execution is {} already.", to_string(state_.status)));
    if (state_.stop_requested_at) return conflict("The execution is being stopped.");
    return {};
  }

  Result<std::size_t> step_of_open(const Uuid& id) const {
    auto found = find(id);
    if (!found) return found;
    if (auto open = not_over(); !open) return std::unexpected(open.error());
    return found;
  }

  Result<std::size_t> awaiting_approval(const Uuid& id) const {
    if (!actor_.may_approve_any && actor_.person != state_.requested_by) {
      return failure(ErrorCode::kForbidden,
                     "You may approve and reject only in executions that you started.");
    }
    auto found = step_of_open(id);
    if (!found) return found;
    const auto& step = state_.steps[*found];
    if (step.status != StepStatus::kAwaitingApproval || !step.approval)
      return conflict(fmt::format("The step is {}; it does not wait for approval.", to_string(step.status)));
    return found;
  }

  // Places of the attempts to repeat: those of the named hosts, or of all that failed.
  Result<std::vector<std::size_t>> hosts_to_retry(const StepState& step,
                                                  const std::vector<std::string>& names) const {
    const auto current = current_attempts(step);
    std::set<std::size_t> chosen;
    for (const auto& name : names) {
      const auto id = Uuid::parse(name);
      const auto is_it = [&](std::size_t i) {
        return step.attempts[i].host == name || (id && step.attempts[i].agent == *id);
      };
      if (std::ranges::count_if(current, is_it) > 1)
        return failure(ErrorCode::kInvalid, fmt::format("Several hosts are called {}: give the id.", name));
      const auto found = std::ranges::find_if(current, is_it);
      if (found == current.end())
        return failure(ErrorCode::kInvalid, fmt::format("{} is not a host of this step.", name));
      chosen.insert(*found);
    }
    std::vector<std::size_t> hosts;
    for (const auto i : current) {
      const bool failed = step.attempts[i].status != AttemptStatus::kSuccess;
      if (names.empty() ? failed : chosen.contains(i)) hosts.push_back(i);
    }
    if (hosts.empty() && !current.empty()) return conflict("No host of the step failed.");
    return hosts;
  }

  // The only way back: what was skipped because of the failure gets its turn after all.
  void reopen(int order) {
    change_.set(ExecutionStatus::kRunning);
    state_.end_time.reset();
    for (const auto index : current_steps(state_)) {
      auto& step = state_.steps[index];
      if (step.block.order <= order || step.skip_cause != SkipCause::kFailure) continue;
      change_.set(index, StepStatus::kPending);
      step.skip_cause.reset();
      step.reason.clear();
      step.end_time.reset();
    }
  }

  ExecutionState& state_;
  Transition change_;
  const Actor& actor_;
  const std::function<Uuid()>& new_id_;
  Time now_;
};

}  // namespace

Result<void> apply(ExecutionState& state, Changes& changes, const Control& control, const Actor& actor,
                   const std::function<Uuid()>& new_id, Time now) {
  return std::visit(Application(state, changes, actor, new_id, now), control);
}

}  // namespace runbook::domain
