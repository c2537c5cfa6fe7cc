// An execution as the plan sees it: everything a decision depends on, and nothing else. Plain values; the
// store loads and stores them, the plan (execution_plan.hpp) and the controls (controls.hpp) change them.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/domain/execution/execution_status.hpp"
#include "controller/domain/runbook.hpp"
#include "protocol/messages/attempt.hpp"
#include "protocol/messages/control.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::domain {

// One try on one host; its id is the dispatch id of the wire protocol.
struct AttemptState {
  Uuid id;
  Uuid agent;
  std::string host;
  Labels labels = {};  // when the step was resolved
  int host_index = 0;  // position in the step's host order
  int number = 1;      // counts up when one that never started is dispatched again; the highest counts
  AttemptStatus status = AttemptStatus::kQueued;
  bool lost = false;  // with not_started: a link or a controller was lost, the command itself was not refused
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

struct ApprovalGiven {
  Uuid person;
  std::string name;
  Time at{};
  std::string note;
};

// What a waiting command step is bound to (ARCHITECTURE, decision 11) and who has approved it so far.
struct ApprovalState {
  std::string digest;  // 64 hex digits
  int required = 1;
  bool other_person = false;
  Time expires_at{};
  std::vector<ApprovalGiven> given = {};
};

// One request of an API step. Stored before it is sent, so that it is never sent twice unnoticed.
struct ApiTry {
  Time at{};
  std::optional<Time> end = {};  // nothing: under way
  std::optional<int> http_status = {};
  std::string error = {};                // why it failed, empty when it did not
  std::optional<Time> next_try_at = {};  // when the next one may begin, if there is to be one
};

// What preparing a step found out: its expressions evaluated, its hosts resolved (preparation.hpp, engine).
// Not stored itself; what must survive goes into StepState::frozen, approval and the attempts.
struct Prepared {
  std::optional<std::string> error = {};  // the step ends in error with it
  bool applies = true;                    // `when`
  std::optional<bool> condition = {};     // a condition's value
  std::optional<Time> due = {};           // a timer's end
  bool repeatable = false;                // an API request may be sent again when its fate is not known
  boost::json::object frozen = {};        // what was substituted: opaque to the plan
  std::string digest = {};                // of a command: what an approval would bind
};

struct StepState {
  Uuid id;
  Block block;
  int attempt = 1;
  StepStatus status = StepStatus::kPending;
  std::optional<SkipCause> skip_cause = {};
  std::string reason = {};  // of a running command step: it ends in error with it, whatever its hosts do
  std::optional<int> exit_code = {};
  std::string note = {};
  std::optional<Uuid> completed_by = {};  // who ticked it off, skipped or rejected it
  std::string completed_by_name = {};
  std::uint64_t output_bytes = 0;
  std::optional<Time> start_time = {};
  std::optional<Time> end_time = {};
  bool resolved = false;                       // its hosts are known, even when there are none
  std::optional<ApprovalState> approval = {};  // of a command that waited or waits
  std::optional<Time> due = {};                // of a timer
  bool repeatable = false;                     // of an API step
  std::vector<ApiTry> tries = {};              // of an API step
  boost::json::object frozen = {};             // substituted values, fixed when the step began
  boost::json::value result = {};              // of an API step: {http_status, headers, body, json}
  std::vector<AttemptState> attempts = {};     // in host order, then number
  std::optional<Prepared> prepared = {};       // not stored
  boost::json::object opened = {};             // `frozen` with its secrets, if any; neither stored nor shown
  std::vector<CommandCredential> credentials = {};  // to be sent; neither stored nor shown
  const boost::json::object& substituted() const { return opened.empty() ? frozen : opened; }
};

struct ExecutionState {
  Uuid id;
  ExecutionStatus status = ExecutionStatus::kPending;
  bool preapproved = false;
  Uuid requested_by;  // person
  std::string requested_by_name = {};
  Uuid author;  // person who wrote the version
  std::optional<Time> stop_requested_at = {};
  std::optional<Uuid> stop_requested_by = {};
  std::optional<Time> start_time = {};
  std::optional<Time> end_time = {};
  std::vector<StepState> steps = {};  // by order, then attempt; retries may stand at the end
};

// The newest step of every block, in block order: what decides. Indices into `steps`.
std::vector<std::size_t> current_steps(const ExecutionState& state);

// The newest try on every host, in host order: indices into `attempts`.
std::vector<std::size_t> current_attempts(const StepState& step);

struct AttemptPlace {
  std::size_t step = 0;
  std::size_t attempt = 0;
};

// What a decision changed, with the states as they are stored so far (for the compare-and-set). New steps
// and attempts are appended to their vectors, so that places stay what they are. A new row stands in new_*
// only, never in *_were: it is stored as it is at the end.
struct Changes {
  std::optional<ExecutionStatus> execution_was;
  bool stop_was_requested = false;               // as the change was made: another stop makes it void
  std::map<std::size_t, StepStatus> steps_were;  // also steps whose status stayed but whose fields changed
  std::vector<std::size_t> new_steps;
  std::vector<std::pair<AttemptPlace, AttemptStatus>> attempts_were;
  std::vector<AttemptPlace> new_attempts;

  bool any() const;
};

// The attempts, new or old, that `changes` dispatched: what is to be sent after the commit.
std::vector<AttemptPlace> dispatched_by(const ExecutionState& state, const Changes& changes);

}  // namespace runbook::domain
