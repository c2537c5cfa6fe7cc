// What people do to executions: each handler reads its body and hands one domain::Control to the engine.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/auth/rights.hpp"
#include "controller/domain/json_reader.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

using boost::asio::awaitable;

constexpr domain::TextRule kNote{.max_bytes = limits::kNoteBytes, .not_empty = false};
constexpr std::array<std::string_view, 1> kApprovable{"awaiting_approval"};
constexpr std::array<std::string_view, 1> kCompletable{"awaiting_input"};
constexpr std::array<std::string_view, 4> kSkippable{"pending", "awaiting_approval", "awaiting_input",
                                                     "running"};
constexpr std::array<std::string_view, 2> kRetryable{"error", "unknown"};

constexpr domain::TextRule kReason{.max_bytes = limits::kReasonBytes, .not_empty = false};

// null counts as absent.
std::string optional_text(domain::ObjectReader& reader, std::string_view name, const domain::TextRule& rule) {
  if (reader.nullable(name) == nullptr) return {};
  return reader.text(name, rule).value_or("");
}

std::vector<std::string> read_hosts(domain::ObjectReader& reader) {
  if (reader.nullable("hosts") == nullptr) return {};
  auto hosts = reader.texts("hosts", limits::kTargetHosts, limits::kNameBytes);
  if (hosts && hosts->empty()) {
    reader.fault("hosts", domain::fault::kBadValue, "Name at least one host, or leave hosts out.");
  }
  return std::move(hosts).value_or(std::vector<std::string>{});
}

awaitable<Answer> control(Call& call, domain::Control wanted) {
  domain::Actor actor{.person = call.principal.person,
                      .name = call.principal.person_name,
                      .may_approve_any = false,
                      .reach = call.reach,
                      .approves_any = auth::reach_of_any_approval(call.principal.grants)};
  const auto done = co_await call.context.engine.control(call.ids.front(), std::move(wanted),
                                                         std::move(actor), origin_of(call));
  if (!done) co_return std::unexpected(done.error());
  co_return accepted(json::object{{"id", done->execution.str()}, {"status", done->status}});
}

// 409 comes before 422: a wrong body to what can no longer be done is told the latter.
// `possible`: the states a step may have for it; none: what is asked concerns the execution.
awaitable<Answer> refuse(Call& call, domain::Faults& faults, std::span<const std::string_view> possible) {
  const auto execution = co_await call.context.executions.get(call.ids.front(), true, call.reach);
  if (!execution) co_return std::unexpected(execution.error());
  if (possible.empty()) {
    const std::string_view status = execution->at("status").as_string();
    const auto known = domain::execution_status(status);
    if (known && domain::is_terminal(*known)) {
      co_return failure(ErrorCode::kConflict, fmt::format("The execution has ended: it is {}.", status));
    }
    co_return std::unexpected(faults.error());
  }
  for (const auto& step : execution->at("steps").as_array()) {
    if (step.at("id").as_string() != call.ids.back().str()) continue;
    const std::string_view status = step.at("status").as_string();
    if (std::ranges::find(possible, status) != possible.end()) break;
    co_return failure(ErrorCode::kConflict,
                      fmt::format("The step is {}: this cannot be done to it.", status));
  }
  co_return std::unexpected(faults.error());
}

}  // namespace

HandlerAnswer control_execution(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  const auto action = reader.one_of("action", {"pause", "resume", "stop"}, domain::Need::kRequired);
  reader.refuse_unknown();
  constexpr std::span<const std::string_view> kOfExecution;
  if (!faults.empty()) co_return co_await refuse(call, faults, kOfExecution);
  domain::Control wanted = domain::Stop{};
  if (*action == "pause") wanted = domain::Pause{};
  if (*action == "resume") wanted = domain::Resume{};
  co_return co_await control(call, std::move(wanted));
}

HandlerAnswer approve_step(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  domain::Approve wanted{.step = call.ids.back(), .digest = {}};
  wanted.digest = reader.text("digest", {.need = domain::Need::kRequired}).value_or("");
  wanted.note = optional_text(reader, "note", kNote);
  reader.refuse_unknown();
  if (!faults.empty()) co_return co_await refuse(call, faults, kApprovable);
  co_return co_await control(call, std::move(wanted));
}

HandlerAnswer reject_step(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  domain::Reject wanted{.step = call.ids.back(), .reason = {}};
  const domain::TextRule rule{.need = domain::Need::kRequired, .max_bytes = limits::kReasonBytes};
  wanted.reason = reader.text("reason", rule).value_or("");
  reader.refuse_unknown();
  if (!faults.empty()) co_return co_await refuse(call, faults, kApprovable);
  co_return co_await control(call, std::move(wanted));
}

HandlerAnswer complete_step(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  domain::Complete wanted{.step = call.ids.back()};
  wanted.note = optional_text(reader, "note", kNote);
  reader.refuse_unknown();
  if (!faults.empty()) co_return co_await refuse(call, faults, kCompletable);
  co_return co_await control(call, std::move(wanted));
}

HandlerAnswer skip_step(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  domain::Skip wanted{.step = call.ids.back()};
  wanted.reason = optional_text(reader, "reason", kReason);
  reader.refuse_unknown();
  if (!faults.empty()) co_return co_await refuse(call, faults, kSkippable);
  co_return co_await control(call, std::move(wanted));
}

HandlerAnswer retry_step(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  domain::Retry wanted{.step = call.ids.back()};
  wanted.hosts = read_hosts(reader);
  reader.refuse_unknown();
  if (!faults.empty()) co_return co_await refuse(call, faults, kRetryable);
  co_return co_await control(call, std::move(wanted));
}

}  // namespace runbook::api
