#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "controller/api/execute_body.hpp"
#include "controller/api/handlers.hpp"
#include "controller/auth/rights.hpp"
#include "controller/domain/json_reader.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

struct Asked {
  engine::ExecuteRequest request;
  bool dry_run = false;
};

Asked read_request(const json::value& document, domain::Faults& faults) {
  Asked asked;
  auto& request = asked.request;
  domain::ObjectReader body(document, "", faults);
  if (!body.is_object()) return asked;
  asked.dry_run = body.boolean("dry_run").value_or(false);
  read_what_to_run(body, request);
  if (body.nullable("version_id") != nullptr) request.version = body.uuid("version_id");
  request.approval = body.one_of("approval", {"each", "preapproved"}).value_or("each");
  if (body.nullable("reason") != nullptr) {
    request.reason = body.text("reason", {.max_bytes = limits::kReasonBytes, .not_empty = false});
  }
  body.refuse_unknown();
  return asked;
}

Result<std::optional<std::string>> idempotency_key(const http::Request& request) {
  if (request.header_count("idempotency-key") == 0) return std::nullopt;
  const auto key = request.header("idempotency-key");
  const auto printable = [](char c) { return c > ' ' && c <= '~'; };
  if (!key || key->empty() || key->size() > limits::kIdempotencyKeyBytes ||
      !std::ranges::all_of(*key, printable)) {
    return failure(
        ErrorCode::kMalformed,
        fmt::format("Send Idempotency-Key once: 1 to {} printable ASCII characters without spaces.",
                    limits::kIdempotencyKeyBytes));
  }
  return std::string(*key);
}

// What the runbook itself finds wrong, so that one answer names every fault.
boost::asio::awaitable<void> add_faults_of_runbook(Call& call, engine::ExecuteRequest request,
                                                   domain::Faults& faults) {
  const auto preview = co_await call.context.engine.dry_run(std::move(request));
  if (preview || preview.error().code != ErrorCode::kInvalid) co_return;
  for (const auto& fault : preview.error().faults) faults.add(fault.pointer, fault.code, fault.message);
}

}  // namespace

HandlerAnswer execute_runbook(Call& call) {
  auto key = idempotency_key(call.request);
  if (!key) co_return std::unexpected(key.error());
  domain::Faults faults;
  auto asked = read_request(call.body, faults);
  auto& request = asked.request;
  request.runbook = call.ids.front();
  request.requested_by = call.principal.person;
  request.reach = call.reach;
  request.credential_reach = auth::reach(call.principal.grants, auth::Right::kUseCredentials);
  request.idempotency_key = std::move(*key);
  request.request_digest = call.context.settings.credential_keys.fingerprint(
      fmt::format("POST {}\n{}", call.request.path, call.body_text));
  if (!faults.empty()) {
    co_await add_faults_of_runbook(call, request, faults);
    co_return std::unexpected(faults.error());
  }
  if (asked.dry_run) {
    const auto shown = co_await call.context.engine.dry_run(std::move(request));
    if (!shown) co_return std::unexpected(shown.error());
    co_return ok(*shown);
  }
  const auto execution = co_await call.context.engine.execute(std::move(request), origin_of(call));
  if (!execution) co_return std::unexpected(execution.error());
  const auto id = execution->execution.str();
  auto response = accepted(json::object{{"id", id}, {"status", execution->status}});
  response.headers.emplace_back("Location", "/executions/" + id);
  co_return response;
}

}  // namespace runbook::api
