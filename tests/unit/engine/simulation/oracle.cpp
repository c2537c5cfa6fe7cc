#include "tests/unit/engine/simulation/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace runbook::simulation {

using domain::ExecutionStatus;
using domain::StepStatus;

namespace {

bool over(ExecutionStatus status) {
  return status == ExecutionStatus::kCompleted || status == ExecutionStatus::kFailed ||
         status == ExecutionStatus::kStopped;
}

bool over(StepStatus status) {
  return status == StepStatus::kSuccess || status == StepStatus::kError || status == StepStatus::kSkipped ||
         status == StepStatus::kStopped || status == StepStatus::kUnknown;
}

bool waits(StepStatus status) {
  return status == StepStatus::kAwaitingApproval || status == StepStatus::kAwaitingInput;
}

// The edges of a step, apart from the retry's.
bool step_edge(StepStatus from, StepStatus to) {
  if (from == to) return true;
  if (from == StepStatus::kPending) return true;
  if (waits(from)) return !waits(to) && to != StepStatus::kPending;
  if (from == StepStatus::kRunning) return over(to);
  return from == StepStatus::kUnknown && (to == StepStatus::kSuccess || to == StepStatus::kError);
}

bool attempt_over(AttemptStatus status) {
  return status != AttemptStatus::kQueued && status != AttemptStatus::kDispatched &&
         status != AttemptStatus::kRunning;
}

bool active(AttemptStatus status) {
  return status == AttemptStatus::kDispatched || status == AttemptStatus::kRunning;
}

bool attempt_edge(AttemptStatus from, AttemptStatus to) {
  if (from == to) return true;
  if (from == AttemptStatus::kQueued)
    return to == AttemptStatus::kDispatched || to == AttemptStatus::kNotStarted;
  if (from == AttemptStatus::kDispatched) return to != AttemptStatus::kQueued;
  if (from == AttemptStatus::kRunning) return attempt_over(to) && to != AttemptStatus::kNotStarted;
  return from == AttemptStatus::kUnknown && attempt_over(to) && to != AttemptStatus::kNotStarted;
}

int part(const domain::HostShare& share, std::size_t total) {
  return share.percent ? static_cast<int>(total) * share.value / 100 : share.value;
}

const Snapshot::Step* find(const Snapshot& snapshot, const Uuid& id) {
  const auto found = std::ranges::find(snapshot.steps, id, &Snapshot::Step::id);
  return found == snapshot.steps.end() ? nullptr : &*found;
}

// The newest row of every block.
std::map<int, const Snapshot::Step*> newest(const Snapshot& snapshot) {
  std::map<int, const Snapshot::Step*> rows;
  for (const auto& step : snapshot.steps) {
    auto& row = rows[step.order];
    if (row == nullptr || row->attempt < step.attempt) row = &step;
  }
  return rows;
}

}  // namespace

Snapshot snapshot_of(const domain::ExecutionState& state) {
  Snapshot snapshot;
  snapshot.status = state.status;
  snapshot.stop = state.stop_requested_at.has_value();
  snapshot.ended = state.end_time.has_value();
  snapshot.steps.reserve(state.steps.size());
  for (const auto& step : state.steps) {
    auto& row = snapshot.steps.emplace_back();
    row.id = step.id;
    row.order = step.block.order;
    row.attempt = step.attempt;
    row.status = step.status;
    row.skip_cause = step.skip_cause;
    row.tries = step.tries.size();
    row.attempts.reserve(step.attempts.size());
    for (const auto& attempt : step.attempts)
      row.attempts.push_back({attempt.id, {attempt.agent, attempt.status}});
  }
  return snapshot;
}

std::string digest_of(const std::string& script) { return "digest of " + script; }

Oracle::Oracle(const domain::ExecutionState& created)
    : last_(snapshot_of(created)),
      loaded_(last_),
      preapproved_(created.preapproved),
      requester_(created.requested_by),
      author_(created.author) {
  for (const auto& step : created.steps) kept_.push_back(step.block);
}

void Oracle::report(std::string violation) {
  if (violation_.empty()) violation_ = std::move(violation);
}

void Oracle::note_edge(std::string_view of, std::string_view from, std::string_view to) {
  if (from != to) edges_.insert(fmt::format("{}: {} → {}", of, from, to));
}

void Oracle::stored(const domain::ExecutionState& state, Writer writer) {
  auto next = snapshot_of(state);
  judge_execution(next, writer);
  for (const auto& before : last_.steps) {
    if (find(next, before.id) == nullptr) report("backwards: a step vanished");
  }
  for (const auto& after : next.steps) {
    const auto* before = find(last_, after.id);
    judge_step(next, before, after);
    judge_attempts(next, before, after);
    if (before == nullptr && writer != Writer::kPerson) judge_repeat(next, after);
  }
  if (over(next.status) && (!over(last_.status) || writer != Writer::kAgent)) judge_end(state);
  last_ = std::move(next);
}

bool Oracle::has_new_row(const Snapshot& next) const { return next.steps.size() > last_.steps.size(); }

void Oracle::judge_execution(const Snapshot& next, Writer writer) {
  const auto from = last_.status;
  const auto to = next.status;
  note_edge("execution", to_string(from), to_string(to));
  if (last_.stop && !next.stop) report("backwards: a stop was taken back");
  if (over(to) != next.ended) report("backwards: an end without its time, or a time without an end");
  if (from == to) return;
  const bool retried = from == ExecutionStatus::kFailed && to == ExecutionStatus::kRunning &&
                       writer == Writer::kPerson && has_new_row(next);
  if (over(from) && !retried) report(fmt::format("backwards: the execution was {}", to_string(from)));
  if (to == ExecutionStatus::kPending) report("backwards: the execution is pending again");
  if (from == ExecutionStatus::kPaused && !over(to) && writer != Writer::kPerson && !next.stop)
    report("paused: only a person resumes");
  if (to == ExecutionStatus::kPaused && writer != Writer::kPerson) report("paused: only a person pauses");
}

void Oracle::judge_step(const Snapshot& next, const Snapshot::Step* before, const Snapshot::Step& after) {
  const auto from = before ? before->status : StepStatus::kPending;
  const auto to = after.status;
  const bool reopened = from == StepStatus::kSkipped && to == StepStatus::kPending &&
                        before->skip_cause == domain::SkipCause::kFailure && has_new_row(next) &&
                        last_.status == ExecutionStatus::kFailed;
  note_edge("step", to_string(from), to_string(to));
  if (!step_edge(from, to) && !reopened)
    report(fmt::format("backwards: a step went from {} to {}", to_string(from), to_string(to)));
  const bool begins = from == StepStatus::kPending && (waits(to) || to == StepStatus::kRunning);
  const bool tries = after.tries > (before ? before->tries : 0);
  if (!begins && !tries) return;
  const auto* what = tries ? "a request" : "a step";
  if (last_.status == ExecutionStatus::kPaused) report(fmt::format("paused: {} began", what));
  if (last_.stop || next.stop) report(fmt::format("stop: {} began after it", what));
  for (const auto& [order, row] : newest(next)) {
    if (order < after.order && !over(row->status)) report(fmt::format("order: {} began too early", what));
  }
}

void Oracle::judge_attempts(const Snapshot& next, const Snapshot::Step* before, const Snapshot::Step& after) {
  bool dispatched = false;
  for (std::size_t i = 0; i < after.attempts.size(); ++i) {
    const auto& [id, attempt] = after.attempts[i];
    const bool known = before && i < before->attempts.size();
    if (known && before->attempts[i].first != id) report("backwards: an attempt changed its place");
    const auto from = known ? before->attempts[i].second.status : AttemptStatus::kQueued;
    note_edge("attempt", to_string(from), to_string(attempt.status));
    if (!attempt_edge(from, attempt.status))
      report(fmt::format("backwards: an attempt went from {} to {}", to_string(from),
                         to_string(attempt.status)));
    if (from == AttemptStatus::kQueued && active(attempt.status)) dispatched = true;
    if (!attempt_over(attempt.status) && over(after.status)) report("end: a step ended over a command");
    if (attempt.status == AttemptStatus::kNotStarted && started_.contains(id))
      report("twice: a command that ran is called not started");
  }
  if (!dispatched) return;
  if (last_.status == ExecutionStatus::kPaused) report("paused: a command was dispatched");
  if (last_.stop || next.stop) report("stop: a command was dispatched after it");
  judge_dispatch(next, find(loaded_, after.id), after);
}

// Without a person nothing is tried again where it may have run to an end nobody knows.
void Oracle::judge_repeat(const Snapshot& next, const Snapshot::Step& row) {
  for (const auto& before : next.steps) {
    if (before.order != row.order || before.attempt + 1 != row.attempt) continue;
    std::map<Uuid, AttemptStatus> results;  // later ones stand later
    for (const auto& [id, attempt] : before.attempts) results[attempt.agent] = attempt.status;
    for (const auto& [id, attempt] : row.attempts) {
      const auto result = results.find(attempt.agent);
      if (result != results.end() && result->second == AttemptStatus::kUnknown)
        report("twice: repeated on a host whose result is unknown");
    }
  }
}

// The rollout: never more at once than allowed, never after too many failures that were known (`before`).
void Oracle::judge_dispatch(const Snapshot& next, const Snapshot::Step* before, const Snapshot::Step& step) {
  const auto& config = std::get<domain::CommandConfig>(kept_[static_cast<std::size_t>(step.order)].config);
  std::size_t hosts = 0;
  for (const auto& row : next.steps) {
    std::set<Uuid> agents;
    for (const auto& [id, attempt] : row.attempts) agents.insert(attempt.agent);
    if (row.order == step.order) hosts = std::max(hosts, agents.size());
  }
  int running = 0;
  std::map<Uuid, bool> failures;  // by the newest attempt on a host; later ones stand later
  for (std::size_t i = 0; i < step.attempts.size(); ++i) {
    const auto& [agent, status] = step.attempts[i].second;
    if (active(status)) ++running;
    const bool before_this =
        before && i < before->attempts.size() && attempt_over(before->attempts[i].second.status);
    failures[agent] = before_this && status != AttemptStatus::kSuccess;
  }
  const auto failed = std::ranges::count_if(failures, [](const auto& entry) { return entry.second; });
  if (config.max_parallel.value > 0 && running > std::max(1, part(config.max_parallel, hosts)))
    report("rollout: too many at once");
  if (failed > part(config.max_failures, hosts)) report("rollout: dispatched after too many failures");
}

void Oracle::judge_end(const domain::ExecutionState& state) {
  bool unknown = false;
  bool failed = false;
  bool stopped = state.stop_requested_at.has_value();
  const auto rows = snapshot_of(state);
  for (const auto& step : rows.steps) {
    if (!over(step.status)) report("end: the execution ended over a step");
  }
  for (const auto& [order, row] : newest(rows)) {
    const auto& block = kept_[static_cast<std::size_t>(order)];
    unknown = unknown || row->status == StepStatus::kUnknown;
    stopped = stopped || row->status == StepStatus::kStopped;
    failed = failed || (row->status == StepStatus::kError && !block.continue_on_failure);
  }
  if (state.status == ExecutionStatus::kCompleted && (unknown || failed || stopped))
    report("end: completed over a step that failed, is unknown or was stopped");
  if ((state.status == ExecutionStatus::kStopped) != stopped)
    report("end: stopped without a stop, or the reverse");
}

void Oracle::approved(const Uuid& step, const Uuid& person, const std::string& digest) {
  const auto* row = find(last_, step);
  if (row == nullptr || row->status != StepStatus::kAwaitingApproval)
    return report("approval: taken for a step that does not wait for it");
  approvals_[{row->order, digest}].insert(person);
}

void Oracle::started(const Uuid& attempt, const Uuid& step, const Uuid& agent, const std::string& script,
                     const domain::ExecutionState& state) {
  if (!started_.insert(attempt).second) report("twice: an attempt was started twice");
  if (!started_on_.emplace(step, agent).second) report("twice: a command was started twice on a host");
  const auto* row = find(last_, step);
  if (row == nullptr) return report("unstored: a command of no stored step was started");
  const auto place = std::ranges::find(row->attempts, attempt, [](const auto& entry) { return entry.first; });
  if (place == row->attempts.end() || place->second.status == AttemptStatus::kQueued)
    return report("unstored: started before it was stored as dispatched");
  const auto status = place->second.status;
  if (attempt_over(status) && status != AttemptStatus::kUnknown)
    report("stop: a command started after its end was confirmed");
  if (over(state.status) && status != AttemptStatus::kUnknown) report("end: a command started after the end");
  const auto& config = std::get<domain::CommandConfig>(kept_[static_cast<std::size_t>(row->order)].config);
  if (!config.approval) return;
  auto people = approvals_[{row->order, digest_of(script)}];
  if (preapproved_) people.insert(requester_);
  if (config.approval->other_person) {
    people.erase(requester_);
    people.erase(author_);
  }
  if (people.size() < static_cast<std::size_t>(config.approval->required))
    report("approval: a command was started without it");
}

void Oracle::requested(const Uuid& step, bool repeatable, int retries) {
  const int count = ++requests_[step];
  if (!repeatable && count > 1) report("request: one that must not be repeated was sent twice");
  if (count > retries + 1) report("request: more tries than allowed");
}

}  // namespace runbook::simulation
