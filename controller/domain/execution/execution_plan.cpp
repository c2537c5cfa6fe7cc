#include "controller/domain/execution/execution_plan.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace runbook::domain {
namespace {

constexpr std::array<std::string_view, 8> kExecutionWords = {
    "pending", "running", "awaiting_approval", "awaiting_input", "paused", "completed", "failed", "stopped"};
constexpr std::array<std::string_view, 9> kStepWords = {"pending", "awaiting_approval", "awaiting_input",
                                                        "running", "success",           "error",
                                                        "skipped", "stopped",           "unknown"};

template <class Enum, std::size_t N>
std::optional<Enum> by_word(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

bool is_active(AttemptStatus status) {
  return status == AttemptStatus::kDispatched || status == AttemptStatus::kRunning;
}

struct Counts {
  std::size_t active = 0;
  std::size_t queued = 0;
  std::size_t success = 0;
  std::size_t unknown = 0;
  std::size_t failed = 0;   // error, timed_out, stopped, not_started
  std::size_t cut_off = 0;  // of these: stopped, not_started
};

Counts count(const StepState& step) {
  Counts counts;
  for (const auto& attempt : step.attempts) {
    if (attempt.status == AttemptStatus::kQueued)
      ++counts.queued;
    else if (is_active(attempt.status))
      ++counts.active;
    else if (attempt.status == AttemptStatus::kSuccess)
      ++counts.success;
    else if (attempt.status == AttemptStatus::kUnknown)
      ++counts.unknown;
    else
      ++counts.failed;
    if (attempt.status == AttemptStatus::kStopped || attempt.status == AttemptStatus::kNotStarted)
      ++counts.cut_off;
  }
  return counts;
}

// One call of advance(): changes the state and notes what was stored before each change.
class Advance {
 public:
  Advance(ExecutionState& state, Plan& plan, const ConnectedAgents& connected, Time now)
      : state_(state), plan_(plan), connected_(connected), now_(now) {
    plan_.resolve.reset();
    plan_.stops.clear();
    plan_.wake_at.reset();
  }

  void run() {
    if (is_terminal(state_.status)) return;
    if (state_.stop_requested_at) return run_stop();
    if (state_.status == ExecutionStatus::kPending) {
      set(ExecutionStatus::kRunning);
      state_.start_time = now_;
    }
    for (std::size_t index = 0; index < state_.steps.size(); ++index) {
      if (is_terminal(state_.steps[index].status)) continue;
      if (!carry_on(index)) return;
      if (ends_execution(state_.steps[index])) return end_after_failure();
    }
    const bool unknown = std::ranges::any_of(
        state_.steps, [](const StepState& step) { return step.status == StepStatus::kUnknown; });
    end(unknown ? ExecutionStatus::kFailed : ExecutionStatus::kCompleted);
  }

 private:
  static bool ends_execution(const StepState& step) {
    const bool failed = step.status == StepStatus::kError || step.status == StepStatus::kUnknown;
    return failed && !step.block.continue_on_failure;
  }

  // True when the step has ended.
  bool carry_on(std::size_t index) {
    auto& step = state_.steps[index];
    const auto* instruction = std::get_if<InstructionConfig>(&step.block.config);
    if (step.status == StepStatus::kPending) {
      step.start_time = now_;
      if (instruction && instruction->acknowledge) {
        set(index, StepStatus::kAwaitingInput);
      } else if (instruction) {
        finish(index, {});
        return true;
      } else {
        set(index, StepStatus::kRunning);
      }
    }
    if (step.status == StepStatus::kAwaitingInput) {
      set(ExecutionStatus::kAwaitingInput);
      return false;
    }
    set(ExecutionStatus::kRunning);
    if (step.attempts.empty()) return without_hosts(index);
    dispatch(index);
    watch_deadlines(index);
    return finish_if_over(index);
  }

  bool without_hosts(std::size_t index) {
    if (!state_.steps[index].resolved) {
      plan_.resolve = index;
      return false;
    }
    finish(index, {StepStatus::kError, "no host matches the targets", std::nullopt});
    return true;
  }

  void dispatch(std::size_t index) {
    auto& step = state_.steps[index];
    const auto& config = std::get<CommandConfig>(step.block.config);
    const auto total = step.attempts.size();
    auto counts = count(step);
    const auto allowed = static_cast<std::size_t>(host_share(config.max_failures, total));
    std::size_t places = total;
    if (config.max_parallel.value > 0) {
      places = static_cast<std::size_t>(std::max(1, host_share(config.max_parallel, total)));
    }
    for (std::size_t i = 0; i < total && counts.queued > 0; ++i) {
      if (counts.failed + counts.unknown > allowed)
        return not_started(index, "too many hosts failed before its turn");
      auto& attempt = step.attempts[i];
      if (attempt.status != AttemptStatus::kQueued) continue;
      if (counts.active >= places) return;
      if (const auto incarnation = connected_(attempt.agent)) {
        set({index, i}, AttemptStatus::kDispatched);
        attempt.incarnation = incarnation;
        attempt.dispatched_at = now_;
        ++counts.active;
        --counts.queued;
      } else if (now_ < attempt.waiting_since.value_or(now_) + kAgentWait) {
        if (!attempt.waiting_since) attempt.waiting_since = now_;
        wake(*attempt.waiting_since + kAgentWait);
      } else {
        end_attempt({index, i}, AttemptStatus::kNotStarted, "agent offline");
        ++counts.failed;
        --counts.queued;
      }
    }
    if (counts.failed + counts.unknown > allowed) not_started(index, "too many hosts failed before its turn");
  }

  void not_started(std::size_t index, std::string_view reason) {
    auto& attempts = state_.steps[index].attempts;
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      if (attempts[i].status == AttemptStatus::kQueued)
        end_attempt({index, i}, AttemptStatus::kNotStarted, reason);
    }
  }

  // The agent ends a command whose time is over. When nothing is heard of it long after, it is told to stop;
  // when that does not help either, or nobody is there to be told, the result stays unknown.
  void watch_deadlines(std::size_t index) {
    auto& step = state_.steps[index];
    const auto& config = std::get<CommandConfig>(step.block.config);
    for (std::size_t i = 0; i < step.attempts.size(); ++i) {
      const auto& attempt = step.attempts[i];
      if (!is_active(attempt.status)) continue;
      const Time overdue =
          attempt.dispatched_at.value_or(now_) + config.timeout + config.stop_grace + kResultMargin;
      const Time lost = overdue + config.stop_grace + kStopGiveUp;
      if (now_ < overdue) {
        wake(overdue);
      } else if (now_ >= lost || !connected_(attempt.agent)) {
        end_attempt({index, i}, AttemptStatus::kUnknown, "no result long after the command's time was over");
      } else {
        plan_.stops.push_back({index, i});
        wake(lost);
      }
    }
  }

  bool finish_if_over(std::size_t index) {
    auto& step = state_.steps[index];
    const auto counts = count(step);
    if (counts.active + counts.queued > 0) return false;
    finish(index, judge_step(step, state_.stop_requested_at.has_value()));
    return true;
  }

  void run_stop() {
    for (std::size_t index = 0; index < state_.steps.size(); ++index) {
      auto& step = state_.steps[index];
      if (is_terminal(step.status)) continue;
      if (step.status == StepStatus::kPending) {
        finish(index, {StepStatus::kSkipped, "the execution was stopped", std::nullopt});
      } else if (step.status != StepStatus::kRunning) {
        finish(index, {StepStatus::kStopped, "the execution was stopped", std::nullopt});
      } else if (step.attempts.empty()) {
        finish(index, {StepStatus::kStopped, "the execution was stopped", std::nullopt});
      } else {
        stop_attempts(index);
        if (!finish_if_over(index)) return;
      }
    }
    end(ExecutionStatus::kStopped);
  }

  void stop_attempts(std::size_t index) {
    auto& step = state_.steps[index];
    const auto& config = std::get<CommandConfig>(step.block.config);
    not_started(index, "stopped before it began");
    for (std::size_t i = 0; i < step.attempts.size(); ++i) {
      if (!is_active(step.attempts[i].status)) continue;
      const Time give_up = *state_.stop_requested_at + config.stop_grace + kStopGiveUp;
      if (now_ >= give_up) {
        end_attempt({index, i}, AttemptStatus::kUnknown, "the stop was not confirmed");
      } else {
        plan_.stops.push_back({index, i});
        wake(give_up);
      }
    }
  }

  void end_after_failure() {
    for (std::size_t index = 0; index < state_.steps.size(); ++index) {
      if (is_terminal(state_.steps[index].status)) continue;
      finish(index, {StepStatus::kSkipped, "an earlier step failed", std::nullopt});
    }
    end(ExecutionStatus::kFailed);
  }

  void end(ExecutionStatus status) {
    set(status);
    state_.end_time = now_;
  }

  void finish(std::size_t index, StepResult result) {
    auto& step = state_.steps[index];
    set(index, result.status);
    step.reason = std::move(result.reason);
    step.exit_code = result.exit_code;
    step.end_time = now_;
  }

  void end_attempt(AttemptPlace place, AttemptStatus status, std::string_view reason) {
    auto& attempt = state_.steps[place.step].attempts[place.attempt];
    set(place, status);
    attempt.reason = reason;
    attempt.end_time = now_;
  }

  void set(ExecutionStatus status) {
    if (state_.status == status) return;
    if (!plan_.execution_was) plan_.execution_was = state_.status;
    state_.status = status;
  }

  void set(std::size_t index, StepStatus status) {
    plan_.steps_were.try_emplace(index, state_.steps[index].status);
    state_.steps[index].status = status;
  }

  void set(AttemptPlace place, AttemptStatus status) {
    auto& attempt = state_.steps[place.step].attempts[place.attempt];
    plan_.attempts_were.emplace_back(place, attempt.status);
    attempt.status = status;
  }

  void wake(Time at) {
    if (!plan_.wake_at || at < *plan_.wake_at) plan_.wake_at = at;
  }

  ExecutionState& state_;
  Plan& plan_;
  const ConnectedAgents& connected_;
  Time now_;
};

}  // namespace

std::string_view to_string(ExecutionStatus status) {
  return kExecutionWords[static_cast<std::size_t>(status)];
}
std::string_view to_string(StepStatus status) { return kStepWords[static_cast<std::size_t>(status)]; }

std::optional<ExecutionStatus> execution_status(std::string_view word) {
  return by_word<ExecutionStatus>(kExecutionWords, word);
}

std::optional<StepStatus> step_status(std::string_view word) { return by_word<StepStatus>(kStepWords, word); }

bool is_terminal(ExecutionStatus status) { return status >= ExecutionStatus::kCompleted; }
bool is_terminal(StepStatus status) { return status >= StepStatus::kSuccess; }

void advance(ExecutionState& state, Plan& plan, const ConnectedAgents& connected, Time now) {
  Advance(state, plan, connected, now).run();
}

StepResult judge_step(const StepState& step, bool stop_requested) {
  const auto counts = count(step);
  const auto total = step.attempts.size();
  StepResult result;
  for (const auto& attempt : step.attempts) {
    if (attempt.exit_code && result.exit_code.value_or(0) == 0) result.exit_code = attempt.exit_code;
  }
  const auto& config = std::get<CommandConfig>(step.block.config);
  const auto allowed = static_cast<std::size_t>(host_share(config.max_failures, total));
  if (stop_requested && counts.unknown + counts.cut_off > 0) {
    result.status = counts.unknown > 0 ? StepStatus::kUnknown : StepStatus::kStopped;
    result.reason = counts.unknown > 0
                        ? fmt::format("the stop was not confirmed by {} of {} hosts", counts.unknown, total)
                        : "the execution was stopped";
  } else if (counts.failed > allowed) {
    result.status = StepStatus::kError;
    result.reason = fmt::format("{} of {} hosts failed", counts.failed, total);
  } else if (counts.failed + counts.unknown > allowed) {
    result.status = StepStatus::kUnknown;
    result.reason = fmt::format("the result of {} of {} hosts is unknown", counts.unknown, total);
  }
  return result;
}

bool host_before(std::string_view left, std::string_view right) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto number = [&is_digit](std::string_view& text) {
    while (text.size() > 1 && text[0] == '0' && is_digit(text[1])) text.remove_prefix(1);
    const auto end = std::ranges::find_if_not(text, is_digit);
    const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
  };
  const auto all = std::pair{left, right};
  while (!left.empty() && !right.empty()) {
    if (is_digit(left[0]) && is_digit(right[0])) {
      const auto a = number(left);
      const auto b = number(right);
      if (a.size() != b.size()) return a.size() < b.size();
      if (a != b) return a < b;
    } else if (left[0] != right[0]) {
      return left[0] < right[0];
    } else {
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  if (left.empty() != right.empty()) return left.empty();
  return all.first < all.second;
}

int host_share(const HostShare& share, std::size_t total) {
  if (!share.percent) return share.value;
  return static_cast<int>(total * static_cast<std::size_t>(std::max(0, share.value)) / 100);
}

}  // namespace runbook::domain
