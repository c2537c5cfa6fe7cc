// Context: what the REST handlers work with. Owns the stores they read; the rest belongs to the composition
// root and outlives it. On the controller's I/O thread.
#pragma once

#include <cstdint>
#include <string>

#include "controller/audit/audit.hpp"
#include "controller/auth/authenticator.hpp"
#include "controller/domain/command_policy.hpp"
#include "controller/engine/engine.hpp"
#include "controller/fleet/agent_hub.hpp"
#include "controller/http/guess_limit.hpp"
#include "controller/live/live_hub.hpp"
#include "controller/metrics/metrics.hpp"
#include "controller/secrets/fernet.hpp"
#include "controller/store/agent_view_store.hpp"
#include "controller/store/api_key_store.hpp"
#include "controller/store/approval_views.hpp"
#include "controller/store/audit_store.hpp"
#include "controller/store/credential_store.hpp"
#include "controller/store/draft_store.hpp"
#include "controller/store/enrollment_token_store.hpp"
#include "controller/store/execution_views.hpp"
#include "controller/store/object_lookup.hpp"
#include "controller/store/output_reader.hpp"
#include "controller/store/runbook_store.hpp"
#include "controller/store/session_store.hpp"

namespace runbook::runtime {
class BlockingPool;
}

namespace runbook::api {

struct Settings {
  std::uint16_t public_port = 8080;  // part of the session cookie's name over plain http
  std::string agent_url;             // what new agents dial: "https://controller.example:8443"
  std::string ca_sha256;             // of the fleet's CA, what new agents pin
  secrets::FernetKeys credential_keys;
  domain::CommandPolicy command_policy = {};
};

struct Context {
  Context(db::Database& database_used, engine::Engine& engine_used, fleet::AgentHub& hub_used,
          live::LiveHub& live_used, metrics::Metrics& metrics_used, const audit::Audit& audit_used,
          Settings settings_used);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  db::Database& database;
  runtime::BlockingPool& pool;  // the database's
  engine::Engine& engine;
  fleet::AgentHub& hub;
  live::LiveHub& live;
  metrics::Metrics& metrics;
  const audit::Audit& audit;
  Settings settings;
  std::string openapi;         // /openapi.json
  std::string runbook_schema;  // /runbook.schema.json

  store::RunbookStore runbooks;
  store::DraftStore drafts;
  store::ExecutionViews executions;
  store::ApprovalViews approvals;
  store::OutputReader output;
  store::AgentViewStore agents;
  store::EnrollmentTokenStore enrollment_tokens;
  store::CredentialStore credentials;
  store::ApiKeyStore api_keys;
  store::SessionStore sessions;
  store::ObjectLookup objects;
  store::AuditStore audit_rows;
  auth::Authenticator authenticator;
  http::GuessLimit guesses;
};

}  // namespace runbook::api
