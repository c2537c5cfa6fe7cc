// What happens next in an execution: a function of (state, agents, now), without clock, I/O or randomness.
// The engine loads a state, lets advance() change it, stores what changed in one transaction, and only then
// sends.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/execution/execution_state.hpp"

namespace runbook::domain {

inline constexpr std::chrono::seconds kAgentWait{30};  // how long a queued command waits for its agent
inline constexpr std::chrono::seconds kStopGiveUp{
    60};  // beyond the grace, until a stop counts as not confirmed
inline constexpr std::chrono::seconds kResultMargin{
    30};                                 // beyond timeout and grace, until a result is overdue
inline constexpr int kRedispatches = 5;  // of one command on one host, after links or controllers were lost

// What changed and what else to do after it was stored.
struct Plan {
  Changes changes;
  // Fill in this step's `prepared`, and of a command that is not `resolved` its hosts as queued attempts
  // (each noted in changes.new_attempts, also when there are none: resolved), then advance again.
  std::optional<std::size_t> prepare;
  std::vector<std::size_t> calls;    // API steps whose open try is to be sent now, after the commit
  std::vector<AttemptPlace> stops;   // commands that should be told to stop, again on every new link
  std::vector<std::size_t> cancels;  // API steps whose request should be given up
  std::optional<Time> wake_at;       // advance again then, if nothing happened before
};

// What a decision may ask its surroundings.
struct World {
  std::function<std::optional<Uuid>(const Uuid& agent)> connected;  // its process, nothing while offline
  std::function<Uuid()> new_id;
};

// Moves `state` as far as it goes without news from outside. `plan.changes` may hold the changes of an
// earlier call that are not stored yet; the rest is made anew.
void advance(ExecutionState& state, Plan& plan, const World& world, Time now);

// How one request of an API step ended.
struct ApiOutcome {
  std::optional<int> http_status = {};
  std::string error = {};               // empty: an answer with an expected status
  bool transient = false;               // worth another try: no answer, 408, 425, 429, 5xx, an open circuit
  bool sent = true;                     // false: it certainly did not leave (an open circuit, no connection)
  std::optional<Time> not_before = {};  // Retry-After, or when the circuit may be tried again
  boost::json::value result = {};       // {http_status, headers, body, json}
  double jitter = 1.0;                  // in [0, 1), from a source of randomness
};

// Ends the open try of `step`: with the time of the next one, or with the step's result when there is none.
// advance() then begins the next one. Callers tell tries apart by their number: a late end of an earlier try
// must not be given here.
void end_try(ExecutionState& state, Changes& changes, std::size_t step, ApiOutcome outcome, Time now);
// The same for a try that nobody is waiting for any more: its controller was lost while it was under way.
void lose_try(ExecutionState& state, Changes& changes, std::size_t step, Time now);

// The result of a command step whose attempts have all ended, by its rollout's max_failures. A repeat on
// fewer hosts is judged by the share of all the block's hosts, less those that failed and are not repeated.
struct StepResult {
  StepStatus status = StepStatus::kSuccess;
  std::string reason = {};
  std::optional<int> exit_code = {};  // the first non-zero one in host order
};
StepResult judge_step(const ExecutionState& state, std::size_t step);

// Whether an approval is complete.
bool is_given(const ApprovalState& approval);

// Host order: runs of digits compare as numbers, so that web2 comes before web10.
bool host_before(std::string_view left, std::string_view right);

// `share` of `total` hosts, percentages rounded down.
int host_share(const HostShare& share, std::size_t total);

}  // namespace runbook::domain
