// What people do to an execution: each legal in stated states only (CONTRACT §2), anything else is kConflict.
// Pure: the store applies them under the execution's row lock, so that concurrent callers are served one
// after the other.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/domain/execution/execution_state.hpp"
#include "controller/domain/scope.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::domain {

struct Pause {};
struct Resume {};
struct Stop {};
struct Approve {
  Uuid step;
  std::string digest;  // what the person saw; another one is kConflict
  std::string note = {};
};
struct Reject {
  Uuid step;
  std::string reason;
};
struct Complete {
  Uuid step;
  std::string note = {};
};
struct Skip {
  Uuid step;
  std::string reason = {};
};
struct Retry {
  Uuid step;
  std::vector<std::string> hosts = {};  // names or ids; empty: those that failed
};
using Control = std::variant<Pause, Resume, Stop, Approve, Reject, Complete, Skip, Retry>;

struct Actor {
  Uuid person;
  std::string name;
  bool may_approve_any = true;  // false: only in executions they started themselves
  // For those who look the execution up: which ones there are for what is asked, and in which of them
  // `may_approve_any` holds.
  Reach reach = {};
  Reach approves_any = {};
};

// Changes `state` and notes it in `changes`, or says why not: kNotFound for a step that is not there,
// kConflict for a state that does not allow it, kForbidden where the person may not, kInvalid for hosts that
// are not the step's. A repeated Stop changes nothing and is no error.
Result<void> apply(ExecutionState& state, Changes& changes, const Control& control, const Actor& actor,
                   const std::function<Uuid()>& new_id, Time now);

}  // namespace runbook::domain
