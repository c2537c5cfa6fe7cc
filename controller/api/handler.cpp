#include "controller/api/handler.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "controller/api/guesses.hpp"
#include "controller/api/handlers.hpp"
#include "controller/api/refusals.hpp"
#include "controller/api/routes.hpp"
#include "controller/http/problem.hpp"
#include "controller/http/ui_assets.hpp"
#include "controller/store/outage.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::api {

namespace {

using boost::asio::awaitable;

constexpr std::string_view kNoRoute = "none";  // as metrics show requests that match no pattern

std::unexpected<Error> not_found() {
  return failure(ErrorCode::kNotFound, "There is nothing at this address.");
}

bool is_open(const Match& match, const Route* route) {
  if (route != nullptr) return route->right == auth::Right::kOpen;
  return std::ranges::all_of(match.routes,
                             [](const Route& each) { return each.right == auth::Right::kOpen; });
}

auth::Access access_of(const http::Request& request) {
  const bool reads = request.method == http::Method::kGet || request.method == http::Method::kHead;
  if (!reads) return auth::Access::kWrite;
  return request.upgrade ? auth::Access::kLive : auth::Access::kRead;
}

std::optional<std::vector<Uuid>> parse_ids(const std::vector<std::string>& texts) {
  std::vector<Uuid> ids;
  for (const auto& text : texts) {
    const auto id = Uuid::parse(text);
    if (!id) return std::nullopt;
    ids.push_back(*id);
  }
  return ids;
}

// 401 and 403.
awaitable<Result<void>> judge_caller(Call& call, const std::optional<Match>& match, const Route* route) {
  if (match && is_open(*match, route)) co_return Result<void>{};
  auto& authenticator = call.context.authenticator;
  auto credentials = credentials_of(call.request, access_of(call.request));
  const auto presented = authenticator.presented(credentials);
  if (auto may = may_try(call, presented); !may) co_return std::unexpected(std::move(may.error()));
  auto principal = co_await authenticator.authenticate(std::move(credentials));
  if (!principal) co_return std::unexpected(after_refusal(call, presented, std::move(principal.error())));
  call.principal = std::move(*principal);
  if (route != nullptr && !auth::allows(call.principal.grants, route->right)) {
    co_return failure(ErrorCode::kForbidden, "Your roles do not allow this.");
  }
  call.reach = auth::reach(call.principal.grants, route != nullptr ? route->right : auth::Right::kRead);
  co_return Result<void>{};
}

// Executions that people started themselves are there for them, out of reach or not: to stop them and to see
// how they are.
awaitable<bool> is_own(Call& call, const Route* route) {
  if (route == nullptr || (route->handle != get_execution && route->handle != control_execution))
    co_return false;
  co_return co_await call.context.objects.started(call.ids.front(), call.principal.person,
                                                  auth::reach(call.principal.grants, auth::Right::kExecute));
}

// 404; `route` is null where the method is not allowed, and the object must be there even so.
awaitable<Result<void>> judge_object(Call& call, const std::optional<Match>& match, const Route* route) {
  if (!match) co_return not_found();
  auto ids = parse_ids(match->ids);
  if (!ids) co_return not_found();
  call.ids = std::move(*ids);
  if (route != nullptr && route->find == Find::kHandler) co_return Result<void>{};
  const auto object = match->routes.front().object;
  if (object == store::ObjectKind::kNone) co_return Result<void>{};
  if (co_await call.context.objects.exists(object, call.ids, call.reach)) co_return Result<void>{};
  const bool own = co_await is_own(call, route);
  if (!own) co_return not_found();
  co_return Result<void>{};
}

// 403 that depends on the object: whoever may only execute approves in executions they started themselves.
awaitable<Result<void>> judge_approver(Call& call, const Route* route) {
  if (route == nullptr || route->right != auth::Right::kApprove) co_return Result<void>{};
  const bool may = co_await call.context.approvals.may_approve(call.ids.front(), approver_of(call.principal));
  if (may) co_return Result<void>{};
  co_return failure(ErrorCode::kForbidden,
                    "Your roles allow this in executions that you started; this one was started by another.");
}

http::Response method_not_allowed(const Call& call, const Match& match) {
  auto response = http::problem(405, "method_not_allowed", "This address does not take that method.",
                                call.request.request_id);
  response.headers.emplace_back("Allow", allowed_methods(match));
  return response;
}

awaitable<Answer> judge(Call& call, http::BodyReader& reader, const std::optional<Match>& match,
                        const Route* route) {
  auto caller = co_await judge_caller(call, match, route);
  if (!caller) co_return std::unexpected(std::move(caller.error()));
  auto object = co_await judge_object(call, match, route);
  if (!object) co_return std::unexpected(std::move(object.error()));
  if (route == nullptr) co_return method_not_allowed(call, *match);
  auto approver = co_await judge_approver(call, route);
  if (!approver) co_return std::unexpected(std::move(approver.error()));
  auto body = co_await read_body(reader, route->body, call);
  if (!body) co_return std::unexpected(std::move(body.error()));
  co_return co_await route->handle(call);
}

http::Response refused(Call& call, const Error& error) {
  auto response = http::problem(error, call.request.request_id);
  if (error.code != ErrorCode::kTooMany) return response;
  http::set_retry_after(response, call.context.guesses.wait(call.request.remote_address));
  return response;
}

// An outage is answered here, so that it is counted as what it is; a defect goes on to the server, which logs
// it.
awaitable<http::Response> answer(Call& call, http::BodyReader& reader, const std::optional<Match>& match,
                                 const Route* route) {
  std::string outage;
  try {
    auto answer = co_await judge(call, reader, match, route);
    if (answer) co_return std::move(*answer);
    co_await tell_refusal(call, match, route, answer.error());
    co_return refused(call, answer.error());
  } catch (const std::exception& error) {
    if (!store::is_outage(error)) throw;
    outage = error.what();
  }
  runtime::log_error({.request = call.request.request_id}, "not served: " + outage);
  const Error unavailable{
      ErrorCode::kUnavailable, "The service cannot answer right now. Try again in a moment.", {}};
  co_return http::problem(unavailable, call.request.request_id);
}

awaitable<http::Response> serve(Context& context, const http::Request& request, http::BodyReader& reader) {
  const auto begin = std::chrono::steady_clock::now();
  const auto match = match_path(request.path);
  const auto* route = match ? route_for(*match, request.method) : nullptr;
  const auto pattern = match ? match->routes.front().pattern : kNoRoute;
  const auto count = [&](unsigned status) {
    const auto took = std::chrono::steady_clock::now() - begin;
    context.metrics.request(http::to_string(request.method), pattern, status, took);
  };
  Call call{context, request};
  try {
    auto response = co_await answer(call, reader, match, route);
    count(response.status);
    response.headers.emplace_back("X-UI-Version", http::ui_version());
    co_return response;
  } catch (...) {
    constexpr unsigned kDefect = 500;
    count(kDefect);
    throw;
  }
}

}  // namespace

http::Handler make_public_handler(Context& context) {
  return [&context](const http::Request& request, http::BodyReader& reader) {
    return serve(context, request, reader);
  };
}

}  // namespace runbook::api
