// What people and late results do to an execution, whoever carries it: under its row lock, without a lease.
#include <algorithm>
#include <chrono>

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/store/audit_rows.hpp"
#include "controller/store/execution_audit.hpp"
#include "controller/store/execution_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::store {
namespace {

constexpr auto kChange =
    "UPDATE execution SET seq = seq + $2, controls = controls + 1, status = $3, start_time = $4, "
    "end_time = $5, stop_requested_at = $6, stop_requested_by = $7 WHERE id = $1 RETURNING seq, controls";

constexpr auto kReached =
    "SELECT reaches_execution($2, runbook_id, id) AS reached, reaches_execution($3, runbook_id, id) AS "
    "approves FROM execution WHERE id = $1";

constexpr auto kTakeLease =
    "UPDATE execution SET lease_owner = $2, lease_until = now() + make_interval(secs => $3) WHERE id = $1";

constexpr auto kUnsettled =
    "SELECT s.id, s.job_id FROM execution_step s WHERE s.status = 'unknown' AND s.type = 'command' "
    "AND EXISTS (SELECT FROM attempt a WHERE a.step_id = s.id) "
    "AND NOT EXISTS (SELECT FROM attempt a WHERE a.step_id = s.id AND a.status = 'unknown')";

Time present() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

// False: a row was not as it was loaded a moment ago, under the lock; try again.
bool store_change(pqxx::work& work, Controlled& controlled, const domain::Changes& changes) {
  auto& [loaded, events, resumed] = controlled;
  events = events_of(loaded.state, changes);
  const auto stored = changes_of(loaded.state, changes, events.size());
  const auto rows =
      db::exec(work, kChange, stored.execution, stored.events, std::string(to_string(stored.status)),
               stored.start_time, stored.end_time, stored.stop_requested_at, stored.stop_requested_by);
  loaded.seq = db::integer(rows[0]["seq"]);
  loaded.controls = db::integer(rows[0]["controls"]);
  return store_rows(work, stored);
}

std::unexpected<Error> no_execution() { return failure(ErrorCode::kNotFound, "There is no such execution."); }

Result<LoadedExecution> load_locked(pqxx::work& work, const Uuid& execution) {
  auto loaded = load_execution(work, execution, RowLock::kForUpdate);
  if (!loaded) return no_execution();
  if (!*loaded) {
    return failure(ErrorCode::kConflict, "The version this execution runs can no longer be read.");
  }
  return std::move(**loaded);
}

Result<Controlled> apply_control(pqxx::work& work, const Uuid& instance, const Uuid& execution,
                                 const domain::Control& control, domain::Actor actor, const Origin& by) {
  auto loaded = load_locked(work, execution);
  if (!loaded) return std::unexpected(loaded.error());
  const auto reached =
      db::exec(work, kReached, execution, actor.reach.to_json(), actor.approves_any.to_json());
  if (!db::boolean(reached[0]["reached"])) return no_execution();
  actor.may_approve_any = db::boolean(reached[0]["approves"]);
  Controlled controlled{std::move(*loaded), {}, false};
  auto& state = controlled.loaded.state;
  const bool had_ended = is_terminal(state.status);
  domain::Changes changes;
  const auto applied = domain::apply(state, changes, control, actor, &runtime::new_uuid, present());
  if (!applied) return std::unexpected(applied.error());
  if (!changes.any()) return controlled;
  if (!store_change(work, controlled, changes))
    return failure(ErrorCode::kConflict, "The execution changed meanwhile: try again.");
  controlled.resumed = had_ended && !is_terminal(state.status);
  if (controlled.resumed) db::exec(work, kTakeLease, execution, instance, kLeaseTime.count());
  append_audit(work, by, execution_control(controlled.loaded, control, changes));
  return controlled;
}

// The execution stays as it is (CONTRACT §2).
Result<Controlled> settle(pqxx::work& work, const Uuid& execution, const Uuid& step) {
  auto loaded = load_locked(work, execution);
  if (!loaded) return std::unexpected(loaded.error());
  Controlled controlled{std::move(*loaded), {}, false};
  auto& state = controlled.loaded.state;
  const auto found = std::ranges::find(state.steps, step, &domain::StepState::id);
  if (found == state.steps.end() || found->status != domain::StepStatus::kUnknown)
    return failure(ErrorCode::kConflict, "The step is settled already.");
  const auto index = static_cast<std::size_t>(found - state.steps.begin());
  auto result = domain::judge_step(state, index);
  if (result.status == domain::StepStatus::kUnknown)
    return failure(ErrorCode::kConflict, "The step is still unknown.");
  domain::Changes changes;
  changes.steps_were.emplace(index, found->status);
  found->status = result.status;
  found->reason = std::move(result.reason);
  found->exit_code = result.exit_code;
  if (!store_change(work, controlled, changes))
    return failure(ErrorCode::kConflict, "The execution changed meanwhile.");
  return controlled;
}

}  // namespace

boost::asio::awaitable<Result<Controlled>> ExecutionStore::control(Uuid instance, Uuid execution,
                                                                   domain::Control control,
                                                                   domain::Actor actor, Origin by) {
  auto query = [instance, execution, control = std::move(control), actor = std::move(actor),
                by = std::move(by)](pqxx::work& work) {
    return apply_control(work, instance, execution, control, actor, by);
  };
  co_return co_await database_.transact("execution_control", std::move(query));
}

boost::asio::awaitable<std::optional<Controlled>> ExecutionStore::settle_step(Uuid execution, Uuid step) {
  auto query = [execution, step](pqxx::work& work) { return settle(work, execution, step); };
  auto settled = co_await database_.transact("step_settle", std::move(query));
  if (!settled) co_return std::nullopt;
  co_return std::move(*settled);
}

boost::asio::awaitable<std::vector<std::pair<Uuid, Uuid>>> ExecutionStore::unsettled() {
  auto query = [](pqxx::work& work) {
    std::vector<std::pair<Uuid, Uuid>> steps;
    for (const auto& row : db::exec(work, kUnsettled)) {
      steps.emplace_back(db::uuid(row["job_id"]), db::uuid(row["id"]));
    }
    return steps;
  };
  co_return co_await database_.transact("steps_unsettled", std::move(query));
}

}  // namespace runbook::store
