#include "controller/store/approval_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/domain/execution/step_view.hpp"
#include "controller/store/step_views.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

// `sorted_by` is the time by which the list is ordered.
constexpr std::string_view kSteps =
    "SELECT s.id AS step_id, e.id, e.runbook_id, e.version_id, e.version_number, e.title, e.status, "
    "e.requested_by, p.name AS requested_by_name, e.reason, e.created_at, v.created_by AS author, "
    "reaches_execution($5, e.runbook_id, e.id) AS reached_any, "
    "reaches_execution($6, e.runbook_id, e.id) AS reached_own, "
    "{0} AS sorted_by "
    "FROM execution e JOIN execution_step s ON s.job_id = e.id JOIN person p ON p.id = e.requested_by "
    "JOIN runbook_version v ON v.id = e.version_id "
    "WHERE {1} AND reaches_execution($4, e.runbook_id, e.id) AND ($1::timestamptz IS NULL OR ({0}, s.id) < "
    "($1, $2::uuid)) "
    "ORDER BY {0} DESC, s.id DESC LIMIT $3";
const std::string kWaiting =
    fmt::format(kSteps, "e.created_at",
                "e.status NOT IN ('completed', 'failed', 'stopped') AND s.status = 'awaiting_approval'");
constexpr std::string_view kDecidedAt =
    "approval_decided_at(s.status, s.approval, s.\"timestamp\", s.end_time)";
const std::string kDecided =
    fmt::format(kSteps, kDecidedAt, fmt::format("s.approval IS NOT NULL AND {} IS NOT NULL", kDecidedAt));

constexpr auto kMayApprove =
    "SELECT FROM execution WHERE id = $1 AND (reaches_execution($2, runbook_id, id) "
    "OR (requested_by = $4 AND reaches_execution($3, runbook_id, id)))";

bool may_approve(const domain::ApprovalState& approval, const pqxx::row& row, const Approver& approver) {
  const bool started = db::uuid(row["requested_by"]) == approver.person;
  const bool wrote = db::uuid(row["author"]) == approver.person;
  const bool own = db::boolean(row["reached_own"]) && started;
  if (!db::boolean(row["reached_any"]) && !own) return false;
  if (approval.other_person && (started || wrote)) return false;
  return std::ranges::none_of(approval.given,
                              [&](const auto& each) { return each.person == approver.person; });
}

json::object item_json(const pqxx::row& row, const domain::StepState& step, const Approver& approver) {
  json::object item;
  item["execution_id"] = db::text(row["id"]);
  item["step_id"] = step.id.str();
  item["runbook_id"] = db::text(row["runbook_id"]);
  item["version_id"] = db::text(row["version_id"]);
  item["version_number"] = db::integer(row["version_number"]);
  item["title"] = db::text(row["title"]);
  item["status"] = db::text(row["status"]);
  item["slug"] = step.block.slug;
  item["name"] = step.block.name;
  item["attempt"] = step.attempt;
  item["requested_by"] = db::text(row["requested_by"]);
  item["requested_by_name"] = db::text(row["requested_by_name"]);
  item["reason"] = json_or_null(db::optional_text(row["reason"]));
  item["approval"] = domain::approval_view(step);
  item["may_approve"] = step.approval && may_approve(*step.approval, row, approver);
  item["created_at"] = rfc3339(db::time(row["created_at"]));
  return item;
}

// What became of a step that waits no more, by whom, and what they said.
void add_decision(json::object& item, const pqxx::row& row, const domain::StepState& step) {
  constexpr std::string_view kRejected = "rejected by ";  // how the reasons of stopped steps begin
  constexpr std::string_view kExpired = "nobody approved";
  const auto& given = step.approval->given;
  auto by = step.completed_by_name;
  std::string note;
  std::string_view decision = "stopped";
  if (domain::is_given(*step.approval)) {
    decision = "approved";
    by = given.back().name;
    note = given.back().note;
  } else if (step.skip_cause == domain::SkipCause::kPerson) {
    decision = "skipped";
    note = step.reason;
  } else if (step.reason.starts_with(kRejected)) {
    decision = "rejected";
    const auto colon = step.reason.find(": ", kRejected.size() + by.size());
    if (colon != std::string::npos) note = step.reason.substr(colon + 2);
    if (by.empty()) by = step.reason.substr(kRejected.size(), colon - kRejected.size());
  } else if (step.reason.starts_with(kExpired)) {
    decision = "expired";
  }
  item["decision"] = decision;
  item["decided_at"] = rfc3339(db::time(row["sorted_by"]));
  item["decided_by_name"] = nullptr;
  item["note"] = nullptr;
  if (!by.empty()) item["decided_by_name"] = by;
  if (!note.empty()) item["note"] = note;
}

Result<json::object> select_page(pqxx::work& work, Approvals which, const PageRequest& request,
                                 const Approver& approver, const domain::Reach& reach) {
  const auto after = decode_time_cursor(request.cursor);
  if (!after) return std::unexpected(after.error());
  const auto time = *after ? std::optional((*after)->time) : std::nullopt;
  const auto id = *after ? std::optional((*after)->id) : std::nullopt;
  const bool decided = which == Approvals::kDecided;
  const auto rows = db::exec(work, decided ? kDecided : kWaiting, time, id, request.limit + 1,
                             reach.to_json(), approver.any.to_json(), approver.own.to_json());
  std::vector<Uuid> ids;
  for (const auto& row : rows) ids.push_back(db::uuid(row["step_id"]));
  if (ids.size() > request.limit) ids.resize(request.limit);
  std::unordered_map<Uuid, ShownStep> steps;
  for (auto& shown : steps_by_id(work, ids)) steps.emplace(shown.step.id, std::move(shown));
  json::array items;
  std::optional<std::string> next;
  for (const auto& row : rows) {
    const auto step = steps.find(db::uuid(row["step_id"]));
    if (step == steps.end()) break;  // the one beyond the page
    auto item = item_json(row, step->second.step, approver);
    if (decided) {
      item["may_approve"] = false;
      add_decision(item, row, step->second.step);
    }
    items.push_back(std::move(item));
    if (items.size() == request.limit && static_cast<std::size_t>(rows.size()) > request.limit) {
      next = encode_time_cursor({db::time(row["sorted_by"]), step->first});
    }
  }
  return page(std::move(items), next);
}

}  // namespace

awaitable<Result<json::object>> ApprovalViews::list(Approvals which, PageRequest request, Approver approver,
                                                    domain::Reach reach) {
  auto query = [which, request = std::move(request), approver = std::move(approver),
                reach = std::move(reach)](pqxx::work& work) {
    return select_page(work, which, request, approver, reach);
  };
  co_return co_await database_.transact("approvals", std::move(query));
}

awaitable<bool> ApprovalViews::may_approve(Uuid execution, Approver approver) {
  auto query = [execution, approver = std::move(approver)](pqxx::work& work) {
    return !db::exec(work, kMayApprove, execution, approver.any.to_json(), approver.own.to_json(),
                     approver.person)
                .empty();
  };
  co_return co_await database_.transact("execution_may_approve", std::move(query));
}

}  // namespace runbook::store
