#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/query.hpp"
#include "controller/domain/execution/execution_status.hpp"
#include "controller/domain/json_reader.hpp"

namespace runbook::api {

HandlerAnswer list_executions(Call& call) {
  QueryReader query(call.request);
  store::ExecutionFilter filter;
  filter.runbook = query.uuid("runbook_id");
  filter.status = query.text("status");
  if (filter.status && !domain::execution_status(*filter.status)) {
    query.fault("status", domain::fault::kBadValue, "status must be one of an execution's states.");
  }
  const auto request = query.page();
  filter.limit = request.limit;
  filter.cursor = request.cursor;
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.executions.list(std::move(filter));
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

HandlerAnswer get_execution(Call& call) {
  QueryReader query(call.request);
  const bool summary = query.one_of("fields", {"summary"}).has_value();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  const auto execution = co_await call.context.executions.get(call.ids.front(), summary);
  if (!execution) co_return std::unexpected(execution.error());
  co_return ok(*execution);
}

HandlerAnswer list_step_hosts(Call& call) {
  QueryReader query(call.request);
  const auto request = query.page();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.executions.hosts(call.ids.front(), call.ids.back(), request.limit,
                                                     request.cursor);
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

}  // namespace runbook::api
