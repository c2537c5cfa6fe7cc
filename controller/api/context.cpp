#include "controller/api/context.hpp"

#include <utility>

#include "controller/api/openapi.hpp"
#include "db/database.hpp"

namespace runbook::api {

Context::Context(db::Database& database_used, engine::Engine& engine_used, fleet::AgentHub& hub_used,
                 live::LiveHub& live_used, metrics::Metrics& metrics_used, const audit::Audit& audit_used,
                 Settings settings_used)
    : database(database_used),
      pool(database_used.pool()),
      engine(engine_used),
      hub(hub_used),
      live(live_used),
      metrics(metrics_used),
      audit(audit_used),
      settings(std::move(settings_used)),
      openapi(boost::json::serialize(openapi_document())),
      runbook_schema(runbook_schema_text()),
      runbooks(database_used),
      drafts(database_used),
      executions(database_used),
      approvals(database_used),
      output(database_used),
      agents(database_used),
      enrollment_tokens(database_used),
      credentials(database_used),
      api_keys(database_used),
      sessions(database_used),
      objects(database_used),
      audit_rows(database_used),
      authenticator(api_keys, sessions, settings.public_port) {}

}  // namespace runbook::api
