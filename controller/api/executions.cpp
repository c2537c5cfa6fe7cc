#include <fmt/format.h>

#include <boost/algorithm/string/split.hpp>

#include <algorithm>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/query.hpp"
#include "controller/auth/rights.hpp"
#include "controller/domain/execution/execution_status.hpp"
#include "controller/domain/json_reader.hpp"

namespace runbook::api {

namespace {

std::vector<std::string> read_statuses(QueryReader& query) {
  std::vector<std::string> statuses;
  const auto list = query.text("status");
  if (!list) return statuses;
  boost::algorithm::split(statuses, *list, [](char c) { return c == ','; });
  const auto known = [](const std::string& word) { return domain::execution_status(word).has_value(); };
  if (!std::ranges::all_of(statuses, known)) {
    query.fault("status", domain::fault::kBadValue,
                "status must be one of an execution's states, or several with commas between.");
  }
  return statuses;
}

std::optional<Uuid> read_person(QueryReader& query, std::string_view name, const auth::Principal& caller) {
  const auto text = query.text(name);
  if (!text) return std::nullopt;
  if (*text == "me") return caller.person;
  const auto person = Uuid::parse(*text);
  if (!person) query.fault(name, domain::fault::kBadValue, fmt::format("{} must be a UUID or me.", name));
  return person;
}

boost::asio::awaitable<bool> is_started(Call& call) {
  co_return co_await call.context.objects.started(call.ids.front(), call.principal.person,
                                                  auth::reach(call.principal.grants, auth::Right::kExecute));
}

}  // namespace

HandlerAnswer list_executions(Call& call) {
  QueryReader query(call.request);
  store::ExecutionFilter filter;
  filter.runbook = query.uuid("runbook_id");
  filter.statuses = read_statuses(query);
  filter.requested_by = read_person(query, "requested_by", call.principal);
  filter.agent = query.uuid("agent_id");
  filter.text = query.search("q");
  filter.since = query.time("since");
  filter.until = query.time("until");
  const auto request = query.page();
  filter.limit = request.limit;
  filter.cursor = request.cursor;
  filter.reach = call.reach;
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.executions.list(std::move(filter));
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

HandlerAnswer get_execution(Call& call) {
  QueryReader query(call.request);
  const bool summary = query.one_of("fields", {"summary"}).has_value();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto execution = co_await call.context.executions.get(call.ids.front(), summary, call.reach);
  // It was found to be there: then the caller started it, and sees how it is although a host is out of reach.
  if (!execution && execution.error().code == ErrorCode::kNotFound && co_await is_started(call)) {
    execution = co_await call.context.executions.get(call.ids.front(), true, domain::Reach::everything());
  }
  if (!execution) co_return std::unexpected(execution.error());
  co_return ok(*execution);
}

HandlerAnswer list_step_hosts(Call& call) {
  QueryReader query(call.request);
  const auto request = query.page();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.executions.hosts(call.ids.front(), call.ids.back(), request.limit,
                                                     request.cursor, call.reach);
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

}  // namespace runbook::api
