// The requests people make of executions: submit, preview, stop, complete; and what ends one out of turn.
#include <stdexcept>

#include "controller/domain/targets.hpp"
#include "controller/store/agent_rows.hpp"
#include "controller/store/execution_store.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;

constexpr auto kVersion =
    "SELECT r.title, r.deleted_at IS NOT NULL AS deleted, v.id, v.version_number, v.content FROM runbook r "
    "LEFT JOIN runbook_version v ON v.runbook_id = r.id "
    "AND CASE WHEN $2::uuid IS NULL THEN v.version_number = r.version_number ELSE v.id = $2::uuid END WHERE "
    "r.id = $1";

constexpr auto kEarlier =
    "SELECT request_digest, execution_id FROM idempotency_key WHERE person_id = $1 AND key = $2";

constexpr auto kRemember =
    "INSERT INTO idempotency_key (person_id, key, request_digest, execution_id) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT DO NOTHING";

constexpr auto kInsert =
    "INSERT INTO execution (id, runbook_id, version_id, version_number, title, status, approval, parameters, "
    "targets, "
    "steps, reason, requested_by, lease_owner, lease_until) VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, "
    "$8, $9, $10, "
    "$11, $12, now() + make_interval(secs => $13))";

constexpr auto kInsertSteps =
    "INSERT INTO execution_step (job_id, id, block_id, slug, name, type, \"order\", status, reason) "
    "SELECT $1, v.id, v.block, v.slug, v.name, v.type, v.position, v.status, NULLIF(v.reason, '') "
    "FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], "
    "$9::text[]) "
    "AS v(id, block, slug, name, type, position, status, reason)";

constexpr auto kStop =
    "UPDATE execution SET stop_requested_at = $3, stop_requested_by = $2, seq = seq + 1 WHERE id = $1 "
    "AND stop_requested_at IS NULL AND status NOT IN ('completed', 'failed', 'stopped') RETURNING status, "
    "seq";

constexpr auto kStatus = "SELECT status FROM execution WHERE id = $1";

constexpr auto kNext =
    "UPDATE execution SET seq = seq + 1 WHERE id = $1 AND stop_requested_at IS NULL "
    "AND status NOT IN ('completed', 'failed', 'stopped') RETURNING seq";

constexpr auto kComplete =
    "UPDATE execution_step SET status = 'success', note = NULLIF($3, ''), completed_by = $4, end_time = $5 "
    "WHERE id = $2 AND job_id = $1 AND type = 'instruction' AND status = 'awaiting_input'";

constexpr auto kStepStatus = "SELECT status, type FROM execution_step WHERE id = $2 AND job_id = $1";

constexpr auto kAnySeq = "UPDATE execution SET seq = seq + 1 WHERE id = $1 RETURNING seq";

constexpr auto kSettle =
    "UPDATE execution_step SET status = $3, reason = NULLIF($4, ''), exit_code = $5 "
    "WHERE id = $2 AND job_id = $1 AND status = 'unknown'";

constexpr auto kAbandon =
    "UPDATE execution SET status = 'failed', end_time = now(), seq = seq + 1, lease_owner = NULL, "
    "lease_until = NULL "
    "WHERE id = $1 AND lease_owner = $2";

constexpr auto kAbandonSteps =
    "UPDATE execution_step SET status = CASE status WHEN 'pending' THEN 'skipped' ELSE 'error' END, reason = "
    "$2, "
    "end_time = now() WHERE job_id = $1 AND status IN ('pending', 'awaiting_approval', 'awaiting_input', "
    "'running')";

// Another request with the same key was committed while this one was judged: look again.
struct KeyTaken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Result<VersionRow> find_version(pqxx::work& work, const Submission& submission) {
  const auto rows = db::exec(work, kVersion, submission.runbook, submission.version);
  if (rows.empty() || db::boolean(rows[0]["deleted"]))
    return failure(ErrorCode::kNotFound, "There is no such runbook.");
  const auto& row = rows[0];
  if (row["id"].is_null()) {
    auto error = Error{ErrorCode::kInvalid, "The execution cannot be started as asked.", {}};
    error.faults.push_back({"/version_id", "not_found", "The runbook has no such version."});
    return std::unexpected(std::move(error));
  }
  VersionRow version;
  version.runbook = submission.runbook;
  version.version = db::uuid(row["id"]);
  version.number = static_cast<int>(db::integer(row["version_number"]));
  version.title = db::text(row["title"]);
  version.content = db::json(row["content"]);
  return version;
}

void insert_steps(pqxx::work& work, const domain::ExecutionState& state) {
  std::vector<Uuid> ids, blocks;
  std::vector<std::string> slugs, names, types, statuses, reasons;
  std::vector<std::int64_t> positions;
  for (const auto& step : state.steps) {
    ids.push_back(step.id);
    blocks.push_back(step.block.id);
    slugs.push_back(step.block.slug);
    names.push_back(step.block.name);
    types.emplace_back(step.block.type());
    positions.push_back(step.block.order);
    statuses.emplace_back(to_string(step.status));
    reasons.push_back(step.reason);
  }
  db::exec(work, kInsertSteps, state.id, ids, blocks, slugs, names, types, positions, statuses, reasons);
}

void insert(pqxx::work& work, const NewExecution& created, const VersionRow& version, const Uuid& instance) {
  const auto& loaded = created.loaded;
  std::optional<json::object> targets;
  if (!loaded.targets.empty()) targets = domain::to_json(loaded.targets);
  std::optional<json::value> steps;
  if (!created.steps.is_null()) steps = created.steps;
  db::exec(work, kInsert, loaded.state.id, version.runbook, version.version, version.number, created.title,
           created.approval, loaded.parameters, targets, steps, created.reason, created.requested_by,
           instance, kLeaseTime.count());
  insert_steps(work, loaded.state);
}

std::optional<Result<Submitted>> earlier(pqxx::work& work, const Submission& submission) {
  if (!submission.idempotency_key) return std::nullopt;
  const auto rows = db::exec(work, kEarlier, submission.person, *submission.idempotency_key);
  if (rows.empty()) return std::nullopt;
  if (db::bytes(rows[0]["request_digest"]) != submission.request_digest) {
    auto error = Error{ErrorCode::kConflict, "This Idempotency-Key was used for another request.", {}};
    error.faults.push_back({"", "idempotency_key_reused", error.message});
    return Result<Submitted>(std::unexpected(std::move(error)));
  }
  return Result<Submitted>(Submitted{db::uuid(rows[0]["execution_id"]), std::nullopt});
}

Result<Submitted> submit_once(pqxx::work& work, const Submission& submission, const Uuid& instance,
                              const Judge& judge) {
  if (auto repeated = earlier(work, submission)) return std::move(*repeated);
  const auto version = find_version(work, submission);
  if (!version) return std::unexpected(version.error());
  auto created = judge(*version, [&work](const auto& targets) { return candidate_hosts(work, targets); });
  if (!created) return std::unexpected(created.error());
  insert(work, *created, *version, instance);
  const Uuid id = created->loaded.state.id;
  if (submission.idempotency_key) {
    const auto kept = db::exec(work, kRemember, submission.person, *submission.idempotency_key,
                               db::Bytes{submission.request_digest}, id);
    if (kept.affected_rows() == 0) throw KeyTaken("idempotency key taken meanwhile");
  }
  return Submitted{id, std::move(*created)};
}

Result<std::int64_t> complete(pqxx::work& work, const Uuid& execution, const Uuid& step, const Uuid& person,
                              const std::string& note, Time now) {
  const auto seq = db::exec(work, kNext, execution);
  if (!seq.empty()) {
    const auto done = db::exec(work, kComplete, execution, step, note, person, now);
    if (done.affected_rows() == 1) return db::integer(seq[0][0]);
  }
  const auto rows = db::exec(work, kStepStatus, execution, step);
  if (rows.empty()) return failure(ErrorCode::kNotFound, "There is no such step.");
  if (db::text(rows[0]["type"]) != "instruction") {
    return failure(ErrorCode::kConflict, "Only an instruction can be ticked off.");
  }
  return failure(ErrorCode::kConflict,
                 "The step does not wait to be ticked off: it is " + db::text(rows[0]["status"]) + ".");
}

}  // namespace

boost::asio::awaitable<Result<Submitted>> ExecutionStore::submit(Submission submission, Uuid instance,
                                                                 Judge judge) {
  const Uuid execution = submission.execution;
  auto query = [submission = std::move(submission), instance, judge = std::move(judge)](pqxx::work& work) {
    return submit_once(work, submission, instance, judge);
  };
  bool in_doubt = false;
  try {
    co_return co_await database_.transact("execution_submit", query);
  } catch (const KeyTaken&) {
  } catch (const db::CommitInDoubt&) {
    in_doubt = true;
  }
  if (in_doubt) {
    auto look = [execution](pqxx::work& work) { return !db::exec(work, kStatus, execution).empty(); };
    const bool committed = co_await database_.transact("execution_submitted", std::move(look));
    if (committed) co_return Submitted{execution, std::nullopt};
  }
  co_return co_await database_.transact("execution_submit", std::move(query));
}

boost::asio::awaitable<Result<json::object>> ExecutionStore::preview(Submission submission, Preview judge) {
  auto query = [submission = std::move(submission),
                judge = std::move(judge)](pqxx::work& work) -> Result<json::object> {
    const auto version = find_version(work, submission);
    if (!version) return std::unexpected(version.error());
    return judge(*version, [&work](const auto& targets) { return candidate_hosts(work, targets); });
  };
  co_return co_await database_.transact("execution_preview", std::move(query));
}

boost::asio::awaitable<Result<ExecutionStore::Stopped>> ExecutionStore::request_stop(Uuid execution,
                                                                                     Uuid person, Time now) {
  auto query = [execution, person, now](pqxx::work& work) -> Result<Stopped> {
    const auto rows = db::exec(work, kStop, execution, person, now);
    if (!rows.empty()) return Stopped{db::text(rows[0]["status"]), db::integer(rows[0]["seq"])};
    const auto present = db::exec(work, kStatus, execution);
    if (present.empty()) return failure(ErrorCode::kNotFound, "There is no such execution.");
    auto status = db::text(present[0][0]);
    const auto known = domain::execution_status(status);
    if (known && is_terminal(*known)) {
      return failure(ErrorCode::kConflict, "The execution has ended already: it is " + status + ".");
    }
    return Stopped{std::move(status), std::nullopt};
  };
  co_return co_await database_.transact("execution_stop", std::move(query));
}

boost::asio::awaitable<Result<std::int64_t>> ExecutionStore::complete_step(Uuid execution, Uuid step,
                                                                           Uuid person, std::string note,
                                                                           Time now) {
  auto query = [execution, step, person, note = std::move(note), now](pqxx::work& work) {
    return complete(work, execution, step, person, note, now);
  };
  co_return co_await database_.transact("step_complete", std::move(query));
}

boost::asio::awaitable<std::optional<std::int64_t>> ExecutionStore::settle_step(Uuid execution,
                                                                                ExecutionChanges::Step step) {
  auto query = [execution, step = std::move(step)](pqxx::work& work) -> Result<std::int64_t> {
    const auto seq = db::exec(work, kAnySeq, execution);
    const auto done = db::exec(work, kSettle, execution, step.id, std::string(to_string(step.status)),
                               step.reason, step.exit_code);
    if (seq.empty() || done.affected_rows() != 1)
      return failure(ErrorCode::kConflict, "The step is settled already.");
    return db::integer(seq[0][0]);
  };
  const auto seq = co_await database_.transact("step_settle", std::move(query));
  if (!seq) co_return std::nullopt;
  co_return *seq;
}

boost::asio::awaitable<void> ExecutionStore::abandon(Uuid instance, Uuid execution, std::string reason) {
  auto query = [instance, execution, reason = std::move(reason)](pqxx::work& work) {
    if (db::exec(work, kAbandon, execution, instance).affected_rows() == 1) {
      db::exec(work, kAbandonSteps, execution, reason);
    }
  };
  co_await database_.transact("execution_abandon", std::move(query));
}

}  // namespace runbook::store
