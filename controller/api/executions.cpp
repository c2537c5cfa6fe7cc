#include <algorithm>
#include <array>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/query.hpp"
#include "controller/domain/execution/execution_plan.hpp"
#include "controller/domain/json_reader.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

json::object accepted_json(const Uuid& execution, std::string_view status) {
  return {{"id", execution.str()}, {"status", status}};
}

Answer not_built(std::string_view action) {
  const auto message = std::string(action) + " is not available yet; stop is.";
  const std::vector<Fault> faults{{"/action", std::string(domain::fault::kNotBuilt), message}};
  return std::unexpected(Error{ErrorCode::kInvalid, message, faults});
}

boost::asio::awaitable<Result<std::string>> status_of(Call& call) {
  const auto execution = co_await call.context.executions.get(call.ids.front(), true);
  if (!execution) co_return std::unexpected(execution.error());
  co_return std::string(execution->at("status").as_string());
}

}  // namespace

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

HandlerAnswer control_execution(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  const auto action = reader.one_of("action", {"pause", "resume", "stop"}, domain::Need::kRequired);
  reader.refuse_unknown();
  if (!faults.empty()) co_return std::unexpected(faults.error());
  if (*action != "stop") {
    // 409 comes before 422: an execution that has ended can never be paused.
    const auto status = co_await status_of(call);
    if (!status) co_return std::unexpected(status.error());
    const auto known = domain::execution_status(*status);
    if (known && domain::is_terminal(*known)) {
      co_return failure(ErrorCode::kConflict, "The execution has ended: it is " + *status + ".");
    }
    co_return not_built(*action);
  }
  const auto stopped = co_await call.context.engine.request_stop(call.ids.front(), call.principal.person);
  if (!stopped) co_return std::unexpected(stopped.error());
  co_return accepted(accepted_json(stopped->execution, stopped->status));
}

HandlerAnswer complete_step(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  std::string note;
  if (reader.nullable("note") != nullptr) {
    note = reader.text("note", {.max_bytes = limits::kNoteBytes, .not_empty = false}).value_or("");
  }
  reader.refuse_unknown();
  if (!faults.empty()) co_return std::unexpected(faults.error());
  const auto completed = co_await call.context.engine.complete_step(call.ids.front(), call.ids.back(),
                                                                    call.principal.person, std::move(note));
  if (!completed) co_return std::unexpected(completed.error());
  const auto status = co_await status_of(call);
  if (!status) co_return std::unexpected(status.error());
  co_return accepted(accepted_json(call.ids.front(), *status));
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
