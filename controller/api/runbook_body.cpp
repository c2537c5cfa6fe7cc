#include "controller/api/runbook_body.hpp"

#include <utility>

#include "controller/api/media.hpp"
#include "controller/api/preconditions.hpp"
#include "controller/domain/json_reader.hpp"
#include "controller/http/problem.hpp"
#include "controller/yaml/yaml_writer.hpp"
#include "protocol/runtime/blocking_pool.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

// The document that would make this version again.
json::object document_of(const json::object& runbook) {
  json::object document;
  for (const auto* name : {"title", "description", "labels", "parameters", "blocks"}) {
    document[name] = runbook.at(name);
  }
  return document;
}

boost::asio::awaitable<std::string> yaml_of(Call& call, const json::object& runbook) {
  const auto version = Uuid::parse(runbook.at("version").at("id").as_string());
  auto kept = co_await call.context.runbooks.source_yaml(version.value());
  if (kept) co_return std::move(*kept);
  auto job = [document = document_of(runbook)] { return yaml::write(document); };
  co_return co_await call.context.pool.run(std::move(job));
}

}  // namespace

Result<store::NewVersion> judge_document(json::value document, const domain::CommandPolicy& policy) {
  store::NewVersion version;
  domain::Faults faults;
  if (auto* object = document.if_object(); object != nullptr && object->contains("message")) {
    domain::ObjectReader reader(document, "", faults);
    const domain::TextRule rule{.max_bytes = limits::kVersionMessageBytes, .not_empty = false};
    version.message = reader.text("message", rule).value_or("");
    object->erase("message");
  }
  auto runbook = domain::judge_runbook(document, runtime::new_uuid, &policy);
  if (!runbook) {
    for (auto& fault : runbook.error().faults) faults.add(fault.pointer, fault.code, fault.message);
  }
  if (!faults.empty()) return std::unexpected(faults.error());
  version.content = std::move(*runbook);
  return version;
}

boost::asio::awaitable<Result<store::NewVersion>> judge_version(Call& call) {
  auto job = [document = call.body, policy = call.context.settings.command_policy]() mutable {
    return judge_document(std::move(document), policy);
  };
  auto version = co_await call.context.pool.run(std::move(job));
  if (!version) {
    if (!call.yaml) co_return std::unexpected(std::move(version.error()));
    co_return std::unexpected(yaml::with_places(std::move(version.error()), *call.yaml));
  }
  if (auto reached = store::judge_labels(version->content.labels, call.reach); !reached) {
    co_return std::unexpected(reached.error());
  }
  version->person = call.principal.person;
  if (call.yaml) version->source_yaml = call.body_text;
  co_return version;
}

boost::asio::awaitable<http::Response> runbook_answer(Call& call, unsigned status, json::object runbook) {
  http::Response response;
  if (prefers_yaml(call.request)) {
    response.status = status;
    response.headers.emplace_back("Content-Type", kYaml);
    response.body = co_await yaml_of(call, runbook);
  } else {
    response = http::json_response(status, runbook);
  }
  response.headers.emplace_back("Vary", "Accept");
  add_etag(response, runbook);
  co_return response;
}

}  // namespace runbook::api
