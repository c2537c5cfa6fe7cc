// How executions come to be: submit and preview; and what ends one out of turn.
#include <stdexcept>

#include "controller/domain/targets.hpp"
#include "controller/store/agent_rows.hpp"
#include "controller/store/audit_rows.hpp"
#include "controller/store/execution_audit.hpp"
#include "controller/store/execution_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;

constexpr auto kVersion =
    "SELECT r.title, r.labels, r.deleted_at IS NOT NULL AS deleted, v.id, v.version_number, v.content, "
    "v.created_by AS author, p.name AS requested_by_name FROM runbook r CROSS JOIN person p "
    "LEFT JOIN runbook_version v ON v.runbook_id = r.id "
    "AND CASE WHEN $2::uuid IS NULL THEN v.version_number = r.version_number ELSE v.id = $2::uuid END WHERE "
    "r.id = $1 AND p.id = $3 AND reaches_runbook($4, r.labels)";

constexpr auto kEarlier =
    "SELECT k.request_digest, k.execution_id, reaches_execution($3, e.runbook_id, e.id) AS reached "
    "FROM idempotency_key k JOIN execution e ON e.id = k.execution_id WHERE k.person_id = $1 AND k.key = $2";

constexpr auto kRemember =
    "INSERT INTO idempotency_key (person_id, key, request_digest, execution_id) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT DO NOTHING";

constexpr auto kInsert =
    "INSERT INTO execution (id, runbook_id, version_id, version_number, title, status, approval, parameters, "
    "targets, "
    "steps, reason, requested_by, host_scope, lease_owner, lease_until) VALUES ($1, $2, $3, $4, $5, "
    "'pending', $6, $7, "
    "$8, $9, $10, "
    "$11, $12, $13, now() + make_interval(secs => $14))";

constexpr auto kCredentials =
    "SELECT id, name, type, credential_serves(runbooks_selector, $2::jsonb) AS usable, runbooks "
    "FROM credential WHERE name IN (SELECT credentials_of($1::json))";

constexpr auto kSecret = "INSERT INTO execution_secret (execution_id, name, sealed) VALUES ($1, $2, $3)";

constexpr auto kStatus = "SELECT status FROM execution WHERE id = $1";

constexpr auto kAbandon =
    "UPDATE execution SET status = 'failed', end_time = now(), seq = seq + 1, lease_owner = NULL, "
    "lease_until = NULL "
    "WHERE id = $1 AND lease_owner = $2";

constexpr auto kAbandonSteps =
    "UPDATE execution_step SET status = CASE status WHEN 'pending' THEN 'skipped' ELSE 'error' END, "
    "skip_cause = CASE status WHEN 'pending' THEN 'failure' ELSE skip_cause END, reason = $2, "
    "end_time = now() WHERE job_id = $1 AND status IN ('pending', 'awaiting_approval', 'awaiting_input', "
    "'running')";

// Steps first, as every transaction locks them. A command may still run: its agent can yet tell.
constexpr auto kAbandonAttempts =
    "UPDATE attempt SET status = CASE status WHEN 'queued' THEN 'not_started' ELSE 'unknown' END, "
    "reason = $2, end_time = now() WHERE job_id = $1 AND status IN ('queued', 'dispatched', 'running')";

// Another request with the same key was committed while this one was judged: look again.
struct KeyTaken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void add_credentials(pqxx::work& work, VersionRow& version) {
  const auto of_runbook = json::value_from(version.labels);
  for (const auto& row : db::exec(work, kCredentials, version.content, of_runbook)) {
    version.credentials.push_back({db::uuid(row["id"]), db::text(row["name"]), db::text(row["type"]),
                                   db::boolean(row["usable"]),
                                   db::optional_text(row["runbooks"]).value_or("")});
  }
}

Result<VersionRow> find_version(pqxx::work& work, const Submission& submission) {
  const auto rows = db::exec(work, kVersion, submission.runbook, submission.version, submission.person,
                             submission.reach.to_json());
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
  version.labels = labels(row["labels"]);
  version.author = db::uuid(row["author"]);
  version.requested_by_name = db::text(row["requested_by_name"]);
  version.content = db::json(row["content"]);
  add_credentials(work, version);
  return version;
}

// The hosts a lookup may find, in the runbook it is asked for.
json::value host_scope(const domain::Reach& reach, const VersionRow& version) {
  return reach.hosts_of(version.labels).to_json();
}

HostLookup lookup_in(pqxx::work& work, json::value scope) {
  return [&work, scope = std::move(scope)](const auto& targets) {
    return candidate_hosts(work, targets, scope);
  };
}

void insert(pqxx::work& work, const NewExecution& created, const VersionRow& version, const Uuid& instance) {
  const auto& loaded = created.loaded;
  std::optional<json::object> targets;
  if (!loaded.targets.empty()) targets = domain::to_json(loaded.targets);
  std::optional<json::value> steps;
  if (!created.steps.is_null()) steps = created.steps;
  std::optional<std::string> reason;
  if (!loaded.reason.empty()) reason = loaded.reason;
  db::exec(work, kInsert, loaded.state.id, version.runbook, version.version, version.number, loaded.title,
           created.approval, loaded.parameters, targets, steps, reason, loaded.state.requested_by,
           loaded.host_scope, instance, kLeaseTime.count());
  for (const auto& [name, sealed] : loaded.sealed_parameters) {
    db::exec(work, kSecret, loaded.state.id, name, sealed);
  }
  store_rows(work, changes_of_new(loaded.state));
}

std::optional<Result<Submitted>> earlier(pqxx::work& work, const Submission& submission) {
  if (!submission.idempotency_key) return std::nullopt;
  const auto rows =
      db::exec(work, kEarlier, submission.person, *submission.idempotency_key, submission.reach.to_json());
  if (rows.empty()) return std::nullopt;
  const bool same = db::bytes(rows[0]["request_digest"]) == submission.request_digest;
  if (!same || !db::boolean(rows[0]["reached"])) {
    auto error = Error{ErrorCode::kConflict, "This Idempotency-Key was used for another request.", {}};
    error.faults.push_back({"", "idempotency_key_reused", error.message});
    return Result<Submitted>(std::unexpected(std::move(error)));
  }
  return Result<Submitted>(Submitted{db::uuid(rows[0]["execution_id"]), std::nullopt});
}

Result<Submitted> submit_once(pqxx::work& work, const Submission& submission, const Uuid& instance,
                              const Judge& judge, const Origin& by) {
  if (auto repeated = earlier(work, submission)) return std::move(*repeated);
  const auto version = find_version(work, submission);
  if (!version) return std::unexpected(version.error());
  const auto scope = host_scope(submission.reach, *version);
  auto created = judge(*version, lookup_in(work, scope));
  if (!created) return std::unexpected(created.error());
  created->loaded.host_scope = scope;
  insert(work, *created, *version, instance);
  const Uuid id = created->loaded.state.id;
  if (submission.idempotency_key) {
    const auto kept = db::exec(work, kRemember, submission.person, *submission.idempotency_key,
                               db::Bytes{submission.request_digest}, id);
    if (kept.affected_rows() == 0) throw KeyTaken("idempotency key taken meanwhile");
  }
  append_audit(work, by, execution_start(*created));
  return Submitted{id, std::move(*created)};
}

}  // namespace

boost::asio::awaitable<Result<Submitted>> ExecutionStore::submit(Submission submission, Uuid instance,
                                                                 Judge judge, Origin by) {
  const Uuid execution = submission.execution;
  auto query = [submission = std::move(submission), instance, judge = std::move(judge), by = std::move(by)](
                   pqxx::work& work) { return submit_once(work, submission, instance, judge, by); };
  bool in_doubt = false;
  try {
    co_return co_await database_.transact("execution_submit", query);
    // NOLINTNEXTLINE(bugprone-empty-catch): tried again below, when the other one is stored
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
    return judge(*version, lookup_in(work, host_scope(submission.reach, *version)));
  };
  co_return co_await database_.transact("execution_preview", std::move(query));
}

boost::asio::awaitable<Result<json::object>> ExecutionStore::preview_unsaved(VersionRow version,
                                                                             domain::Reach reach,
                                                                             Preview judge) {
  auto query = [version = std::move(version), reach = std::move(reach),
                judge = std::move(judge)](pqxx::work& work) {
    auto filled = version;  // a try after a lost connection begins anew
    add_credentials(work, filled);
    return judge(filled, lookup_in(work, host_scope(reach, filled)));
  };
  co_return co_await database_.transact("execution_preview", std::move(query));
}

boost::asio::awaitable<void> ExecutionStore::abandon(Uuid instance, Uuid execution, std::string reason) {
  auto query = [instance, execution, reason = std::move(reason)](pqxx::work& work) {
    if (db::exec(work, kAbandon, execution, instance).affected_rows() == 1) {
      db::exec(work, kAbandonSteps, execution, reason);
      db::exec(work, kAbandonAttempts, execution, reason);
    }
  };
  co_await database_.transact("execution_abandon", std::move(query));
}

}  // namespace runbook::store
