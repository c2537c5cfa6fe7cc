// What the parts of the engine share: the stores, the ports and the executions carried on here. Owned by the
// engine, outlives its tasks. On the I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "controller/domain/command_policy.hpp"
#include "controller/engine/open_attempts.hpp"
#include "controller/engine/ports.hpp"
#include "controller/metrics/metrics.hpp"
#include "controller/secrets/fernet.hpp"
#include "controller/store/agent_presence.hpp"
#include "controller/store/attempt_store.hpp"
#include "controller/store/audit_store.hpp"
#include "controller/store/credential_store.hpp"
#include "controller/store/execution_store.hpp"
#include "controller/store/output_beginnings.hpp"
#include "controller/store/output_store.hpp"
#include "protocol/messages/dispatch_signature.hpp"
#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::engine {

class ExecutionRun;

struct Context {
  // Expressions are evaluated one at a time: each is bounded, and none may hold up PostgreSQL's threads.
  static constexpr std::size_t kThreads = 1;
  static constexpr std::size_t kWaiting = 10'000;

  Context(boost::asio::any_io_executor io, db::Database& database, AgentLinks& agent_links,
          ExecutionObserver& execution_observer, ApiRequests& api_requests, metrics::Metrics& counters,
          Uuid self, secrets::FernetKeys sealing_keys, DispatchKey signing_key,
          const store::AuditTrail& audit_trail, domain::CommandPolicy command_policy)
      : executor(std::move(io)),
        executions(database),
        attempts(database),
        output(database),
        outputs(database),
        agents(database),
        links(agent_links),
        observer(execution_observer),
        api(api_requests),
        metrics(counters),
        instance(self),
        credentials(database),
        keys(std::move(sealing_keys)),
        dispatch_key(std::move(signing_key)),
        trail(audit_trail),
        audit(database),
        policy(std::move(command_policy)) {}

  static Time now() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

  boost::asio::any_io_executor executor;
  store::ExecutionStore executions;
  store::AttemptStore attempts;
  store::OutputStore output;
  store::OutputBeginnings outputs;
  store::AgentPresence agents;
  AgentLinks& links;
  ExecutionObserver& observer;
  ApiRequests& api;
  metrics::Metrics& metrics;
  Uuid instance;
  store::CredentialStore credentials;
  secrets::FernetKeys keys;  // of credentials and secret parameters
  DispatchKey dispatch_key;
  const store::AuditTrail& trail;
  store::AuditStore audit;  // of what agents refused
  domain::CommandPolicy policy;
  OpenAttempts open;
  std::unordered_map<Uuid, std::shared_ptr<ExecutionRun>> runs;
  std::function<void(const std::shared_ptr<OpenAttempt>&, AttemptNews)> report;  // to the writer
  std::function<void(std::string, boost::asio::awaitable<void>)> spawn;          // into the engine's tasks
  runtime::BlockingPool pool{kThreads, kWaiting};
};

}  // namespace runbook::engine
