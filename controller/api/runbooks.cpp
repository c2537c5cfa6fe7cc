#include <fmt/format.h>

#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/preconditions.hpp"
#include "controller/api/query.hpp"
#include "controller/domain/runbook.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

// The version's `message` travels in the runbook's document; the faults of both are named together.
Result<store::NewVersion> judge_version(Call& call) {
  store::NewVersion version;
  version.person = call.principal.person;
  domain::Faults faults;
  json::value document = call.body;
  if (auto* object = document.if_object(); object != nullptr && object->contains("message")) {
    domain::ObjectReader reader(document, "", faults);
    const domain::TextRule rule{.max_bytes = limits::kVersionMessageBytes, .not_empty = false};
    version.message = reader.text("message", rule).value_or("");
    object->erase("message");
  }
  auto runbook = domain::judge_runbook(document, runtime::new_uuid);
  if (!runbook) {
    for (auto& fault : runbook.error().faults) faults.add(fault.pointer, fault.code, fault.message);
  }
  if (!faults.empty()) return std::unexpected(faults.error());
  version.content = std::move(*runbook);
  return version;
}

std::string path_of(const json::object& runbook) {
  return fmt::format("/runbooks/{}", std::string_view(runbook.at("id").as_string()));
}

}  // namespace

HandlerAnswer list_runbooks(Call& call) {
  QueryReader query(call.request);
  store::RunbookFilter filter;
  filter.title = query.text("title");
  filter.selector = query.selector("selector");
  filter.page = query.page();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.runbooks.list(std::move(filter));
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

HandlerAnswer create_runbook(Call& call) {
  auto version = judge_version(call);
  if (!version) co_return std::unexpected(version.error());
  const auto runbook = co_await call.context.runbooks.create(std::move(*version));
  auto response = created(runbook, path_of(runbook));
  add_etag(response, runbook);
  co_return response;
}

HandlerAnswer get_runbook(Call& call) {
  const auto runbook = co_await call.context.runbooks.get(call.ids.front());
  if (!runbook) co_return std::unexpected(runbook.error());
  auto response = ok(*runbook);
  add_etag(response, *runbook);
  co_return response;
}

HandlerAnswer update_runbook(Call& call) {
  const auto expected = co_await judge_if_match(call);
  if (!expected) co_return std::unexpected(expected.error());
  auto version = judge_version(call);
  if (!version) co_return std::unexpected(version.error());
  const auto runbook =
      co_await call.context.runbooks.update(call.ids.front(), std::move(*version), *expected);
  if (!runbook) co_return std::unexpected(runbook.error());
  auto response = ok(*runbook);
  add_etag(response, *runbook);
  co_return response;
}

HandlerAnswer delete_runbook(Call& call) {
  const auto expected = expected_version(call.request);
  if (!expected) co_return std::unexpected(expected.error());
  const auto removed = co_await call.context.runbooks.remove(call.ids.front(), *expected);
  if (!removed) co_return std::unexpected(removed.error());
  co_return no_content();
}

}  // namespace runbook::api
