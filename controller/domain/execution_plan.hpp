// What happens next in an execution: functions of (state, agents, now), without clock, I/O or randomness. The
// engine loads a state, lets advance() change it, stores what changed in one transaction, and only then
// sends.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/runbook.hpp"
#include "protocol/messages/attempt.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::domain {

enum class ExecutionStatus {
  kPending,
  kRunning,
  kAwaitingApproval,
  kAwaitingInput,
  kPaused,
  kCompleted,
  kFailed,
  kStopped
};
enum class StepStatus {
  kPending,
  kAwaitingApproval,
  kAwaitingInput,
  kRunning,
  kSuccess,
  kError,
  kSkipped,
  kStopped,
  kUnknown
};

// The words of CONTRACT §2 and of the database's CHECK constraints.
std::string_view to_string(ExecutionStatus status);
std::string_view to_string(StepStatus status);
std::optional<ExecutionStatus> execution_status(std::string_view word);
std::optional<StepStatus> step_status(std::string_view word);
bool is_terminal(ExecutionStatus status);
bool is_terminal(StepStatus status);

inline constexpr std::chrono::seconds kAgentWait{30};  // how long a queued command waits for its agent
inline constexpr std::chrono::seconds kStopGiveUp{
    60};  // beyond the grace, until a stop counts as not confirmed
inline constexpr std::chrono::seconds kResultMargin{
    30};  // beyond timeout and grace, until a result is overdue

struct AttemptState {
  Uuid id;
  Uuid agent;
  std::string host;
  int host_index = 0;
  AttemptStatus status = AttemptStatus::kQueued;
  std::optional<Uuid> incarnation = {};
  std::optional<int> exit_code = {};
  std::optional<int> signal = {};
  std::string reason = {};
  std::uint64_t output_bytes = 0;
  std::optional<Time> dispatched_at = {};
  std::optional<Time> start_time = {};
  std::optional<Time> end_time = {};
  std::optional<Time> waiting_since = {};  // not stored: since when a free place waits for its agent
};

struct StepState {
  Uuid id;
  Block block;
  int attempt = 1;
  StepStatus status = StepStatus::kPending;
  std::string reason = {};
  std::optional<int> exit_code = {};
  std::string note = {};
  std::uint64_t output_bytes = 0;
  std::optional<Time> start_time = {};
  std::optional<Time> end_time = {};
  bool resolved = false;                    // its hosts are known, even when there are none
  std::vector<AttemptState> attempts = {};  // in host order
};

struct ExecutionState {
  Uuid id;
  ExecutionStatus status = ExecutionStatus::kPending;
  std::optional<Time> stop_requested_at = {};
  std::optional<Time> start_time = {};
  std::optional<Time> end_time = {};
  std::vector<StepState> steps = {};  // in block order
};

struct AttemptPlace {
  std::size_t step = 0;
  std::size_t attempt = 0;
};

// What advance() changed, with the states as they are stored so far (for the compare-and-set), and what else
// to do.
struct Plan {
  std::optional<ExecutionStatus> execution_was;
  std::map<std::size_t, StepStatus> steps_were;
  std::vector<std::pair<AttemptPlace, AttemptStatus>> attempts_were;
  std::vector<std::size_t>
      new_attempts;                    // steps whose attempts are not stored yet; noted by who resolved them
  std::optional<std::size_t> resolve;  // fill in this step's attempts, set `resolved`, and advance again
  std::vector<AttemptPlace> stops;     // commands that should be told to stop, again on every new link
  std::optional<Time> wake_at;         // advance again then, if nothing happened before

  bool changed() const { return execution_was || !steps_were.empty() || !attempts_were.empty(); }
};

// The connected process of an agent, nothing while it is offline.
using ConnectedAgents = std::function<std::optional<Uuid>(const Uuid& agent)>;

// Moves `state` as far as it goes without news from outside. `plan` may hold the changes of an earlier call
// that are not stored yet; `resolve`, `stops` and `wake_at` are made anew.
void advance(ExecutionState& state, Plan& plan, const ConnectedAgents& connected, Time now);

// The result of a command step whose attempts have all ended, by its rollout's max_failures.
struct StepResult {
  StepStatus status = StepStatus::kSuccess;
  std::string reason = {};
  std::optional<int> exit_code = {};  // the first non-zero one in host order
};
StepResult judge_step(const StepState& step, bool stop_requested);

// Host order: runs of digits compare as numbers, so that web2 comes before web10.
bool host_before(std::string_view left, std::string_view right);

// `share` of `total` hosts, percentages rounded down.
int host_share(const HostShare& share, std::size_t total);

}  // namespace runbook::domain
