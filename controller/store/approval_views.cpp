#include "controller/store/approval_views.hpp"

#include <algorithm>
#include <unordered_map>

#include "controller/domain/execution/step_view.hpp"
#include "controller/store/step_views.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr auto kWaiting =
    "SELECT s.id AS step_id, e.id, e.runbook_id, e.version_id, e.version_number, e.title, e.status, "
    "e.requested_by, p.name AS requested_by_name, e.reason, e.created_at, v.created_by AS author "
    "FROM execution e JOIN execution_step s ON s.job_id = e.id JOIN person p ON p.id = e.requested_by "
    "JOIN runbook_version v ON v.id = e.version_id "
    "WHERE e.status NOT IN ('completed', 'failed', 'stopped') AND s.status = 'awaiting_approval' "
    "AND ($1::timestamptz IS NULL OR (e.created_at, s.id) < ($1, $2::uuid)) "
    "ORDER BY e.created_at DESC, s.id DESC LIMIT $3";

constexpr auto kRequestedBy = "SELECT requested_by FROM execution WHERE id = $1";

bool may_approve(const domain::ApprovalState& approval, const pqxx::row& row, const Approver& approver) {
  const bool started = db::uuid(row["requested_by"]) == approver.person;
  const bool wrote = db::uuid(row["author"]) == approver.person;
  if (!approver.any && !(approver.own && started)) return false;
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

Result<json::object> waiting(pqxx::work& work, const PageRequest& request, const Approver& approver) {
  const auto after = decode_time_cursor(request.cursor);
  if (!after) return std::unexpected(after.error());
  const auto time = *after ? std::optional((*after)->time) : std::nullopt;
  const auto id = *after ? std::optional((*after)->id) : std::nullopt;
  const auto rows = db::exec(work, kWaiting, time, id, request.limit + 1);
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
    items.push_back(item_json(row, step->second.step, approver));
    if (items.size() == request.limit && static_cast<std::size_t>(rows.size()) > request.limit) {
      next = encode_time_cursor({db::time(row["created_at"]), step->first});
    }
  }
  return page(std::move(items), next);
}

}  // namespace

awaitable<Result<json::object>> ApprovalViews::list(PageRequest request, Approver approver) {
  auto query = [request = std::move(request), approver](pqxx::work& work) {
    return waiting(work, request, approver);
  };
  co_return co_await database_.transact("approvals", std::move(query));
}

awaitable<Result<Uuid>> ApprovalViews::requested_by(Uuid execution) {
  auto query = [execution](pqxx::work& work) -> Result<Uuid> {
    const auto rows = db::exec(work, kRequestedBy, execution);
    if (rows.empty()) return failure(ErrorCode::kNotFound, "There is no such execution.");
    return db::uuid(rows[0][0]);
  };
  co_return co_await database_.transact("execution_requested_by", std::move(query));
}

}  // namespace runbook::store
