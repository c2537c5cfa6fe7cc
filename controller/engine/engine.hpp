// Engine: takes executions from PostgreSQL under a lease and carries them to their end, one coroutine each.
// What happens next is decided by pure functions (domain/execution_plan); this loads, commits, sends and
// waits. On the controller's I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <memory>
#include <optional>
#include <string>

#include "controller/domain/command_policy.hpp"
#include "controller/domain/execution/controls.hpp"
#include "controller/domain/runbook.hpp"
#include "controller/engine/ports.hpp"
#include "controller/secrets/fernet.hpp"
#include "controller/store/audit_event.hpp"
#include "protocol/messages/dispatch_signature.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}
namespace runbook::metrics {
class Metrics;
}

namespace runbook::engine {

struct ExecuteRequest {
  Uuid runbook;
  std::optional<Uuid> version;  // the newest when absent
  boost::json::object parameters;
  domain::Targets targets;
  std::optional<std::string> from;  // slugs
  std::optional<std::string> to;
  std::string approval = "each";
  std::optional<std::string> reason;
  Uuid requested_by;         // person
  domain::Reach reach = {};  // what that person may execute; hosts out of it are not there
  domain::Reach credential_reach = {};  // where that person may use credentials
  std::optional<std::string> idempotency_key;
  std::string request_digest;  // keyed, of method, path and body: tells a repeat from a clash
};

struct Accepted {
  Uuid execution;
  std::string status;
};

class Engine : public AgentEvents {
 public:
  static std::unique_ptr<Engine> create(boost::asio::any_io_executor executor, db::Database& database,
                                        AgentLinks& links, ExecutionObserver& observer, ApiRequests& api,
                                        metrics::Metrics& metrics, Uuid instance, secrets::FernetKeys keys,
                                        DispatchKey dispatch_key, const store::AuditTrail& trail,
                                        domain::CommandPolicy policy = {});
  virtual void start() = 0;
  // Gives leases back; executions stay as they are and go on elsewhere or after the next start.
  virtual boost::asio::awaitable<void> stop() = 0;

  virtual boost::asio::awaitable<Result<Accepted>> execute(ExecuteRequest request, store::Origin by) = 0;
  // What execute() would do: {"blocks": [{slug, name, type, when, on_failure, …what its type has}],
  // "unreachable": [{agent_id, host, status}]}. Starts and stores nothing.
  virtual boost::asio::awaitable<Result<boost::json::object>> dry_run(ExecuteRequest request) = 0;
  // The same of a document that is not saved; `request` names no runbook and no version.
  virtual boost::asio::awaitable<Result<boost::json::object>> dry_run_document(ExecuteRequest request,
                                                                               domain::Runbook document) = 0;
  // What a person does to an execution (domain/execution/controls): kNotFound, kConflict, kForbidden and
  // kInvalid as there. The answer's status is the execution's after it.
  virtual boost::asio::awaitable<Result<Accepted>> control(Uuid execution, domain::Control control,
                                                           domain::Actor actor, store::Origin by) = 0;

  // The agent was revoked and can report nothing any more: its commands are told to stop while the link still
  // stands, and their results become unknown.
  virtual boost::asio::awaitable<void> agent_revoked(Uuid agent) = 0;
};

}  // namespace runbook::engine
