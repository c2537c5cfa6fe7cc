// Executions as the engine owns them: leases, loading, one transaction per transition. Every write compares
// the old state and the lease, so that a controller that lost its lease changes nothing.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/domain/runbook.hpp"
#include "controller/store/agent_presence.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::store {

inline constexpr std::chrono::seconds kLeaseTime{4};

struct LoadedExecution {  // all that is needed to carry it on
  domain::ExecutionState state;
  std::int64_t seq = 0;
  boost::json::object parameters = {};
  domain::Targets targets = {};
  std::map<Uuid, domain::Labels> labels = {};  // of the agents with attempts
};

// The version a submission runs.
struct VersionRow {
  Uuid runbook;
  Uuid version;
  int number = 0;
  std::string title;
  boost::json::value content;
};

// A new execution as it was judged.
struct NewExecution {
  LoadedExecution loaded;  // `state` has its ids and steps
  std::string title;
  std::string approval;
  boost::json::value steps = nullptr;  // {"from", "to"} or null
  std::optional<std::string> reason = {};
  Uuid requested_by;
};

struct Submission {
  Uuid execution;  // the id it gets, so that a commit in doubt can be looked up
  Uuid runbook;
  std::optional<Uuid> version;
  Uuid person;
  std::optional<std::string> idempotency_key;
  std::string request_digest;  // as bytes
};

struct Submitted {
  Uuid execution;
  std::optional<NewExecution> created;  // nothing: an earlier request or try made it
};

using HostLookup = std::function<std::vector<Host>(const std::vector<domain::Targets>&)>;
using Judge = std::function<Result<NewExecution>(const VersionRow&, const HostLookup&)>;
using Preview = std::function<Result<boost::json::object>(const VersionRow&, const HostLookup&)>;

// What one transition of an execution changes. Rows are compared with their old states.
struct ExecutionChanges {
  struct Step {
    Uuid id;
    domain::StepStatus was;
    domain::StepStatus status;
    std::string reason;
    std::optional<int> exit_code;
    std::optional<Time> start_time;
    std::optional<Time> end_time;
  };
  struct Attempt {
    Uuid id;
    AttemptStatus was;
    AttemptStatus status;
    std::optional<Uuid> incarnation;
    std::string reason;
    std::optional<Time> dispatched_at;
    std::optional<Time> end_time;
  };
  struct NewAttempt {
    Attempt attempt;
    Uuid step;
    Uuid agent;
    std::string host;
    int host_index;
  };
  Uuid execution;
  domain::ExecutionStatus was;
  domain::ExecutionStatus status;
  bool stop_requested = false;  // as the plan was made
  std::optional<Time> start_time;
  std::optional<Time> end_time;
  std::int64_t events = 0;  // how many numbers to take
  std::vector<Step> steps;
  std::vector<Attempt> attempts;
  std::vector<NewAttempt> new_attempts;
};

struct Lease {
  Uuid execution;
  std::int64_t seq = 0;
};

class ExecutionStore {
 public:
  explicit ExecutionStore(db::Database& database);

  // Judges inside the transaction that stores; `instance` holds the lease of what is made.
  boost::asio::awaitable<Result<Submitted>> submit(Submission submission, Uuid instance, Judge judge);
  boost::asio::awaitable<Result<boost::json::object>> preview(Submission submission, Preview judge);

  // Tells that `instance` lives and leases open executions nobody holds.
  boost::asio::awaitable<std::vector<Uuid>> claim(Uuid instance, std::int64_t limit);
  // Extends leases; those not answered are lost.
  boost::asio::awaitable<std::vector<Lease>> renew(Uuid instance, std::vector<Uuid> executions);
  boost::asio::awaitable<void> release(Uuid instance);

  // Nothing: there is no such execution. kInvalid: its version can no longer be read.
  boost::asio::awaitable<std::optional<Result<LoadedExecution>>> load(Uuid execution);
  // The seq of the last event, or nothing when something was not as expected: load again.
  boost::asio::awaitable<std::optional<std::int64_t>> commit(Uuid instance, ExecutionChanges changes);
  // Ends an execution whose version cannot be read.
  boost::asio::awaitable<void> abandon(Uuid instance, Uuid execution, std::string reason);

  struct Stopped {
    std::string status;
    std::optional<std::int64_t> seq;  // of the change, nothing when a stop had been asked for before
  };
  boost::asio::awaitable<Result<Stopped>> request_stop(Uuid execution, Uuid person, Time now);
  // Ticks an instruction off; answers seq.
  boost::asio::awaitable<Result<std::int64_t>> complete_step(Uuid execution, Uuid step, Uuid person,
                                                             std::string note, Time now);
  // A late result settled a step that was unknown; seq, or nothing when the step is not unknown any more.
  boost::asio::awaitable<std::optional<std::int64_t>> settle_step(Uuid execution,
                                                                  ExecutionChanges::Step late);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
