#include "controller/store/execution_store.hpp"

#include <unordered_map>

#include "controller/domain/targets.hpp"
#include "controller/store/agent_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

constexpr auto kSteadySnapshot = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

constexpr auto kAlive =
    "INSERT INTO controller_instance (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET seen_at = now()";

constexpr auto kClaim =
    "UPDATE execution SET lease_owner = $1, lease_until = now() + make_interval(secs => $2) "
    "WHERE id IN (SELECT id FROM execution WHERE status NOT IN ('completed', 'failed', 'stopped') "
    "AND (lease_until IS NULL OR lease_until < now()) ORDER BY lease_until NULLS FIRST LIMIT $3 "
    "FOR UPDATE SKIP LOCKED) RETURNING id";

constexpr auto kRenew =
    "UPDATE execution SET lease_until = now() + make_interval(secs => $2) "
    "WHERE id = ANY($3::uuid[]) AND lease_owner = $1 AND status NOT IN ('completed', 'failed', 'stopped') "
    "RETURNING id, seq";

constexpr auto kRelease =
    "UPDATE execution SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1";

constexpr auto kLeave = "DELETE FROM controller_instance WHERE id = $1";

constexpr auto kLoad =
    "SELECT e.status, e.seq, e.parameters, e.targets, e.stop_requested_at, e.start_time, e.end_time, "
    "v.content "
    "FROM execution e JOIN runbook_version v ON v.id = e.version_id WHERE e.id = $1";

constexpr auto kLoadSteps =
    "SELECT id, \"order\", attempt, status, reason, exit_code, note, \"timestamp\", end_time, output_bytes "
    "FROM execution_step WHERE job_id = $1 ORDER BY \"order\", attempt";

constexpr auto kLoadAttempts =
    "SELECT a.id, a.step_id, a.agent_id, a.host, a.host_index, a.status, a.incarnation, a.exit_code, "
    "a.signal, a.reason, "
    "a.stdout_bytes + a.stderr_bytes AS output_bytes, a.dispatched_at, a.start_time, a.end_time "
    "FROM execution_step s JOIN attempt a ON a.step_id = s.id WHERE s.job_id = $1 "
    "ORDER BY a.step_id, a.host_index, a.number";

constexpr auto kLoadLabels =
    "SELECT g.id, g.labels FROM agent g WHERE g.id IN (SELECT a.agent_id FROM execution_step s "
    "JOIN attempt a ON a.step_id = s.id WHERE s.job_id = $1 AND a.status IN ('queued', 'dispatched', "
    "'running'))";

constexpr auto kAdvance =
    "UPDATE execution SET seq = seq + $3, status = $4, start_time = $5, end_time = $6, "
    "lease_owner = CASE WHEN $6::timestamptz IS NULL THEN lease_owner END, "
    "lease_until = CASE WHEN $6::timestamptz IS NULL THEN lease_until END "
    "WHERE id = $1 AND lease_owner = $2 AND status = $7 AND (stop_requested_at IS NOT NULL) = $8 RETURNING "
    "seq";

constexpr auto kAdvanceSteps =
    "UPDATE execution_step s SET status = v.status, reason = NULLIF(v.reason, ''), "
    "exit_code = NULLIF(v.exit_code, '')::integer, \"timestamp\" = NULLIF(v.started, '')::timestamptz, "
    "end_time = NULLIF(v.ended, '')::timestamptz "
    "FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) "
    "AS v(id, was, status, reason, exit_code, started, ended) "
    "WHERE s.id = v.id AND s.job_id = $1 AND s.status = v.was";

constexpr auto kAdvanceAttempts =
    "UPDATE attempt a SET status = v.status, incarnation = COALESCE(NULLIF(v.incarnation, '')::uuid, "
    "a.incarnation), "
    "reason = NULLIF(v.reason, ''), dispatched_at = NULLIF(v.dispatched, '')::timestamptz, "
    "end_time = NULLIF(v.ended, '')::timestamptz "
    "FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) "
    "AS v(id, was, status, incarnation, reason, dispatched, ended) "
    "WHERE a.id = v.id AND a.job_id = $1 AND a.status = v.was";

constexpr auto kNewAttempts =
    "INSERT INTO attempt (job_id, id, step_id, agent_id, host, host_index, status, incarnation, reason, "
    "dispatched_at, "
    "end_time) SELECT $1, v.id, v.step, v.agent, v.host, v.host_index, v.status, NULLIF(v.incarnation, "
    "'')::uuid, "
    "NULLIF(v.reason, ''), NULLIF(v.dispatched, '')::timestamptz, NULLIF(v.ended, '')::timestamptz "
    "FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::text[], $8::text[], "
    "$9::text[], "
    "$10::text[], $11::text[]) "
    "AS v(id, step, agent, host, host_index, status, incarnation, reason, dispatched, ended)";

std::string spelled(const std::optional<Time>& time) { return time ? rfc3339(*time) : std::string{}; }
std::string spelled(const std::optional<Uuid>& id) { return id ? id->str() : std::string{}; }
std::string spelled(const std::optional<int>& number) {
  return number ? std::to_string(*number) : std::string{};
}

template <class Status>
std::string word(Status status) {
  return std::string(to_string(status));
}

std::optional<int> small(const pqxx::field& field) {
  const auto number = db::optional_integer(field);
  if (!number) return std::nullopt;
  return static_cast<int>(*number);
}

domain::AttemptState attempt_state(const pqxx::row& row) {
  domain::AttemptState attempt;
  attempt.id = db::uuid(row["id"]);
  attempt.agent = db::uuid(row["agent_id"]);
  attempt.host = db::text(row["host"]);
  attempt.host_index = static_cast<int>(db::integer(row["host_index"]));
  attempt.status = attempt_status(db::text(row["status"])).value();
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
  step.id = db::uuid(row["id"]);
  step.block = blocks.at(static_cast<std::size_t>(db::integer(row["order"])));
  step.attempt = static_cast<int>(db::integer(row["attempt"]));
  step.status = domain::step_status(db::text(row["status"])).value();
  step.reason = db::optional_text(row["reason"]).value_or("");
  step.exit_code = small(row["exit_code"]);
  step.note = db::optional_text(row["note"]).value_or("");
  step.output_bytes = static_cast<std::uint64_t>(db::integer(row["output_bytes"]));
  step.start_time = db::optional_time(row["timestamp"]);
  step.end_time = db::optional_time(row["end_time"]);
  return step;
}

void load_steps(pqxx::work& work, LoadedExecution& loaded, const std::vector<domain::Block>& blocks) {
  std::unordered_map<Uuid, std::size_t> places;
  for (const auto& row : db::exec(work, kLoadSteps, loaded.state.id)) {
    loaded.state.steps.push_back(step_state(row, blocks));
    places.emplace(loaded.state.steps.back().id, loaded.state.steps.size() - 1);
  }
  for (const auto& row : db::exec(work, kLoadAttempts, loaded.state.id)) {
    auto& step = loaded.state.steps[places.at(db::uuid(row["step_id"]))];
    step.attempts.push_back(attempt_state(row));
    step.resolved = true;
  }
  for (const auto& row : db::exec(work, kLoadLabels, loaded.state.id)) {
    loaded.labels.emplace(db::uuid(row["id"]), labels(row["labels"]));
  }
}

std::optional<Result<LoadedExecution>> load_execution(pqxx::work& work, const Uuid& execution) {
  work.exec(kSteadySnapshot);
  const auto rows = db::exec(work, kLoad, execution);
  if (rows.empty()) return std::nullopt;
  const auto& row = rows[0];
  LoadedExecution loaded;
  loaded.state.id = execution;
  loaded.state.status = domain::execution_status(db::text(row["status"])).value();
  loaded.state.stop_requested_at = db::optional_time(row["stop_requested_at"]);
  loaded.state.start_time = db::optional_time(row["start_time"]);
  loaded.state.end_time = db::optional_time(row["end_time"]);
  loaded.seq = db::integer(row["seq"]);
  loaded.parameters = db::json(row["parameters"]).as_object();
  if (!row["targets"].is_null()) {
    domain::Faults faults;
    const auto targets = domain::read_targets(db::json(row["targets"]), "", domain::Need::kOptional, faults);
    loaded.targets = targets.value_or(domain::Targets{});
  }
  const auto runbook = domain::judge_runbook(db::json(row["content"]), [] { return Uuid{}; });
  if (!runbook) return Result<LoadedExecution>(std::unexpected(runbook.error()));
  load_steps(work, loaded, runbook->blocks);
  return Result<LoadedExecution>(std::move(loaded));
}

bool commit_steps(pqxx::work& work, const Uuid& execution, const std::vector<ExecutionChanges::Step>& steps) {
  if (steps.empty()) return true;
  std::vector<Uuid> ids;
  std::vector<std::string> was, status, reason, exit_code, started, ended;
  for (const auto& step : steps) {
    ids.push_back(step.id);
    was.push_back(word(step.was));
    status.push_back(word(step.status));
    reason.push_back(step.reason);
    exit_code.push_back(spelled(step.exit_code));
    started.push_back(spelled(step.start_time));
    ended.push_back(spelled(step.end_time));
  }
  const auto done =
      db::exec(work, kAdvanceSteps, execution, ids, was, status, reason, exit_code, started, ended);
  return static_cast<std::size_t>(done.affected_rows()) == steps.size();
}

bool commit_attempts(pqxx::work& work, const Uuid& execution,
                     const std::vector<ExecutionChanges::Attempt>& attempts) {
  if (attempts.empty()) return true;
  std::vector<Uuid> ids;
  std::vector<std::string> was, status, incarnation, reason, dispatched, ended;
  for (const auto& attempt : attempts) {
    ids.push_back(attempt.id);
    was.push_back(word(attempt.was));
    status.push_back(word(attempt.status));
    incarnation.push_back(spelled(attempt.incarnation));
    reason.push_back(attempt.reason);
    dispatched.push_back(spelled(attempt.dispatched_at));
    ended.push_back(spelled(attempt.end_time));
  }
  const auto done =
      db::exec(work, kAdvanceAttempts, execution, ids, was, status, incarnation, reason, dispatched, ended);
  return static_cast<std::size_t>(done.affected_rows()) == attempts.size();
}

void insert_attempts(pqxx::work& work, const Uuid& execution,
                     const std::vector<ExecutionChanges::NewAttempt>& attempts) {
  if (attempts.empty()) return;
  std::vector<Uuid> ids, steps, agents;
  std::vector<std::int64_t> indices;
  std::vector<std::string> hosts, status, incarnation, reason, dispatched, ended;
  for (const auto& [attempt, step, agent, host, host_index] : attempts) {
    ids.push_back(attempt.id);
    steps.push_back(step);
    agents.push_back(agent);
    hosts.push_back(host);
    indices.push_back(host_index);
    status.push_back(word(attempt.status));
    incarnation.push_back(spelled(attempt.incarnation));
    reason.push_back(attempt.reason);
    dispatched.push_back(spelled(attempt.dispatched_at));
    ended.push_back(spelled(attempt.end_time));
  }
  db::exec(work, kNewAttempts, execution, ids, steps, agents, hosts, indices, status, incarnation, reason,
           dispatched, ended);
}

Result<std::int64_t> commit_changes(pqxx::work& work, const Uuid& instance, const ExecutionChanges& changes) {
  const auto rows =
      db::exec(work, kAdvance, changes.execution, instance, changes.events, word(changes.status),
               changes.start_time, changes.end_time, word(changes.was), changes.stop_requested);
  const bool matched = !rows.empty() && commit_steps(work, changes.execution, changes.steps) &&
                       commit_attempts(work, changes.execution, changes.attempts);
  if (!matched) return failure(ErrorCode::kConflict, "The execution changed meanwhile.");
  insert_attempts(work, changes.execution, changes.new_attempts);
  return db::integer(rows[0]["seq"]);
}

}  // namespace

ExecutionStore::ExecutionStore(db::Database& database) : database_(database) {}

boost::asio::awaitable<std::vector<Uuid>> ExecutionStore::claim(Uuid instance, std::int64_t limit) {
  auto query = [instance, limit](pqxx::work& work) {
    db::exec(work, kAlive, instance);
    std::vector<Uuid> ids;
    for (const auto& row : db::exec(work, kClaim, instance, kLeaseTime.count(), limit))
      ids.push_back(db::uuid(row[0]));
    return ids;
  };
  co_return co_await database_.transact("execution_claim", std::move(query));
}

boost::asio::awaitable<std::vector<Lease>> ExecutionStore::renew(Uuid instance,
                                                                 std::vector<Uuid> executions) {
  auto query = [instance, executions = std::move(executions)](pqxx::work& work) {
    std::vector<Lease> leases;
    for (const auto& row : db::exec(work, kRenew, instance, kLeaseTime.count(), executions)) {
      leases.push_back({db::uuid(row["id"]), db::integer(row["seq"])});
    }
    return leases;
  };
  co_return co_await database_.transact("execution_renew", std::move(query));
}

boost::asio::awaitable<void> ExecutionStore::release(Uuid instance) {
  auto query = [instance](pqxx::work& work) {
    db::exec(work, kRelease, instance);
    db::exec(work, kLeave, instance);
  };
  co_await database_.transact("execution_release", std::move(query));
}

boost::asio::awaitable<std::optional<Result<LoadedExecution>>> ExecutionStore::load(Uuid execution) {
  auto query = [execution](pqxx::work& work) { return load_execution(work, execution); };
  co_return co_await database_.transact("execution_load", std::move(query));
}

boost::asio::awaitable<std::optional<std::int64_t>> ExecutionStore::commit(Uuid instance,
                                                                           ExecutionChanges changes) {
  auto query = [instance, changes = std::move(changes)](pqxx::work& work) {
    return commit_changes(work, instance, changes);
  };
  const auto seq = co_await database_.transact("execution_advance", std::move(query));
  if (!seq) co_return std::nullopt;
  co_return *seq;
}

}  // namespace runbook::store
