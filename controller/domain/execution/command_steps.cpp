// Command steps: waiting for approval or not, the rollout over hosts, deadlines, commands that were lost
// before they began, the stop.
#include <algorithm>

#include "controller/domain/execution/step_result.hpp"
#include "controller/domain/execution/turn.hpp"

namespace runbook::domain {
namespace {

constexpr std::string_view kTooManyFailed = "too many hosts failed before its turn";

const CommandConfig& config_of(const StepState& step) { return std::get<CommandConfig>(step.block.config); }

ApprovalState approval_of(const ExecutionState& state, const Approval& wanted, std::string digest, Time now) {
  ApprovalState approval{.digest = std::move(digest),
                         .required = wanted.required,
                         .other_person = wanted.other_person,
                         .expires_at = now + wanted.expires};
  if (state.preapproved && !wanted.other_person)
    approval.given.push_back({state.requested_by, state.requested_by_name, now, "given in advance"});
  return approval;
}

void not_started(Turn& turn, std::size_t index, std::string_view reason) {
  const auto& attempts = turn.step(index).attempts;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    if (attempts[i].status == AttemptStatus::kQueued)
      turn.change.end_attempt({index, i}, AttemptStatus::kNotStarted, reason);
  }
}

// A command that was lost before it could start is queued again, a few times; its fate is certain.
bool may_go_again(const AttemptState& attempt) {
  return attempt.status == AttemptStatus::kNotStarted && attempt.lost && attempt.number <= kRedispatches;
}

// Hosts that failed for good.
std::size_t failures(const StepState& step) {
  const auto counts = count_hosts(step);
  const auto hosts = current_attempts(step);
  const auto lost =
      std::ranges::count_if(hosts, [&step](std::size_t i) { return may_go_again(step.attempts[i]); });
  return counts.failed + counts.unknown - static_cast<std::size_t>(lost);
}

void redispatch(Turn& turn, std::size_t index) {
  for (const auto i : current_attempts(turn.step(index))) {
    const auto& lost = turn.step(index).attempts[i];
    if (!may_go_again(lost)) continue;
    AttemptState again;
    again.id = turn.world.new_id();
    again.agent = lost.agent;
    again.host = lost.host;
    again.labels = lost.labels;
    again.host_index = lost.host_index;
    again.number = lost.number + 1;
    turn.change.add_attempt(index, std::move(again));
  }
}

// Since when the command could run: approvals come before its time.
Time begin_of(const StepState& step, Time now) {
  Time begin = step.start_time.value_or(now);
  if (step.approval) {
    for (const auto& given : step.approval->given) begin = std::max(begin, given.at);
  }
  return begin;
}

// A place is free for attempt `i`. False when its agent is not waited for any longer.
bool dispatch_one(Turn& turn, std::size_t index, std::size_t i) {
  auto& step = turn.step(index);
  auto& attempt = step.attempts[i];
  if (const auto incarnation = turn.world.connected(attempt.agent)) {
    turn.change.set({index, i}, AttemptStatus::kDispatched);
    attempt.incarnation = incarnation;
    attempt.dispatched_at = turn.now;
    return true;
  }
  if (!attempt.waiting_since) attempt.waiting_since = turn.now;
  Time until = *attempt.waiting_since + kAgentWait;
  const auto& config = config_of(step);
  if (config.wait_for_offline) until = std::max(until, begin_of(step, turn.now) + config.timeout);
  if (turn.now < until) {
    turn.wake(until);
    return true;
  }
  turn.change.end_attempt({index, i}, AttemptStatus::kNotStarted, "agent offline");
  return false;
}

void dispatch(Turn& turn, std::size_t index) {
  const auto& config = config_of(turn.step(index));
  const auto allowed = allowed_failures(turn.state, index);
  auto failed = failures(turn.step(index));
  if (failed > allowed) return not_started(turn, index, kTooManyFailed);
  redispatch(turn, index);
  if (turn.paused) {
    for (auto& attempt : turn.step(index).attempts) attempt.waiting_since.reset();
    return;
  }
  const auto total = block_hosts(turn.state, turn.step(index).block.order);
  std::size_t places = total;
  if (config.max_parallel.value > 0)
    places = static_cast<std::size_t>(std::max(1, host_share(config.max_parallel, total)));
  auto active = count_hosts(turn.step(index)).active;
  for (const auto i : current_attempts(turn.step(index))) {
    const auto& attempt = turn.step(index).attempts[i];
    if (attempt.status != AttemptStatus::kQueued) continue;
    if (active >= places) return;
    if (!dispatch_one(turn, index, i) && ++failed > allowed) return not_started(turn, index, kTooManyFailed);
    if (is_active(attempt.status)) ++active;
  }
}

// The agent ends a command whose time is over. When nothing is heard of it long after, it is told to stop;
// when that does not help either, or nobody is there to be told, the result stays unknown.
void watch_deadlines(Turn& turn, std::size_t index) {
  const auto& step = turn.step(index);
  const auto& config = config_of(step);
  for (std::size_t i = 0; i < step.attempts.size(); ++i) {
    const auto& attempt = step.attempts[i];
    if (!is_active(attempt.status)) continue;
    const Time overdue =
        attempt.dispatched_at.value_or(turn.now) + config.timeout + config.stop_grace + kResultMargin;
    const Time lost = overdue + config.stop_grace + kStopGiveUp;
    if (turn.now < overdue) {
      turn.wake(overdue);
    } else if (turn.now >= lost || !turn.world.connected(attempt.agent)) {
      turn.change.end_attempt({index, i}, AttemptStatus::kUnknown,
                              "no result long after the command's time was over");
    } else {
      turn.plan.stops.push_back({index, i});
      turn.wake(lost);
    }
  }
}

void finish_if_over(Turn& turn, std::size_t index) {
  const auto counts = count_hosts(turn.step(index));
  if (counts.active + counts.queued == 0) turn.change.finish(index, judge_step(turn.state, index));
}

}  // namespace

void begin_command(Turn& turn, std::size_t index, const Prepared& prepared) {
  auto& step = turn.step(index);
  turn.change.start(index, StepStatus::kRunning);
  if (step.attempts.empty())
    return turn.change.finish(index, {StepStatus::kError, "no host matches the targets", std::nullopt});
  const auto& config = config_of(step);
  if (!config.approval || (step.approval && is_given(*step.approval))) return;
  step.approval = approval_of(turn.state, *config.approval, prepared.digest, turn.now);
  if (!is_given(*step.approval)) turn.change.set(index, StepStatus::kAwaitingApproval);
}

void carry_on_command(Turn& turn, std::size_t index) {
  if (turn.step(index).attempts.empty())
    return turn.change.finish(index, {StepStatus::kError, "no host matches the targets", std::nullopt});
  watch_deadlines(turn, index);
  dispatch(turn, index);
  finish_if_over(turn, index);
}

void stop_command(Turn& turn, std::size_t index) {
  not_started(turn, index, "stopped before it began");
  const auto& step = turn.step(index);
  const Time give_up = *turn.state.stop_requested_at + config_of(step).stop_grace + kStopGiveUp;
  for (std::size_t i = 0; i < step.attempts.size(); ++i) {
    if (!is_active(step.attempts[i].status)) continue;
    if (turn.now >= give_up) {
      turn.change.end_attempt({index, i}, AttemptStatus::kUnknown, "the stop was not confirmed");
    } else {
      turn.plan.stops.push_back({index, i});
      turn.wake(give_up);
    }
  }
  finish_if_over(turn, index);
}

}  // namespace runbook::domain
