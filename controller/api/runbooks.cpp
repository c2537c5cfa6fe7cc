#include <fmt/format.h>

#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/preconditions.hpp"
#include "controller/api/query.hpp"
#include "controller/api/runbook_body.hpp"
#include "controller/domain/execution/execution_status.hpp"
#include "controller/http/problem.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

std::string path_of(const json::object& runbook) {
  return fmt::format("/runbooks/{}", std::string_view(runbook.at("id").as_string()));
}

}  // namespace

HandlerAnswer list_runbooks(Call& call) {
  QueryReader query(call.request);
  store::RunbookFilter filter;
  filter.title = query.text("title");
  filter.text = query.search("q");
  filter.created_by = query.uuid("created_by");
  filter.last_status = query.text("last_status");
  if (filter.last_status && !domain::execution_status(*filter.last_status)) {
    query.fault("last_status", domain::fault::kBadValue, "last_status must be one of an execution's states.");
  }
  filter.selector = query.selector("selector");
  filter.page = query.page();
  filter.reach = call.reach;
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.runbooks.list(std::move(filter));
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

HandlerAnswer create_runbook(Call& call) {
  auto version = co_await judge_version(call);
  if (!version) co_return std::unexpected(version.error());
  auto runbook = co_await call.context.runbooks.create(std::move(*version), call.reach, origin_of(call));
  if (!runbook) co_return std::unexpected(runbook.error());
  const auto path = path_of(*runbook);
  auto response = co_await runbook_answer(call, 201, std::move(*runbook));
  response.headers.emplace_back("Location", path);
  co_return response;
}

HandlerAnswer get_runbook(Call& call) {
  auto runbook = co_await call.context.runbooks.get(call.ids.front(), call.reach);
  if (!runbook) co_return std::unexpected(runbook.error());
  co_return co_await runbook_answer(call, 200, std::move(*runbook));
}

HandlerAnswer update_runbook(Call& call) {
  const auto expected = co_await judge_if_match(call);
  if (!expected) co_return std::unexpected(expected.error());
  auto version = co_await judge_version(call);
  if (!version) co_return std::unexpected(version.error());
  auto runbook = co_await call.context.runbooks.update(call.ids.front(), std::move(*version), *expected,
                                                       call.reach, origin_of(call));
  if (!runbook) co_return std::unexpected(runbook.error());
  co_return co_await runbook_answer(call, 200, std::move(*runbook));
}

HandlerAnswer delete_runbook(Call& call) {
  const auto expected = expected_version(call.request);
  if (!expected) co_return std::unexpected(expected.error());
  const auto removed =
      co_await call.context.runbooks.remove(call.ids.front(), *expected, call.reach, origin_of(call));
  if (!removed) co_return std::unexpected(removed.error());
  co_return no_content();
}

// Says what saving would: the document with everything filled in, or every fault.
HandlerAnswer validate_runbook(Call& call) {
  const auto version = co_await judge_version(call);
  json::object answer{{"valid", version.has_value()}, {"errors", json::array()}, {"runbook", nullptr}};
  if (version) {
    answer["runbook"] = domain::to_json(version->content);
  } else {
    answer["errors"] = http::faults_json(version.error().faults);
  }
  co_return ok(answer);
}

}  // namespace runbook::api
