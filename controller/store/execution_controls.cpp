// What people and late results do to an execution, whoever carries it: under its row lock, without a lease.
#include <algorithm>
#include <chrono>
#include <variant>

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
    "SELECT reaches_execution($2, e.runbook_id, e.id) AS reached, "
    "reaches_execution($3, e.runbook_id, e.id) AS approves, "
    "e.requested_by = $4 AND reaches_runbook($2, r.labels) AS started "
    "FROM execution e JOIN runbook r ON r.id = e.runbook_id WHERE e.id = $1";

constexpr auto kStillReached = "SELECT reaches_execution($2, runbook_id, id) FROM execution WHERE id = $1";

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

// Whoever started it may end it and hold it up, also when a host of it is no longer within reach.
bool starter_may(const domain::Control& control) {
  return std::holds_alternative<domain::Stop>(control) || std::holds_alternative<domain::Pause>(control);
}

// A retry reopens what was skipped: commands whose hosts are not known yet, and may be out of reach.
Result<void> judge_reopened(pqxx::work& work, const Uuid& execution, const domain::Control& control,
                            const domain::Reach& reach) {
  if (!std::holds_alternative<domain::Retry>(control)) return {};
  if (db::boolean(db::exec(work, kStillReached, execution, reach.to_json())[0][0])) return {};
  return failure(ErrorCode::kForbidden,
                 "Commands after this step have no hosts yet: they may go to hosts that your roles do not "
                 "reach.");
}

Result<Controlled> apply_control(pqxx::work& work, const Uuid& instance, const Uuid& execution,
                                 domain::Control control, domain::Actor actor, const Cover& cover,
                                 const Origin& by) {
  auto loaded = load_locked(work, execution);
  if (!loaded) return std::unexpected(loaded.error());
  const auto reached =
      db::exec(work, kReached, execution, actor.reach.to_json(), actor.approves_any.to_json(), actor.person);
  const bool started = starter_may(control) && db::boolean(reached[0]["started"]);
  if (!db::boolean(reached[0]["reached"]) && !started) return no_execution();
  actor.may_approve_any = db::boolean(reached[0]["approves"]);
  if (const auto covered = cover(*loaded, control); !covered) return std::unexpected(covered.error());
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
  if (auto judged = judge_reopened(work, execution, control, actor.reach); !judged)
    return std::unexpected(judged.error());
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
                                                                   domain::Actor actor, Cover cover,
                                                                   Origin by) {
  auto query = [instance, execution, control = std::move(control), actor = std::move(actor),
                cover = std::move(cover), by = std::move(by)](pqxx::work& work) {
    return apply_control(work, instance, execution, control, actor, cover, by);
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
