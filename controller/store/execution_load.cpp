#include <unordered_map>

#include "controller/domain/targets.hpp"
#include "controller/store/agent_rows.hpp"
#include "controller/store/execution_rows.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

constexpr std::string_view kLoad =
    "SELECT e.status, e.seq, e.controls, e.runbook_id, e.version_id, e.version_number, e.title, e.approval, "
    "e.parameters, e.targets, e.host_scope, e.reason, e.requested_by, p.name AS requested_by_name, "
    "e.stop_requested_at, "
    "e.stop_requested_by, e.start_time, e.end_time, v.content, v.created_by AS author "
    "FROM execution e JOIN runbook_version v ON v.id = e.version_id JOIN person p ON p.id = e.requested_by "
    "WHERE e.id = $1";

constexpr auto kLoadSecrets = "SELECT name, sealed FROM execution_secret WHERE execution_id = $1";

constexpr auto kLoadSteps =
    "SELECT s.id, s.\"order\", s.attempt, s.status, s.skip_cause, s.reason, s.exit_code, s.note, "
    "s.completed_by, p.name AS completed_by_name, s.\"timestamp\", s.end_time, s.output_bytes, s.approval, "
    "s.due, s.repeatable, s.tries, s.frozen, s.result "
    "FROM execution_step s LEFT JOIN person p ON p.id = s.completed_by "
    "WHERE s.job_id = $1 ORDER BY s.\"order\", s.attempt";

constexpr auto kLoadAttempts =
    "SELECT a.id, a.step_id, a.agent_id, a.host, a.labels, a.host_index, a.number, a.status, a.lost, "
    "a.incarnation, a.exit_code, a.signal, a.reason, a.stdout_bytes + a.stderr_bytes AS output_bytes, "
    "a.dispatched_at, a.start_time, a.end_time "
    "FROM execution_step s JOIN attempt a ON a.step_id = s.id WHERE s.job_id = $1 "
    "ORDER BY a.step_id, a.host_index, a.number";

domain::AttemptState attempt_state(const pqxx::row& row) {
  domain::AttemptState attempt;
  attempt.id = db::uuid(row["id"]);
  attempt.agent = db::uuid(row["agent_id"]);
  attempt.host = db::text(row["host"]);
  attempt.labels = labels(row["labels"]);
  attempt.host_index = static_cast<int>(db::integer(row["host_index"]));
  attempt.number = static_cast<int>(db::integer(row["number"]));
  attempt.status = attempt_status(db::text(row["status"])).value();
  attempt.lost = db::boolean(row["lost"]);
  attempt.incarnation = db::optional_uuid(row["incarnation"]);
  attempt.exit_code = small(row["exit_code"]);
  attempt.signal = small(row["signal"]);
  attempt.reason = db::optional_text(row["reason"]).value_or("");
  attempt.output_bytes = static_cast<std::uint64_t>(db::integer(row["output_bytes"]));
  attempt.dispatched_at = db::optional_time(row["dispatched_at"]);
  attempt.start_time = db::optional_time(row["start_time"]);
  attempt.end_time = db::optional_time(row["end_time"]);
  return attempt;
}

domain::StepState step_state(const pqxx::row& row, const std::vector<domain::Block>& blocks) {
  domain::StepState step;
  step.block = blocks.at(static_cast<std::size_t>(db::integer(row["order"])));
  step.repeatable = db::boolean(row["repeatable"]);
  read_step(row, step);
  return step;
}

void load_steps(pqxx::work& work, domain::ExecutionState& state, const std::vector<domain::Block>& blocks) {
  std::unordered_map<Uuid, std::size_t> places;
  for (const auto& row : db::exec(work, kLoadSteps, state.id)) {
    state.steps.push_back(step_state(row, blocks));
    places.emplace(state.steps.back().id, state.steps.size() - 1);
  }
  for (const auto& row : db::exec(work, kLoadAttempts, state.id)) {
    auto& step = state.steps[places.at(db::uuid(row["step_id"]))];
    step.attempts.push_back(attempt_state(row));
    step.resolved = true;
  }
}

LoadedExecution execution_of(const pqxx::row& row, const Uuid& id) {
  LoadedExecution loaded;
  loaded.state.id = id;
  loaded.state.status = domain::execution_status(db::text(row["status"])).value();
  loaded.state.preapproved = db::text(row["approval"]) == "preapproved";
  loaded.state.requested_by = db::uuid(row["requested_by"]);
  loaded.state.author = db::uuid(row["author"]);
  loaded.state.stop_requested_at = db::optional_time(row["stop_requested_at"]);
  loaded.state.stop_requested_by = db::optional_uuid(row["stop_requested_by"]);
  loaded.state.start_time = db::optional_time(row["start_time"]);
  loaded.state.end_time = db::optional_time(row["end_time"]);
  loaded.seq = db::integer(row["seq"]);
  loaded.controls = db::integer(row["controls"]);
  loaded.runbook = db::uuid(row["runbook_id"]);
  loaded.version = db::uuid(row["version_id"]);
  loaded.version_number = static_cast<int>(db::integer(row["version_number"]));
  loaded.title = db::text(row["title"]);
  loaded.state.requested_by_name = db::text(row["requested_by_name"]);
  loaded.reason = db::optional_text(row["reason"]).value_or("");
  loaded.parameters = db::json(row["parameters"]).as_object();
  loaded.host_scope = db::json(row["host_scope"]);
  if (!row["targets"].is_null()) {
    domain::Faults faults;
    const auto targets = domain::read_targets(db::json(row["targets"]), "", domain::Need::kOptional, faults);
    loaded.targets = targets.value_or(domain::Targets{});
  }
  return loaded;
}

}  // namespace

std::optional<Result<LoadedExecution>> load_execution(pqxx::work& work, const Uuid& execution, RowLock lock) {
  static const std::string kPlain(kLoad);
  static const std::string kLocked = kPlain + " FOR UPDATE OF e";
  const auto rows = db::exec(work, lock == RowLock::kForUpdate ? kLocked : kPlain, execution);
  if (rows.empty()) return std::nullopt;
  auto loaded = execution_of(rows[0], execution);
  const auto runbook = domain::judge_runbook(db::json(rows[0]["content"]), [] { return Uuid{}; });
  if (!runbook) return Result<LoadedExecution>(std::unexpected(runbook.error()));
  load_steps(work, loaded.state, runbook->blocks);
  for (const auto& secret : db::exec(work, kLoadSecrets, execution)) {
    loaded.sealed_parameters.emplace(db::text(secret["name"]), db::text(secret["sealed"]));
  }
  return Result<LoadedExecution>(std::move(loaded));
}

}  // namespace runbook::store
