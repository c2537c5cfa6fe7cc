#include "controller/store/step_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "controller/domain/execution/step_view.hpp"
#include "controller/store/agent_rows.hpp"
#include "controller/store/execution_rows.hpp"
#include "db/parameters.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;

// What can be long is read only where it is shown.
constexpr std::string_view kSteps =
    "SELECT s.id, s.job_id, s.block_id, s.slug, s.name, s.type, s.\"order\", s.attempt, s.status, "
    "s.skip_cause, s.reason, s.exit_code, s.note, s.completed_by, "
    "p.name AS completed_by_name, s.\"timestamp\", s.end_time, s.output_bytes, "
    "s.approval, s.due, s.tries, s.result, "
    "CASE WHEN s.type IN ('instruction', 'condition') OR s.approval IS NOT NULL THEN s.frozen END AS frozen "
    "FROM execution_step s LEFT JOIN person p ON p.id = s.completed_by WHERE {} ORDER BY s.job_id, "
    "s.\"order\", s.attempt";

const std::string kStepsOfExecution = fmt::format(kSteps, "s.job_id = $1");
const std::string kStepsById = fmt::format(kSteps, "s.id = ANY($1::uuid[])");

// What a command that was to be approved runs in: the blocks of its execution's version.
constexpr auto kContent =
    "SELECT v.content FROM execution e JOIN runbook_version v ON v.id = e.version_id WHERE e.id = $1";

// The newest tries alone are shown; an older one never began.
const std::string kHosts = fmt::format(
    "SELECT a.step_id, {} FROM execution_step s CROSS JOIN LATERAL ("
    "SELECT DISTINCT ON (host_index) * FROM attempt WHERE step_id = s.id ORDER BY host_index, number DESC "
    "LIMIT {}) a JOIN agent g ON g.id = a.agent_id WHERE s.id = ANY($1::uuid[]) "
    "ORDER BY a.step_id, a.host_index",
    host_columns(), limits::kInlineHosts);

const std::string kHostCounts = fmt::format(
    "SELECT a.step_id, {} AS status, count(*) AS n FROM (SELECT DISTINCT ON (a.step_id, a.host_index) a.* "
    "FROM execution_step s JOIN attempt a ON a.step_id = s.id WHERE s.job_id = $1 "
    "ORDER BY a.step_id, a.host_index, a.number DESC) a "
    "LEFT JOIN agent g ON g.id = a.agent_id AND a.status IN ('dispatched', 'running') GROUP BY 1, 2",
    shown_status());

void set_type(domain::Block& block, std::string_view type) {
  if (type == "command") block.config = domain::CommandConfig{};
  if (type == "api") block.config = domain::ApiConfig{};
  if (type == "condition") block.config = domain::ConditionConfig{};
  if (type == "timer") block.config = domain::TimerConfig{};
}

domain::StepState step_state(const pqxx::row& row) {
  domain::StepState step;
  step.block.id = db::uuid(row["block_id"]);
  step.block.slug = db::text(row["slug"]);
  step.block.name = db::text(row["name"]);
  step.block.order = static_cast<int>(db::integer(row["order"]));
  set_type(step.block, db::text(row["type"]));
  read_step(row, step);
  return step;
}

std::vector<ShownStep> read_steps(const pqxx::result& rows) {
  std::vector<ShownStep> steps;
  for (const auto& row : rows) steps.push_back({db::uuid(row["job_id"]), step_state(row)});
  return steps;
}

// A version that can no longer be read leaves out what its block says: shell, user and folder.
void add_block(pqxx::work& work, ShownStep& shown, std::unordered_map<Uuid, domain::Runbook>& known) {
  const auto [runbook, added] = known.try_emplace(shown.execution);
  if (added) {
    const auto rows = db::exec(work, kContent, shown.execution);
    if (rows.empty()) return;
    auto judged = domain::judge_runbook(db::json(rows[0][0]), [] { return Uuid{}; });
    if (judged) runbook->second = std::move(*judged);
  }
  for (const auto& block : runbook->second.blocks) {
    if (block.id == shown.step.block.id) shown.step.block = block;
  }
}

void add_blocks(pqxx::work& work, std::vector<ShownStep>& steps) {
  std::unordered_map<Uuid, domain::Runbook> known;
  for (auto& shown : steps) {
    if (shown.step.approval) add_block(work, shown, known);
  }
}

void add_hosts(pqxx::work& work, std::vector<ShownStep>& steps, StepHosts hosts) {
  std::vector<Uuid> ids;
  std::unordered_map<Uuid, ShownStep*> by_id;
  for (auto& shown : steps) {
    if (hosts == StepHosts::kOfApprovals && !shown.step.approval) continue;
    ids.push_back(shown.step.id);
    by_id.emplace(shown.step.id, &shown);
  }
  if (ids.empty()) return;
  for (const auto& row : db::exec(work, kHosts, ids)) {
    auto& shown = *by_id.at(db::uuid(row["step_id"]));
    shown.hosts.push_back(shown_host(row));
    shown.step.attempts.push_back(shown.hosts.back().attempt);
  }
}

void add_counts(pqxx::work& work, const Uuid& execution, std::vector<ShownStep>& steps) {
  std::unordered_map<Uuid, ShownStep*> by_id;
  for (auto& shown : steps) by_id.emplace(shown.step.id, &shown);
  for (const auto& row : db::exec(work, kHostCounts, execution)) {
    auto& counts = by_id.at(db::uuid(row["step_id"]))->host_counts;
    counts[db::text(row["status"])] = db::integer(row["n"]);
  }
}

}  // namespace

const std::string& shown_status() {
  static const std::string kText = fmt::format(
      "CASE WHEN a.status IN ('dispatched', 'running') AND NOT {} "
      "AND COALESCE(g.last_seen < now() - interval '{} seconds', true) THEN 'unreachable' ELSE a.status END",
      kAgentOnline, limits::kPeerDeadAfter.count());
  return kText;
}

const std::string& host_columns() {
  static const std::string kText = fmt::format(
      "a.agent_id, a.host, a.host_index, a.number, a.status AS stored_status, {} AS status, a.exit_code, "
      "a.signal, a.reason, a.stdout_bytes + a.stderr_bytes AS output_bytes, a.start_time, a.end_time",
      shown_status());
  return kText;
}

ShownHost shown_host(const pqxx::row& row) {
  ShownHost host;
  host.status = db::text(row["status"]);
  auto& attempt = host.attempt;
  attempt.agent = db::uuid(row["agent_id"]);
  attempt.host = db::text(row["host"]);
  attempt.host_index = static_cast<int>(db::integer(row["host_index"]));
  attempt.number = static_cast<int>(db::integer(row["number"]));
  attempt.status = attempt_status(db::text(row["stored_status"])).value();
  attempt.exit_code = small(row["exit_code"]);
  attempt.signal = small(row["signal"]);
  attempt.reason = db::optional_text(row["reason"]).value_or("");
  attempt.output_bytes = static_cast<std::uint64_t>(db::integer(row["output_bytes"]));
  attempt.start_time = db::optional_time(row["start_time"]);
  attempt.end_time = db::optional_time(row["end_time"]);
  return host;
}

std::vector<ShownStep> execution_steps(pqxx::work& work, const Uuid& execution, StepHosts hosts) {
  auto steps = read_steps(db::exec(work, kStepsOfExecution, execution));
  add_blocks(work, steps);
  add_hosts(work, steps, hosts);
  add_counts(work, execution, steps);
  return steps;
}

std::vector<ShownStep> steps_by_id(pqxx::work& work, const std::vector<Uuid>& ids) {
  auto steps = read_steps(db::exec(work, kStepsById, ids));
  add_blocks(work, steps);
  add_hosts(work, steps, StepHosts::kOfAll);
  return steps;
}

json::object step_json(const ShownStep& shown) {
  return domain::step_view(shown.execution, shown.step, shown.host_counts);
}

}  // namespace runbook::store
