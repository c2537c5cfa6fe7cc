// The handlers of every route, one file per resource.
#pragma once

#include "controller/api/call.hpp"

namespace runbook::api {

using HandlerAnswer = boost::asio::awaitable<Answer>;

// runbooks.cpp
HandlerAnswer list_runbooks(Call& call);
HandlerAnswer create_runbook(Call& call);
HandlerAnswer get_runbook(Call& call);
HandlerAnswer update_runbook(Call& call);
HandlerAnswer delete_runbook(Call& call);
HandlerAnswer validate_runbook(Call& call);

// versions.cpp
HandlerAnswer list_versions(Call& call);
HandlerAnswer get_version(Call& call);
HandlerAnswer rollback_version(Call& call);

// drafts.cpp
HandlerAnswer get_draft(Call& call);
HandlerAnswer save_draft(Call& call);
HandlerAnswer delete_draft(Call& call);

// dry_run.cpp
HandlerAnswer dry_run_document(Call& call);

// execute.cpp
HandlerAnswer execute_runbook(Call& call);

// executions.cpp
HandlerAnswer list_executions(Call& call);
HandlerAnswer get_execution(Call& call);
HandlerAnswer list_step_hosts(Call& call);

// controls.cpp
HandlerAnswer control_execution(Call& call);
HandlerAnswer approve_step(Call& call);
HandlerAnswer reject_step(Call& call);
HandlerAnswer complete_step(Call& call);
HandlerAnswer skip_step(Call& call);
HandlerAnswer retry_step(Call& call);

// approvals.cpp
HandlerAnswer list_approvals(Call& call);

// audit.cpp
HandlerAnswer list_audit(Call& call);
HandlerAnswer verify_audit(Call& call);

// output.cpp
HandlerAnswer get_output(Call& call);
HandlerAnswer search_output(Call& call);

// output_frames.cpp
HandlerAnswer get_output_index(Call& call);
HandlerAnswer get_output_frames(Call& call);

// live.cpp
HandlerAnswer open_live(Call& call);

// agents.cpp
HandlerAnswer list_agents(Call& call);
HandlerAnswer count_agents(Call& call);
HandlerAnswer get_agent(Call& call);
HandlerAnswer update_agent(Call& call);
HandlerAnswer revoke_agent(Call& call);
HandlerAnswer match_agents(Call& call);
HandlerAnswer list_labels(Call& call);

// enrollment_tokens.cpp
HandlerAnswer list_enrollment_tokens(Call& call);
HandlerAnswer create_enrollment_token(Call& call);
HandlerAnswer revoke_enrollment_token(Call& call);

// api_keys.cpp
HandlerAnswer list_api_keys(Call& call);
HandlerAnswer create_api_key(Call& call);
HandlerAnswer revoke_api_key(Call& call);

// credentials.cpp
HandlerAnswer list_credentials(Call& call);
HandlerAnswer create_credential(Call& call);
HandlerAnswer replace_credential(Call& call);
HandlerAnswer delete_credential(Call& call);

// roles.cpp
HandlerAnswer list_roles(Call& call);

// session.cpp
HandlerAnswer sign_in(Call& call);
HandlerAnswer sign_out(Call& call);
HandlerAnswer get_me(Call& call);

// service.cpp
HandlerAnswer get_health(Call& call);
HandlerAnswer get_readiness(Call& call);
HandlerAnswer get_metrics(Call& call);
HandlerAnswer get_openapi(Call& call);
HandlerAnswer get_runbook_schema(Call& call);

// ui.cpp
HandlerAnswer get_ui(Call& call);
HandlerAnswer go_to_ui(Call& call);

}  // namespace runbook::api
