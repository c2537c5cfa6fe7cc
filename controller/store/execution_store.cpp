#include "controller/store/execution_store.hpp"

#include "controller/store/execution_rows.hpp"
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

constexpr auto kAdvance =
    "UPDATE execution SET seq = seq + $3, status = $4, start_time = $5, end_time = $6, "
    "lease_owner = CASE WHEN $6::timestamptz IS NULL THEN lease_owner END, "
    "lease_until = CASE WHEN $6::timestamptz IS NULL THEN lease_until END "
    "WHERE id = $1 AND lease_owner = $2 AND status = $7 AND controls = $8 RETURNING seq";

template <class Status>
std::string word(Status status) {
  return std::string(to_string(status));
}

Result<std::int64_t> commit_changes(pqxx::work& work, const Uuid& instance, std::int64_t controls,
                                    const ExecutionChanges& changes) {
  const auto rows =
      db::exec(work, kAdvance, changes.execution, instance, changes.events, word(changes.status),
               changes.start_time, changes.end_time, word(changes.was), controls);
  if (rows.empty() || !store_rows(work, changes))
    return failure(ErrorCode::kConflict, "The execution changed meanwhile.");
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
  auto query = [execution](pqxx::work& work) {
    work.exec(kSteadySnapshot);
    return load_execution(work, execution, RowLock::kNone);
  };
  co_return co_await database_.transact("execution_load", std::move(query));
}

boost::asio::awaitable<std::optional<std::int64_t>> ExecutionStore::commit(Uuid instance,
                                                                           std::int64_t controls,
                                                                           ExecutionChanges changes) {
  auto query = [instance, controls, changes = std::move(changes)](pqxx::work& work) {
    return commit_changes(work, instance, controls, changes);
  };
  const auto seq = co_await database_.transact("execution_advance", std::move(query));
  if (!seq) co_return std::nullopt;
  co_return *seq;
}

}  // namespace runbook::store
