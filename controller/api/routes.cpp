#include "controller/api/routes.hpp"

#include <algorithm>
#include <array>

#include "controller/api/handlers.hpp"

namespace runbook::api {

namespace {

using auth::Right;
using http::Method;
using store::ObjectKind;

constexpr auto kNoBody = BodyKind::kNone;
constexpr auto kMaybeBody = BodyKind::kOptional;
constexpr auto kBody = BodyKind::kRequired;
constexpr auto kRunbook = BodyKind::kRunbook;
constexpr auto kDocument = BodyKind::kDocument;

// Routes of one path stand together; a path of literals stands before one with ids that it could be taken
// for.
constexpr std::array kRoutes = std::to_array<Route>({
    {Method::kGet, "/runbooks", Right::kRead, kNoBody, ObjectKind::kNone, Find::kFirst, list_runbooks},
    {Method::kPost, "/runbooks", Right::kAuthor, kRunbook, ObjectKind::kNone, Find::kFirst, create_runbook},
    {Method::kPost, "/runbooks/validate", Right::kAuthor, kRunbook, ObjectKind::kNone, Find::kFirst,
     validate_runbook},
    {Method::kPost, "/runbooks/dry-run", Right::kAuthor, kDocument, ObjectKind::kNone, Find::kFirst,
     dry_run_document},

    {Method::kGet, "/runbooks/{runbook_id}", Right::kRead, kNoBody, ObjectKind::kRunbook, Find::kHandler,
     get_runbook},
    {Method::kPut, "/runbooks/{runbook_id}", Right::kAuthor, kRunbook, ObjectKind::kRunbook, Find::kFirst,
     update_runbook},
    {Method::kDelete, "/runbooks/{runbook_id}", Right::kAuthor, kNoBody, ObjectKind::kRunbook, Find::kFirst,
     delete_runbook},

    {Method::kGet, "/runbooks/{runbook_id}/draft", Right::kAuthor, kNoBody, ObjectKind::kRunbook,
     Find::kHandler, get_draft},
    {Method::kPut, "/runbooks/{runbook_id}/draft", Right::kAuthor, kDocument, ObjectKind::kRunbook,
     Find::kFirst, save_draft},
    {Method::kDelete, "/runbooks/{runbook_id}/draft", Right::kAuthor, kNoBody, ObjectKind::kRunbook,
     Find::kHandler, delete_draft},

    {Method::kGet, "/runbooks/{runbook_id}/versions", Right::kRead, kNoBody, ObjectKind::kRunbook,
     Find::kFirst, list_versions},
    {Method::kGet, "/runbooks/{runbook_id}/versions/{version_id}", Right::kRead, kNoBody,
     ObjectKind::kVersion, Find::kHandler, get_version},
    {Method::kPost, "/runbooks/{runbook_id}/versions/{version_id}/rollback", Right::kAuthor, kMaybeBody,
     ObjectKind::kVersion, Find::kFirst, rollback_version},
    {Method::kPost, "/runbooks/{runbook_id}/execute", Right::kExecute, kMaybeBody, ObjectKind::kRunbook,
     Find::kFirst, execute_runbook},

    {Method::kGet, "/executions", Right::kRead, kNoBody, ObjectKind::kNone, Find::kFirst, list_executions},
    {Method::kGet, "/executions/{job_id}", Right::kRead, kNoBody, ObjectKind::kExecution, Find::kFirst,
     get_execution},
    {Method::kPost, "/executions/{job_id}/control", Right::kExecute, kBody, ObjectKind::kExecution,
     Find::kFirst, control_execution},
    {Method::kPost, "/executions/{job_id}/steps/{step_id}/approve", Right::kApprove, kBody, ObjectKind::kStep,
     Find::kFirst, approve_step},
    {Method::kPost, "/executions/{job_id}/steps/{step_id}/reject", Right::kApprove, kBody, ObjectKind::kStep,
     Find::kFirst, reject_step},
    {Method::kPost, "/executions/{job_id}/steps/{step_id}/complete", Right::kExecute, kMaybeBody,
     ObjectKind::kStep, Find::kFirst, complete_step},
    {Method::kPost, "/executions/{job_id}/steps/{step_id}/skip", Right::kExecute, kMaybeBody,
     ObjectKind::kStep, Find::kFirst, skip_step},
    {Method::kPost, "/executions/{job_id}/steps/{step_id}/retry", Right::kExecute, kMaybeBody,
     ObjectKind::kStep, Find::kFirst, retry_step},
    {Method::kGet, "/executions/{job_id}/steps/{step_id}/hosts", Right::kRead, kNoBody, ObjectKind::kStep,
     Find::kFirst, list_step_hosts},
    {Method::kGet, "/executions/{job_id}/steps/{step_id}/output", Right::kRead, kNoBody, ObjectKind::kStep,
     Find::kFirst, get_output},
    {Method::kGet, "/executions/{job_id}/steps/{step_id}/output/index", Right::kRead, kNoBody,
     ObjectKind::kStep, Find::kFirst, get_output_index},
    {Method::kGet, "/executions/{job_id}/steps/{step_id}/output/frames", Right::kRead, kNoBody,
     ObjectKind::kStep, Find::kFirst, get_output_frames},
    {Method::kGet, "/executions/{job_id}/steps/{step_id}/output/search", Right::kRead, kNoBody,
     ObjectKind::kStep, Find::kFirst, search_output},
    {Method::kGet, "/approvals", Right::kRead, kNoBody, ObjectKind::kNone, Find::kFirst, list_approvals},
    {Method::kGet, "/live", Right::kRead, kNoBody, ObjectKind::kNone, Find::kFirst, open_live},

    {Method::kGet, "/agents", Right::kRead, kNoBody, ObjectKind::kNone, Find::kFirst, list_agents},
    {Method::kGet, "/agents/counts", Right::kRead, kNoBody, ObjectKind::kNone, Find::kFirst, count_agents},
    {Method::kPost, "/agents/match", Right::kRead, kBody, ObjectKind::kNone, Find::kFirst, match_agents},
    {Method::kGet, "/agents/{agent_id}", Right::kRead, kNoBody, ObjectKind::kAgent, Find::kHandler,
     get_agent},
    {Method::kPatch, "/agents/{agent_id}", Right::kManageHosts, kBody, ObjectKind::kAgent, Find::kFirst,
     update_agent},
    {Method::kDelete, "/agents/{agent_id}", Right::kManageHosts, kNoBody, ObjectKind::kAgent, Find::kHandler,
     revoke_agent},
    {Method::kGet, "/labels", Right::kRead, kNoBody, ObjectKind::kNone, Find::kFirst, list_labels},

    {Method::kGet, "/enrollment-tokens", Right::kManageTokens, kNoBody, ObjectKind::kNone, Find::kFirst,
     list_enrollment_tokens},
    {Method::kPost, "/enrollment-tokens", Right::kManageTokens, kMaybeBody, ObjectKind::kNone, Find::kFirst,
     create_enrollment_token},
    {Method::kDelete, "/enrollment-tokens/{token_id}", Right::kManageTokens, kNoBody,
     ObjectKind::kEnrollmentToken, Find::kHandler, revoke_enrollment_token},

    {Method::kGet, "/credentials", Right::kUseCredentials, kNoBody, ObjectKind::kNone, Find::kFirst,
     list_credentials},
    {Method::kPost, "/credentials", Right::kManageCredentials, kBody, ObjectKind::kNone, Find::kFirst,
     create_credential},
    {Method::kPut, "/credentials/{credential_id}", Right::kManageCredentials, kBody, ObjectKind::kCredential,
     Find::kFirst, replace_credential},
    {Method::kDelete, "/credentials/{credential_id}", Right::kManageCredentials, kNoBody,
     ObjectKind::kCredential, Find::kHandler, delete_credential},

    {Method::kGet, "/api-keys", Right::kManageKeys, kNoBody, ObjectKind::kNone, Find::kFirst, list_api_keys},
    {Method::kPost, "/api-keys", Right::kManageKeys, kBody, ObjectKind::kNone, Find::kFirst, create_api_key},
    {Method::kDelete, "/api-keys/{key_id}", Right::kManageKeys, kNoBody, ObjectKind::kApiKey, Find::kHandler,
     revoke_api_key},

    {Method::kPost, "/session", Right::kOpen, kBody, ObjectKind::kNone, Find::kFirst, sign_in},
    {Method::kDelete, "/session", Right::kSignedIn, kNoBody, ObjectKind::kNone, Find::kFirst, sign_out},
    {Method::kGet, "/roles", Right::kSignedIn, kNoBody, ObjectKind::kNone, Find::kFirst, list_roles},
    {Method::kGet, "/me", Right::kSignedIn, kNoBody, ObjectKind::kNone, Find::kFirst, get_me},

    {Method::kGet, "/audit", Right::kReadAudit, kNoBody, ObjectKind::kNone, Find::kFirst, list_audit},
    {Method::kGet, "/audit/verify", Right::kReadAudit, kNoBody, ObjectKind::kNone, Find::kFirst,
     verify_audit},

    {Method::kGet, "/healthz", Right::kOpen, kNoBody, ObjectKind::kNone, Find::kFirst, get_health},
    {Method::kGet, "/readyz", Right::kOpen, kNoBody, ObjectKind::kNone, Find::kFirst, get_readiness},
    {Method::kGet, "/metrics", Right::kReadMetrics, kNoBody, ObjectKind::kNone, Find::kFirst, get_metrics},
    {Method::kGet, "/openapi.json", Right::kSignedIn, kNoBody, ObjectKind::kNone, Find::kFirst, get_openapi},
    {Method::kGet, "/runbook.schema.json", Right::kSignedIn, kNoBody, ObjectKind::kNone, Find::kFirst,
     get_runbook_schema},

    {Method::kGet, "/", Right::kOpen, kNoBody, ObjectKind::kNone, Find::kFirst, go_to_ui},
    {Method::kGet, "/ui", Right::kOpen, kNoBody, ObjectKind::kNone, Find::kFirst, go_to_ui},
    {Method::kGet, "/ui/*", Right::kOpen, kNoBody, ObjectKind::kNone, Find::kFirst, get_ui},
});

// The first part of `rest`, which loses it and the '/' after it.
std::string_view take_part(std::string_view& rest) {
  const auto end = std::min(rest.find('/'), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& ids) {
  if (pattern.ends_with('*')) return path.starts_with(pattern.substr(0, pattern.size() - 1));
  if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return false;
  ids.clear();
  while (!pattern.empty() || !path.empty()) {
    const auto wanted = take_part(pattern);
    const auto part = take_part(path);
    if (wanted.starts_with('{')) {
      ids.emplace_back(part);
    } else if (wanted != part) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

std::optional<Match> match_path(std::string_view path) {
  Match match;
  for (auto first = kRoutes.begin(); first != kRoutes.end(); ++first) {
    if (!matches(first->pattern, path, match.ids)) continue;
    const auto last =
        std::find_if(first, kRoutes.end(), [&](const Route& each) { return each.pattern != first->pattern; });
    match.routes = {first, last};
    return match;
  }
  return std::nullopt;
}

const Route* route_for(const Match& match, http::Method method) {
  const auto wanted = method == Method::kHead ? Method::kGet : method;
  const auto found = std::ranges::find(match.routes, wanted, &Route::method);
  return found == match.routes.end() ? nullptr : &*found;
}

std::string allowed_methods(const Match& match) {
  std::string methods;
  for (const auto& route : match.routes) {
    if (!methods.empty()) methods += ", ";
    methods += http::to_string(route.method);
    if (route.method == Method::kGet) methods += ", HEAD";
  }
  return methods;
}

}  // namespace runbook::api
