#include "controller/api/refusals.hpp"

#include <fmt/format.h>

#include <utility>

namespace runbook::api {

namespace {

std::string_view type_of(store::ObjectKind kind) {
  using store::ObjectKind;
  switch (kind) {
    case ObjectKind::kRunbook:
    case ObjectKind::kVersion: return "runbook";
    case ObjectKind::kExecution:
    case ObjectKind::kStep: return "execution";
    case ObjectKind::kAgent: return "agent";
    case ObjectKind::kEnrollmentToken: return "enrollment_token";
    case ObjectKind::kApiKey: return "api_key";
    case ObjectKind::kCredential: return "credential";
    default: return "request";
  }
}

bool signs_in(const Route* route) {
  return route != nullptr && route->method == http::Method::kPost && route->pattern == "/session";
}

// The pattern and not the path: what stands in its place may be anything, a key even.
store::AuditEvent event_of(const Call& call, const std::optional<Match>& match, const Route* route) {
  if (signs_in(route)) return {.action = "session.sign_in", .object_type = "session"};
  store::AuditEvent event{.action = "request.refused", .object_type = "request"};
  const auto pattern = match ? match->routes.front().pattern : std::string_view("an unknown address");
  event.object_name = fmt::format("{} {}", http::to_string(call.request.method), pattern);
  if (!match || match->ids.empty()) return event;
  event.object_type = type_of(match->routes.front().object);
  if (const auto id = Uuid::parse(match->ids.front())) event.object_id = *id;
  return event;
}

}  // namespace

boost::asio::awaitable<void> tell_refusal(Call& call, const std::optional<Match>& match, const Route* route,
                                          const Error& refusal) {
  const bool of_nobody = refusal.code == ErrorCode::kUnauthenticated || refusal.code == ErrorCode::kTooMany;
  if (!of_nobody && refusal.code != ErrorCode::kForbidden) co_return;
  auto& authenticator = call.context.authenticator;
  const auto presented = authenticator.presented(credentials_of(call.request, auth::Access::kRead));
  if (of_nobody && !signs_in(route) && presented.digest.empty()) co_return;
  // Whose cookie it is that a foreign page used.
  const auto* owner =
      of_nobody || call.principal.person != Uuid{} ? nullptr : authenticator.recall(presented.digest);
  if (owner != nullptr) call.principal = *owner;
  auto event = event_of(call, match, route);
  event.reason = refusal.message;
  co_await call.context.audit_rows.refused(origin_of(call), std::move(event));
}

}  // namespace runbook::api
