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

bool presents_a_key(const http::Request& request) {
  return request.header_count("x-api-key") + request.header_count("authorization") > 0;
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
  auto event = event_of(call, match, route);
  event.reason = refusal.message;
  if (refusal.code == ErrorCode::kUnauthenticated) {
    if (!signs_in(route) && !presents_a_key(call.request)) co_return;
    const auto untold = call.context.bad_keys.count(call.request.remote_address);
    if (!untold) co_return;
    if (*untold > 0) *event.reason += fmt::format(" {} more from here were not told one by one.", *untold);
  } else if (refusal.code != ErrorCode::kForbidden) {
    co_return;
  }
  co_await call.context.audit_rows.refused(origin_of(call), std::move(event));
}

}  // namespace runbook::api
