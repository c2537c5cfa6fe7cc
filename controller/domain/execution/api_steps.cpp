// API steps: one request after another inside the step's time, each stored before it is sent.
#include <fmt/format.h>

#include <algorithm>

#include "controller/domain/execution/turn.hpp"

namespace runbook::domain {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr microseconds kBackoffFirst{500'000};
constexpr microseconds kBackoffMost{10'000'000};
constexpr std::string_view kMayHaveArrived = "it may have been received, and must not be sent twice";

const ApiConfig& config_of(const StepState& step) { return std::get<ApiConfig>(step.block.config); }

bool is_open(const StepState& step) { return !step.tries.empty() && !step.tries.back().end; }

Time deadline_of(const StepState& step, Time now) {
  return step.start_time.value_or(now) + config_of(step).timeout;
}

// When another try may begin, nothing when there is none.
std::optional<Time> next_try(const StepState& step, const ApiOutcome& outcome, Time now) {
  const auto& config = config_of(step);
  const auto sent = step.tries.size();
  if (!outcome.transient || (outcome.sent && !step.repeatable)) return std::nullopt;
  if (sent > static_cast<std::size_t>(std::max(0, config.retries))) return std::nullopt;
  const auto most = std::min(kBackoffMost, kBackoffFirst * (1 << std::min<std::size_t>(sent - 1, 10)));
  const auto pause = microseconds(
      static_cast<std::int64_t>(std::clamp(outcome.jitter, 0.0, 1.0) * static_cast<double>(most.count())));
  const Time at = std::max(now + pause, outcome.not_before.value_or(now));
  if (at >= deadline_of(step, now)) return std::nullopt;
  return at;
}

// The step's result once there is no further try.
StepResult result_of(const StepState& step, const ApiOutcome& outcome, bool stopped) {
  if (outcome.error.empty()) return {};
  const bool in_doubt = outcome.sent && !outcome.http_status && !step.repeatable;
  if (stopped && !outcome.http_status) {
    if (in_doubt) return {StepStatus::kUnknown, fmt::format("stopped under way: {}", kMayHaveArrived), {}};
    return {StepStatus::kStopped, "the execution was stopped", {}};
  }
  auto reason = in_doubt ? fmt::format("{}; {}", outcome.error, kMayHaveArrived) : outcome.error;
  return {StepStatus::kError, std::move(reason), std::nullopt};
}

}  // namespace

void begin_request(Turn& turn, std::size_t index, const Prepared& prepared) {
  turn.change.start(index, StepStatus::kRunning);
  turn.step(index).repeatable = prepared.repeatable;
}

void carry_on_request(Turn& turn, std::size_t index) {
  auto& step = turn.step(index);
  if (is_open(step)) return;  // its end is told by end_try()
  const Time deadline = deadline_of(step, turn.now);
  if (turn.now >= deadline && !step.tries.empty()) {
    return turn.change.finish(
        index, {StepStatus::kError, "its time was over before the next try: " + step.tries.back().error, {}});
  }
  if (turn.paused) return turn.wake(deadline);
  const Time at = step.tries.empty() ? turn.now : step.tries.back().next_try_at.value_or(turn.now);
  if (turn.now < at) return turn.wake(at);
  turn.change.touch(index).tries.push_back({.at = turn.now});
  turn.plan.calls.push_back(index);
}

void stop_request(Turn& turn, std::size_t index) {
  auto& step = turn.step(index);
  const Time give_up = *turn.state.stop_requested_at + kStopGiveUp;
  if (is_open(step) && turn.now < give_up) {
    turn.plan.cancels.push_back(index);
    return turn.wake(give_up);
  }
  if (is_open(step)) return lose_try(turn.state, turn.plan.changes, index, turn.now);
  turn.change.finish(index, {StepStatus::kStopped, "the execution was stopped", std::nullopt});
}

void end_try(ExecutionState& state, Changes& changes, std::size_t index, ApiOutcome outcome, Time now) {
  Transition change(state, changes, now);
  if (!is_open(state.steps[index]) || state.steps[index].status != StepStatus::kRunning) return;
  auto& step = change.touch(index);
  auto& last = step.tries.back();
  last.end = now;
  last.http_status = outcome.http_status;
  last.error = outcome.error;
  if (!outcome.result.is_null()) step.result = std::move(outcome.result);
  const bool stopped = state.stop_requested_at.has_value();
  if (!outcome.error.empty() && !stopped) last.next_try_at = next_try(step, outcome, now);
  if (!last.next_try_at) change.finish(index, result_of(step, outcome, stopped));
}

void lose_try(ExecutionState& state, Changes& changes, std::size_t index, Time now) {
  const auto& step = state.steps[index];
  if (!is_open(step) || step.status != StepStatus::kRunning) return;
  if (!step.repeatable && !state.stop_requested_at) {
    Transition change(state, changes, now);
    auto& lost = change.touch(index);
    lost.tries.back().end = now;
    lost.tries.back().error = "its controller was lost while it was under way";
    return change.finish(
        index,
        {StepStatus::kUnknown, fmt::format("its controller was lost under way: {}", kMayHaveArrived), {}});
  }
  end_try(state, changes, index,
          {.error = "its controller was lost while it was under way", .transient = true}, now);
}

}  // namespace runbook::domain
