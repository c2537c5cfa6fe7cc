#include "controller/domain/execution/step_result.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "controller/domain/execution/transition.hpp"

namespace runbook::domain {
namespace {

StepResult judge(const StepState& step, std::size_t allowed, bool stop_requested) {
  const auto counts = count_hosts(step);
  const auto hosts = current_attempts(step);
  StepResult result;
  for (const auto index : hosts) {
    const auto& attempt = step.attempts[index];
    if (attempt.exit_code && result.exit_code.value_or(0) == 0) result.exit_code = attempt.exit_code;
  }
  if (step.status == StepStatus::kRunning && !step.reason.empty()) {
    result.status = StepStatus::kError;  // settled while commands still ran
    result.reason = step.reason;
  } else if (stop_requested && counts.unknown + counts.cut_off > 0) {
    result.status = counts.unknown > 0 ? StepStatus::kUnknown : StepStatus::kStopped;
    result.reason = counts.unknown > 0 ? fmt::format("the stop was not confirmed by {} of {} hosts",
                                                     counts.unknown, hosts.size())
                                       : "the execution was stopped";
  } else if (counts.failed > allowed) {
    result.status = StepStatus::kError;
    result.reason = fmt::format("{} of {} hosts failed", counts.failed, hosts.size());
  } else if (counts.failed + counts.unknown > allowed) {
    result.status = StepStatus::kUnknown;
    result.reason = fmt::format("the result of {} of {} hosts is unknown", counts.unknown, hosts.size());
  }
  return result;
}

// Hosts that failed in earlier rows of the block and are not in this one.
std::size_t left_failed(const ExecutionState& state, const StepState& step) {
  std::map<Uuid, std::pair<int, AttemptStatus>> newest;
  for (const auto& row : state.steps) {
    if (row.block.order != step.block.order || row.attempt > step.attempt) continue;
    for (const auto index : current_attempts(row)) {
      auto& entry = newest[row.attempts[index].agent];
      if (row.attempt >= entry.first) entry = {row.attempt, row.attempts[index].status};
    }
  }
  return static_cast<std::size_t>(std::ranges::count_if(newest, [&step](const auto& entry) {
    const auto& [attempt, status] = entry.second;
    return attempt < step.attempt && status != AttemptStatus::kSuccess;
  }));
}

}  // namespace

HostCounts count_hosts(const StepState& step) {
  HostCounts counts;
  for (const auto index : current_attempts(step)) {
    const auto status = step.attempts[index].status;
    if (status == AttemptStatus::kQueued)
      ++counts.queued;
    else if (is_active(status))
      ++counts.active;
    else if (status == AttemptStatus::kSuccess)
      ++counts.success;
    else if (status == AttemptStatus::kUnknown)
      ++counts.unknown;
    else
      ++counts.failed;
    if (status == AttemptStatus::kStopped || status == AttemptStatus::kNotStarted) ++counts.cut_off;
  }
  return counts;
}

std::size_t block_hosts(const ExecutionState& state, int order) {
  std::size_t most = 0;
  for (const auto& step : state.steps) {
    if (step.block.order == order) most = std::max(most, current_attempts(step).size());
  }
  return most;
}

std::size_t allowed_failures(const ExecutionState& state, std::size_t step) {
  const auto& row = state.steps[step];
  const auto& share = std::get<CommandConfig>(row.block.config).max_failures;
  const auto allowed = static_cast<std::size_t>(host_share(share, block_hosts(state, row.block.order)));
  if (row.attempt == 1) return allowed;
  return allowed - std::min(allowed, left_failed(state, row));
}

StepState repeat_on(const StepState& step, const std::vector<std::size_t>& hosts,
                    const std::function<Uuid()>& new_id) {
  StepState row;
  row.id = new_id();
  row.block = step.block;
  row.attempt = step.attempt + 1;
  row.resolved = !hosts.empty();
  for (const auto index : hosts) {
    const auto& before = step.attempts[index];
    AttemptState attempt;
    attempt.id = new_id();
    attempt.agent = before.agent;
    attempt.host = before.host;
    attempt.labels = before.labels;
    attempt.host_index = static_cast<int>(row.attempts.size());
    row.attempts.push_back(std::move(attempt));
  }
  return row;
}

StepResult judge_step(const ExecutionState& state, std::size_t step) {
  return judge(state.steps[step], allowed_failures(state, step), state.stop_requested_at.has_value());
}

}  // namespace runbook::domain
