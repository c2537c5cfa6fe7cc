#include "controller/store/attempt_store.hpp"

#include <fmt/format.h>

#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

constexpr std::string_view kAttempts =
    "SELECT a.id, a.job_id, a.step_id, a.agent_id, a.host, a.status, a.incarnation, a.dispatched_at, "
    "a.stdout_bytes, a.stdout_lines, a.stdout_open, a.stderr_bytes, a.stderr_lines, a.stderr_open, "
    "e.stop_requested_at IS NOT NULL AS stop_requested "
    "FROM attempt a JOIN execution e ON e.id = a.job_id WHERE {}";

constexpr std::string_view kOfAgent =
    "a.id = ANY($2::uuid[]) OR (a.agent_id = $1 AND a.status IN ('dispatched', 'running'))";
constexpr std::string_view kById = "a.id = ANY($1::uuid[])";

StreamEnd stream_end(const pqxx::field& bytes, const pqxx::field& lines, const pqxx::field& open) {
  return {static_cast<std::uint64_t>(db::integer(bytes)), static_cast<std::uint64_t>(db::integer(lines)),
          db::boolean(open)};
}

std::vector<StoredAttempt> read(const pqxx::result& rows) {
  std::vector<StoredAttempt> attempts;
  for (const auto& row : rows) {
    StoredAttempt attempt;
    attempt.id = db::uuid(row["id"]);
    attempt.execution = db::uuid(row["job_id"]);
    attempt.step = db::uuid(row["step_id"]);
    attempt.agent = db::uuid(row["agent_id"]);
    attempt.host = db::text(row["host"]);
    attempt.status = attempt_status(db::text(row["status"])).value();
    attempt.incarnation = db::optional_uuid(row["incarnation"]);
    attempt.dispatched_at = db::optional_time(row["dispatched_at"]);
    attempt.standard_output = stream_end(row["stdout_bytes"], row["stdout_lines"], row["stdout_open"]);
    attempt.standard_error = stream_end(row["stderr_bytes"], row["stderr_lines"], row["stderr_open"]);
    attempt.stop_requested = db::boolean(row["stop_requested"]);
    attempts.push_back(std::move(attempt));
  }
  return attempts;
}

}  // namespace

AttemptStore::AttemptStore(db::Database& database) : database_(database) {}

boost::asio::awaitable<std::vector<StoredAttempt>> AttemptStore::of_agent(Uuid agent,
                                                                          std::vector<Uuid> named) {
  auto query = [agent, named = std::move(named)](pqxx::work& work) {
    return read(db::exec(work, fmt::format(kAttempts, kOfAgent), agent, named));
  };
  co_return co_await database_.transact("attempts_of_agent", std::move(query));
}

boost::asio::awaitable<std::vector<StoredAttempt>> AttemptStore::by_id(std::vector<Uuid> ids) {
  auto query = [ids = std::move(ids)](pqxx::work& work) {
    return read(db::exec(work, fmt::format(kAttempts, kById), ids));
  };
  co_return co_await database_.transact("attempts_by_id", std::move(query));
}

}  // namespace runbook::store
