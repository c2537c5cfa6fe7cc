#include "controller/store/execution_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "controller/domain/execution/step_view.hpp"
#include "controller/store/one_moment.hpp"
#include "controller/store/output_store.hpp"
#include "controller/store/output_text.hpp"
#include "controller/store/page.hpp"
#include "controller/store/step_views.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr std::string_view kStopCount =
    "(SELECT count(*) FROM execution_step s JOIN attempt a ON a.step_id = s.id WHERE s.job_id = e.id AND {})";
constexpr std::string_view kStopConfirmed =
    "a.dispatched_at IS NOT NULL AND a.end_time >= e.stop_requested_at AND a.status <> 'unknown'";
constexpr std::string_view kStopOf =
    "(a.status IN ('dispatched', 'running') OR (a.dispatched_at IS NOT NULL AND a.end_time >= "
    "e.stop_requested_at))";

// Where it is among its blocks.
constexpr std::string_view kProgress =
    "SELECT coalesce(max(s.\"order\") FILTER (WHERE s.\"timestamp\" IS NOT NULL) + 1, 0) AS block, "
    "coalesce(max(s.\"order\") + 1, 0) AS blocks FROM execution_step s WHERE s.job_id = e.id";

// Every host by the newest try of each block.
constexpr std::string_view kHosts =
    "SELECT count(*) AS hosts, count(*) FILTER (WHERE all_good) AS hosts_good, "
    "count(*) FILTER (WHERE any_bad) AS hosts_bad FROM (SELECT agent_id, bool_and(status = 'success') AS "
    "all_good, bool_or(status IN ('error', 'timed_out', 'unknown')) AS any_bad FROM ("
    "SELECT DISTINCT ON (s.\"order\", a.agent_id) a.agent_id, a.status FROM execution_step s "
    "JOIN attempt a ON a.step_id = s.id WHERE s.job_id = e.id "
    "ORDER BY s.\"order\", a.agent_id, s.attempt DESC, a.number DESC) newest GROUP BY agent_id) each_host";

// What costs is looked up of the rows that are answered only.
const std::string kExecutions = fmt::format(
    "SELECT e.id, e.runbook_id, e.version_id, e.version_number, e.title, e.status, e.created_at, "
    "e.start_time, e.end_time, e.parameters, e.targets, e.approval, e.requested_by, "
    "p.name AS requested_by_name, e.reason, e.seq, e.stop_requested_at, "
    "CASE WHEN e.stop_requested_at IS NOT NULL THEN {} END AS stop_confirmed, "
    "CASE WHEN e.stop_requested_at IS NOT NULL THEN {} END AS stop_of, block, blocks, hosts, hosts_good, "
    "hosts_bad FROM (SELECT * FROM execution e WHERE {{}}) e JOIN person p ON p.id = e.requested_by "
    "CROSS JOIN LATERAL ({}) progress CROSS JOIN LATERAL ({}) host_counts "
    "ORDER BY e.created_at DESC, e.id DESC",
    fmt::format(kStopCount, kStopConfirmed), fmt::format(kStopCount, kStopOf), kProgress, kHosts);

const std::string kOne =
    fmt::format(fmt::runtime(kExecutions), "e.id = $1 AND reaches_execution($2, e.runbook_id, e.id)");
const std::string kPage = fmt::format(
    fmt::runtime(kExecutions),
    "($1::uuid IS NULL OR e.runbook_id = $1) AND ($2::text[] IS NULL OR e.status = ANY($2)) "
    "AND ($3::timestamptz IS NULL OR (e.created_at, e.id) < ($3, $4::uuid)) "
    "AND ($6::uuid IS NULL OR e.requested_by = $6) "
    "AND ($7::uuid IS NULL OR EXISTS (SELECT FROM attempt a WHERE a.job_id = e.id AND a.agent_id = $7)) "
    "AND ($8::text IS NULL OR position(lower($8) in lower(e.title)) > 0 "
    "OR position(lower($8) in lower(e.reason)) > 0) "
    "AND ($9::timestamptz IS NULL OR e.created_at >= $9) AND ($10::timestamptz IS NULL OR e.created_at < "
    "$10) AND reaches_execution($11, e.runbook_id, e.id) "
    "ORDER BY e.created_at DESC, e.id DESC LIMIT $5");
// The filters that are given decide which index is best.
constexpr auto kPlanEachTime = "SET LOCAL plan_cache_mode = force_custom_plan";

const std::string kHostPage = fmt::format(
    "SELECT {} FROM (SELECT DISTINCT ON (host_index) * FROM attempt WHERE step_id = $1 AND host_index > $2 "
    "ORDER BY host_index, number DESC LIMIT $3) a JOIN agent g ON g.id = a.agent_id ORDER BY a.host_index",
    host_columns());

constexpr auto kStepExists =
    "SELECT FROM execution_step s JOIN execution e ON e.id = s.job_id WHERE s.id = $2 AND e.id = $1 "
    "AND reaches_execution($3, e.runbook_id, e.id)";

constexpr auto kReached =
    "SELECT e.id FROM execution e WHERE e.id = ANY($1::uuid[]) AND reaches_execution($2, e.runbook_id, e.id)";

// The chunks that reach into the last kInlineOutputBytes of each step, the first of them cut.
const std::string kTails = fmt::format(
    "SELECT s.id, substring(c.data FROM GREATEST(1, s.output_bytes - {0} - c.step_offset + 1)::integer) AS "
    "data "
    "FROM execution_step s JOIN output_chunk c ON c.step_id = s.id "
    "AND c.step_offset > s.output_bytes - {0} - {1} AND c.step_offset + octet_length(c.data) > "
    "s.output_bytes - {0} "
    "WHERE s.job_id = $1 AND s.output_bytes > 0 ORDER BY s.id, c.step_offset",
    limits::kInlineOutputBytes, kChunkBytes);

json::value stop_json(const pqxx::row& row) {
  const auto requested = db::optional_time(row["stop_requested_at"]);
  if (!requested) return nullptr;
  json::object stop;
  stop["requested_at"] = rfc3339(*requested);
  stop["confirmed"] = db::integer(row["stop_confirmed"]);
  stop["of"] = db::integer(row["stop_of"]);
  return stop;
}

// Members in the order of CONTRACT §3, here and below.
json::object execution_json(const pqxx::row& row) {
  json::object execution;
  execution["id"] = db::text(row["id"]);
  execution["runbook_id"] = db::text(row["runbook_id"]);
  execution["version_id"] = db::text(row["version_id"]);
  execution["version_number"] = db::integer(row["version_number"]);
  execution["title"] = db::text(row["title"]);
  execution["status"] = db::text(row["status"]);
  execution["start_time"] = json_or_null(db::optional_time(row["start_time"]));
  execution["end_time"] = json_or_null(db::optional_time(row["end_time"]));
  execution["parameters"] = db::json(row["parameters"]);
  execution["targets"] = db::json(row["targets"]);
  execution["approval"] = db::text(row["approval"]);
  execution["requested_by"] = db::text(row["requested_by"]);
  execution["requested_by_name"] = db::text(row["requested_by_name"]);
  execution["created_at"] = rfc3339(db::time(row["created_at"]));
  execution["reason"] = json_or_null(db::optional_text(row["reason"]));
  execution["stop"] = stop_json(row);
  execution["progress"] = {{"step", db::integer(row["block"])}, {"of", db::integer(row["blocks"])}};
  execution["host_counts"] = {{"total", db::integer(row["hosts"])},
                              {"success", db::integer(row["hosts_good"])},
                              {"failed", db::integer(row["hosts_bad"])}};
  return execution;
}

struct Parts {
  bool hosts = false;
  bool output = false;
};

// The last bytes of what each step printed, or of the answer it got.
void add_output(pqxx::work& work, const Uuid& execution, std::vector<ShownStep>& steps, json::array& list) {
  std::unordered_map<std::string, std::string> tails;
  for (const auto& row : db::exec(work, kTails, execution))
    tails[db::text(row["id"])] += db::bytes(row["data"]);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto& step = list[i].as_object();
    const bool cut = step.at("output_truncated").as_bool();
    const auto body = domain::response_body(steps[i].step);
    const auto tail = body.substr(body.size() - std::min(body.size(), limits::kInlineOutputBytes));
    const auto& printed = tails[std::string(step.at("id").as_string())];
    step["output"] = output_text(body.empty() ? std::string_view(printed) : tail, cut);
  }
}

json::array steps_json(pqxx::work& work, const Uuid& execution, Parts parts) {
  auto steps = execution_steps(work, execution, parts.hosts ? StepHosts::kOfAll : StepHosts::kOfApprovals);
  json::array list;
  for (const auto& shown : steps) {
    auto step = step_json(shown);
    if (parts.hosts) {
      json::array hosts;
      for (const auto& host : shown.hosts) hosts.push_back(domain::host_view(host.attempt, host.status));
      step["hosts"] = std::move(hosts);
    }
    list.push_back(std::move(step));
  }
  if (parts.output) add_output(work, execution, steps, list);
  return list;
}

Result<ExecutionViews::Snapshot> view(pqxx::work& work, const Uuid& execution, Parts parts,
                                      const json::value& reach) {
  work.exec(kOneMoment);
  const auto rows = db::exec(work, kOne, execution, reach);
  if (rows.empty()) return failure(ErrorCode::kNotFound, "There is no such execution.");
  ExecutionViews::Snapshot snapshot{db::integer(rows[0]["seq"]), execution_json(rows[0])};
  snapshot.data["steps"] = steps_json(work, execution, parts);
  return snapshot;
}

Result<json::object> list_page(pqxx::work& work, const ExecutionFilter& filter) {
  const auto after = decode_time_cursor(filter.cursor);
  if (!after) return std::unexpected(after.error());
  std::optional<Time> time;
  std::optional<Uuid> id;
  if (*after) {
    time = (*after)->time;
    id = (*after)->id;
  }
  std::optional<std::vector<std::string>> statuses;
  if (!filter.statuses.empty()) statuses = filter.statuses;
  work.exec(kPlanEachTime);
  const auto rows =
      db::exec(work, kPage, filter.runbook, statuses, time, id, filter.limit + 1, filter.requested_by,
               filter.agent, filter.text, filter.since, filter.until, filter.reach.to_json());
  json::array items;
  std::optional<std::string> next;
  for (const auto& row : rows) {
    if (items.size() == filter.limit) break;
    items.push_back(execution_json(row));
    if (items.size() == filter.limit && static_cast<std::size_t>(rows.size()) > filter.limit) {
      next = encode_time_cursor({db::time(row["created_at"]), db::uuid(row["id"])});
    }
  }
  return page(std::move(items), next);
}

Result<json::object> host_page(pqxx::work& work, const Uuid& execution, const Uuid& step, std::size_t limit,
                               const std::optional<std::string>& cursor, const json::value& reach) {
  std::int64_t after = -1;
  if (cursor) {
    const auto key = decode_cursor(*cursor, 1);
    if (!key) return std::unexpected(key.error());
    const auto& text = key->front();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
    if (error != std::errc{} || end != text.data() + text.size()) return bad_cursor();
  }
  if (db::exec(work, kStepExists, execution, step, reach).empty()) {
    return failure(ErrorCode::kNotFound, "There is no such step.");
  }
  const auto rows = db::exec(work, kHostPage, step, after, limit + 1);
  json::array items;
  std::optional<std::string> next;
  for (const auto& row : rows) {
    if (items.size() == limit) break;
    const auto host = shown_host(row);
    items.push_back(domain::host_view(host.attempt, host.status));
    if (items.size() == limit && static_cast<std::size_t>(rows.size()) > limit) {
      next = encode_cursor({db::text(row["host_index"])});
    }
  }
  return page(std::move(items), next);
}

}  // namespace

ExecutionViews::ExecutionViews(db::Database& database) : database_(database) {}

awaitable<Result<json::object>> ExecutionViews::list(ExecutionFilter filter) {
  auto query = [filter = std::move(filter)](pqxx::work& work) { return list_page(work, filter); };
  co_return co_await database_.transact("executions", std::move(query));
}

awaitable<Result<json::object>> ExecutionViews::get(Uuid execution, bool summary, Reach reach) {
  auto query = [execution, summary, reach = reach.to_json()](pqxx::work& work) {
    return view(work, execution, Parts{.hosts = !summary, .output = !summary}, reach);
  };
  auto snapshot = co_await database_.transact("execution", std::move(query));
  if (!snapshot) co_return std::unexpected(snapshot.error());
  co_return std::move(snapshot->data);
}

awaitable<Result<ExecutionViews::Snapshot>> ExecutionViews::snapshot(Uuid execution, Reach reach) {
  auto query = [execution, reach = reach.to_json()](pqxx::work& work) {
    return view(work, execution, Parts{.hosts = true, .output = false}, reach);
  };
  co_return co_await database_.transact("execution_snapshot", std::move(query));
}

awaitable<Result<json::object>> ExecutionViews::hosts(Uuid execution, Uuid step, std::size_t limit,
                                                      std::optional<std::string> cursor, Reach reach) {
  auto query = [execution, step, limit, cursor = std::move(cursor), reach = reach.to_json()](
                   pqxx::work& work) { return host_page(work, execution, step, limit, cursor, reach); };
  co_return co_await database_.transact("step_hosts", std::move(query));
}

awaitable<std::set<Uuid>> ExecutionViews::reached(std::vector<Uuid> executions, Reach reach) {
  auto query = [executions = std::move(executions), reach = reach.to_json()](pqxx::work& work) {
    std::set<Uuid> found;
    for (const auto& row : db::exec(work, kReached, executions, reach)) found.insert(db::uuid(row[0]));
    return found;
  };
  co_return co_await database_.transact("executions_reached", std::move(query));
}

}  // namespace runbook::store
