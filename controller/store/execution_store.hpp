// Executions as the engine owns them: leases, loading, one transaction per transition. Every write compares
// the old state and the lease, so that a controller that lost its lease changes nothing.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/domain/execution/controls.hpp"
#include "controller/domain/runbook.hpp"
#include "controller/store/agent_presence.hpp"
#include "controller/store/audit_event.hpp"
#include "controller/store/credential_store.hpp"
#include "controller/store/execution_changes.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::store {

// Renewed and claimed each second: what a lost controller held is carried on elsewhere within five.
inline constexpr std::chrono::seconds kLeaseTime{3};

struct LoadedExecution {  // all that is needed to carry it on
  domain::ExecutionState state;
  std::int64_t seq = 0;
  std::int64_t controls = 0;  // how many controls it has seen
  Uuid runbook = {};
  Uuid version = {};
  int version_number = 0;
  std::string title = {};
  std::string reason = {};
  boost::json::object parameters = {};                        // as they are shown: secret ones are masked
  std::map<std::string, std::string> sealed_parameters = {};  // the secret ones: name → Fernet token
  domain::Targets targets = {};
  boost::json::value host_scope = nullptr;  // of the person who started it (domain::HostScope)
};

// The version a submission runs.
struct VersionRow {
  Uuid runbook;
  Uuid version;
  int number = 0;  // 0: not saved
  std::string title;
  domain::Labels labels = {};  // of the runbook as it is now
  Uuid author;                 // person
  std::string requested_by_name;
  boost::json::value content;
  std::vector<CredentialName> credentials = {};  // those it names that there are
};

// A new execution as it was judged.
struct NewExecution {
  LoadedExecution loaded;  // `state` has its ids and steps
  std::string approval;
  boost::json::value steps = nullptr;  // {"from", "to"} or null
};

struct Submission {
  Uuid execution;  // the id it gets, so that a commit in doubt can be looked up
  Uuid runbook;
  std::optional<Uuid> version;
  Uuid person;
  domain::Reach reach;
  std::optional<std::string> idempotency_key;
  std::string request_digest;  // as bytes
};

struct Submitted {
  Uuid execution;
  std::optional<NewExecution> created;  // nothing: an earlier request or try made it
};

using HostLookup = std::function<std::vector<Host>(const std::vector<domain::Targets>&)>;
using Judge = std::function<Result<NewExecution>(const VersionRow&, const HostLookup&)>;
// Takes secrets of the execution out of what a person typed, or says why that cannot be done: stores have no
// key.
using Cover = std::function<Result<void>(const LoadedExecution&, domain::Control&)>;
using Preview = std::function<Result<boost::json::object>(const VersionRow&, const HostLookup&)>;

// What a control did.
struct Controlled {
  LoadedExecution loaded;           // after it
  std::vector<ChangeEvent> events;  // the last one has loaded.seq; none: nothing changed
  bool resumed = false;             // it had ended and goes on, with the lease of the caller's instance
};

struct Lease {
  Uuid execution;
  std::int64_t seq = 0;
};

class ExecutionStore {
 public:
  explicit ExecutionStore(db::Database& database);

  // Judges inside the transaction that stores; `instance` holds the lease of what is made.
  boost::asio::awaitable<Result<Submitted>> submit(Submission submission, Uuid instance, Judge judge,
                                                   Origin by);
  boost::asio::awaitable<Result<boost::json::object>> preview(Submission submission, Preview judge);
  boost::asio::awaitable<Result<boost::json::object>> preview_unsaved(VersionRow version, domain::Reach reach,
                                                                      Preview judge);

  // Tells that `instance` lives and leases open executions nobody holds.
  boost::asio::awaitable<std::vector<Uuid>> claim(Uuid instance, std::int64_t limit);
  // Extends leases; those not answered are lost.
  boost::asio::awaitable<std::vector<Lease>> renew(Uuid instance, std::vector<Uuid> executions);
  boost::asio::awaitable<void> release(Uuid instance);

  // Nothing: there is no such execution. kInvalid: its version can no longer be read.
  boost::asio::awaitable<std::optional<Result<LoadedExecution>>> load(Uuid execution);
  // The seq of the last event, or nothing when something was not as expected: load again. `controls` as in
  // LoadedExecution: what was planned before a control is void.
  boost::asio::awaitable<std::optional<std::int64_t>> commit(Uuid instance, std::int64_t controls,
                                                             ExecutionChanges changes);
  // Ends an execution that cannot be carried on.
  boost::asio::awaitable<void> abandon(Uuid instance, Uuid execution, std::string reason);

  // Applies `control` under the execution's row lock, so that callers are served one after the other
  // (domain/execution/controls). `cover` sees it first.
  boost::asio::awaitable<Result<Controlled>> control(Uuid instance, Uuid execution, domain::Control control,
                                                     domain::Actor actor, Cover cover, Origin by);
  // Judges a step again that was unknown, after a late result. Nothing when there is nothing to change.
  boost::asio::awaitable<std::optional<Controlled>> settle_step(Uuid execution, Uuid step);
  // Steps that are unknown although none of their attempts is any more, with their executions.
  boost::asio::awaitable<std::vector<std::pair<Uuid, Uuid>>> unsettled();

 private:
  db::Database& database_;
};

}  // namespace runbook::store
