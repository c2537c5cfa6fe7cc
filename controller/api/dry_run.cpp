// Dry runs of documents that are not saved. Those of saved ones are execute.cpp's.
#include <utility>

#include "controller/api/execute_body.hpp"
#include "controller/api/handlers.hpp"
#include "controller/api/runbook_body.hpp"
#include "controller/auth/rights.hpp"
#include "controller/domain/json_reader.hpp"
#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

constexpr std::string_view kRunbook = "/runbook";

// Below /runbook, where the document stands in the request; also when it came as YAML.
Error within_request(Error error) {
  for (auto& fault : error.faults) fault.pointer.insert(0, kRunbook);
  return error;
}

Result<domain::Runbook> judge_json(json::value document, const domain::CommandPolicy& policy) {
  auto version = judge_document(std::move(document), policy);
  if (!version) return std::unexpected(within_request(std::move(version.error())));
  return std::move(version->content);
}

// Text that is no YAML is a wrong value: the request itself is understood.
Result<domain::Runbook> judge_yaml(std::string text, const domain::CommandPolicy& policy) {
  auto read = yaml::read(std::move(text));
  if (!read) {
    auto error = std::move(read.error());
    error.code = ErrorCode::kInvalid;
    error.faults = {{"/yaml", std::string(domain::fault::kBadValue), error.message}};
    return std::unexpected(std::move(error));
  }
  auto version = judge_document(read->value, policy);
  if (!version) return std::unexpected(within_request(yaml::with_places(std::move(version.error()), *read)));
  return std::move(version->content);
}

boost::asio::awaitable<Result<domain::Runbook>> read_document(Call& call, domain::ObjectReader& body) {
  const auto* runbook = body.member("runbook");
  const bool as_yaml = body.member("yaml") != nullptr;
  if ((runbook != nullptr) == as_yaml) {
    const auto code = as_yaml ? domain::fault::kBadValue : domain::fault::kRequired;
    domain::Faults faults;
    faults.add(std::string(kRunbook), code, "Send the document either as runbook or as yaml.");
    co_return std::unexpected(faults.error());
  }
  if (runbook != nullptr) {
    auto job = [document = *runbook, policy = call.context.settings.command_policy]() mutable {
      return judge_json(std::move(document), policy);
    };
    co_return co_await call.context.pool.run(std::move(job));
  }
  auto text = body.text("yaml", {.max_bytes = limits::kDraftBytes, .not_empty = false});
  if (!text) co_return std::unexpected(Error{});  // the fault is noted
  auto job = [text = std::move(*text), policy = call.context.settings.command_policy]() mutable {
    return judge_yaml(std::move(text), policy);
  };
  co_return co_await call.context.pool.run(std::move(job));
}

void add(domain::Faults& faults, const Error& error) {
  for (const auto& fault : error.faults) faults.add(fault.pointer, fault.code, fault.message);
}

}  // namespace

HandlerAnswer dry_run_document(Call& call) {
  domain::Faults faults;
  domain::ObjectReader body(call.body, "", faults);
  if (!body.is_object()) co_return std::unexpected(faults.error());
  engine::ExecuteRequest request;
  request.requested_by = call.principal.person;
  request.reach = call.reach;
  request.credential_reach = auth::reach(call.principal.grants, auth::Right::kUseCredentials);
  read_what_to_run(body, request);
  auto document = co_await read_document(call, body);
  body.refuse_unknown();
  if (!document) {
    add(faults, document.error());
    co_return std::unexpected(faults.error());
  }
  auto shown = co_await call.context.engine.dry_run_document(std::move(request), std::move(*document));
  if (!shown && shown.error().code != ErrorCode::kInvalid) co_return std::unexpected(shown.error());
  if (!shown) add(faults, shown.error());
  if (!faults.empty()) co_return std::unexpected(faults.error());
  co_return ok(*shown);
}

}  // namespace runbook::api
