#include <fmt/format.h>

#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/preconditions.hpp"
#include "controller/api/query.hpp"
#include "controller/api/runbook_body.hpp"

namespace runbook::api {

HandlerAnswer list_versions(Call& call) {
  QueryReader query(call.request);
  auto request = query.page();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.runbooks.versions(call.ids.front(), std::move(request), call.reach);
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

HandlerAnswer get_version(Call& call) {
  auto runbook = co_await call.context.runbooks.version(call.ids.front(), call.ids.back(), call.reach);
  if (!runbook) co_return std::unexpected(runbook.error());
  co_return co_await runbook_answer(call, 200, std::move(*runbook));
}

HandlerAnswer rollback_version(Call& call) {
  const auto expected = co_await judge_if_match(call);
  if (!expected) co_return std::unexpected(expected.error());
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  const domain::TextRule rule{.max_bytes = limits::kVersionMessageBytes, .not_empty = false};
  auto message = reader.text("message", rule).value_or("");
  reader.refuse_unknown();
  if (!faults.empty()) co_return std::unexpected(faults.error());
  const auto runbook =
      co_await call.context.runbooks.rollback(call.ids.front(), call.ids.back(), call.principal.person,
                                              std::move(message), *expected, call.reach, origin_of(call));
  if (!runbook) co_return std::unexpected(runbook.error());
  const std::string_view version_id = runbook->at("version").as_object().at("id").as_string();
  auto response =
      created(*runbook, fmt::format("/runbooks/{}/versions/{}", call.ids.front().str(), version_id));
  add_etag(response, *runbook);
  co_return response;
}

}  // namespace runbook::api
