// How the hosts of a command step stand, and what that makes of the step. Pure.
#pragma once

#include <cstddef>

#include "controller/domain/execution/execution_plan.hpp"

namespace runbook::domain {

// The newest attempts of a step, counted.
struct HostCounts {
  std::size_t active = 0;
  std::size_t queued = 0;
  std::size_t success = 0;
  std::size_t unknown = 0;
  std::size_t failed = 0;   // error, timed_out, stopped, not_started
  std::size_t cut_off = 0;  // of these: stopped, not_started
};
HostCounts count_hosts(const StepState& step);

// The hosts of a block: the most that any of its rows has.
std::size_t block_hosts(const ExecutionState& state, int order);

// How many hosts of this row may fail.
std::size_t allowed_failures(const ExecutionState& state, std::size_t step);

// The next row of a command's block, to run on `hosts` (places in the old one's attempts).
StepState repeat_on(const StepState& step, const std::vector<std::size_t>& hosts,
                    const std::function<Uuid()>& new_id);

}  // namespace runbook::domain
