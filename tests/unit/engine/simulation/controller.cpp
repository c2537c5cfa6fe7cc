#include "tests/unit/engine/simulation/controller.hpp"

#include <algorithm>

#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::simulation {

using domain::ExecutionStatus;
using domain::StepStatus;
using std::chrono::seconds;

Controller::Controller(Database& database, Fleet& fleet, Oracle& oracle, Randomness& random, Bug bug)
    : database_(database), fleet_(fleet), oracle_(oracle), random_(random), bug_(bug) {}

void Controller::start() {
  alive_ = true;
  notice(true);
  if (bug_ != Bug::kResendsAfterRestart) return;
  for (const auto& step : database_.state().steps) {
    for (const auto& attempt : step.attempts) {
      if (attempt.status == AttemptStatus::kDispatched) unsent_.insert(attempt.id);
    }
  }
}

void Controller::kill() {
  alive_ = false;
  decided_ = false;
  plan_ = {};
  unsent_.clear();
  calls_.clear();
}

void Controller::notice(bool reload) {
  dirty_ = true;
  if (reload) known_ = false;
}

void Controller::link(Agent& agent, Time now) {
  for (const auto& at : fleet_.hello(agent, unsent_, now)) {
    const auto& step = database_.state().steps[at.step];
    fleet_.send(agent.id, {Message::Kind::kRun, step.attempts[at.attempt].id, step.id,
                           std::string(step.frozen.at("script").as_string())});
  }
  notice(true);
}

void Controller::work(Time now) {
  if (!alive_) return;
  if (plan_.wake_at && *plan_.wake_at <= now && bug_ != Bug::kForgetsToWake) dirty_ = true;
  if (decided_) return commit(now);
  if (!dirty_) return;
  decide(now);
  if (!faults_ || random_.chance(2)) commit(now);
}

std::optional<Time> Controller::due() const {
  auto due = alive_ ? plan_.wake_at : std::nullopt;
  for (const auto& [step, call] : calls_) {
    if (!call.done && (!due || call.done_at < *due)) due = call.done_at;
  }
  return due;
}

void Controller::may_die() {
  if (faults_ && random_.chance(40)) throw Killed{};
}

void Controller::decide(Time now) {
  if (!known_) {
    state_ = database_.load();
    loaded_version_ = database_.version();
    known_ = true;
  }
  dirty_ = false;
  decided_ = true;
  plan_ = {};
  spoil(state_);
  const bool paused = state_.status == ExecutionStatus::kPaused;
  if (bug_ == Bug::kStartsWhilePaused && paused) state_.status = ExecutionStatus::kRunning;
  if (!is_terminal(state_.status)) end_tries(now);
  const domain::World world{[this](const Uuid& id) { return fleet_.connected(id); },
                            [this] { return testing::numbered(0xC, ++last_id_); }};
  domain::advance(state_, plan_, world, now);
  while (plan_.prepare) {
    prepare(*plan_.prepare);
    domain::advance(state_, plan_, world, now);
  }
  if (bug_ == Bug::kIgnoresStop)
    plan_.changes.stop_was_requested = database_.state().stop_requested_at.has_value();
  if (bug_ == Bug::kStartsWhilePaused && paused) {
    plan_.changes.execution_was = ExecutionStatus::kPaused;
    if (!is_terminal(state_.status)) state_.status = ExecutionStatus::kPaused;
  }
}

// What the planted bugs make of what was loaded.
void Controller::spoil(domain::ExecutionState& state) {
  if (bug_ == Bug::kNone || is_terminal(state.status)) return;
  if (bug_ == Bug::kIgnoresStop) state.stop_requested_at.reset();
  for (std::size_t i = 0; i < state.steps.size(); ++i) {
    auto& step = state.steps[i];
    auto* command = std::get_if<domain::CommandConfig>(&step.block.config);
    if (bug_ == Bug::kLosesRollout && command) {
      command->max_parallel = {};
      command->max_failures = {100, true};
    }
    if (bug_ == Bug::kRepeatsRequests) step.repeatable = true;
    if (bug_ == Bug::kTakesAnyApproval && step.approval && step.status == StepStatus::kAwaitingApproval)
      step.approval->given.resize(static_cast<std::size_t>(step.approval->required));
    if (bug_ == Bug::kMovesStateBack && step.status == StepStatus::kSuccess && random_.chance(20)) {
      plan_.changes.steps_were.emplace(i, step.status);
      step.status = StepStatus::kRunning;
    }
  }
}

void Controller::prepare(std::size_t index) {
  auto& step = state_.steps[index];
  domain::Prepared prepared;
  if (faults_ && random_.chance(25)) prepared.error = "no such parameter";
  prepared.applies = !random_.chance(12);
  prepared.condition = random_.chance(2);
  prepared.repeatable = random_.chance(2);
  prepared.frozen["repeatable"] = prepared.repeatable;
  if (std::holds_alternative<domain::CommandConfig>(step.block.config)) {
    const auto script = step.block.slug + "/" + std::to_string(random_.pick(1'000'000));
    prepared.frozen["script"] = script;
    prepared.digest = digest_of(script);
    const bool none = step.resolved || (faults_ && random_.chance(30));
    for (auto& agent : fleet_.agents()) {
      if (none) break;
      domain::AttemptState attempt;
      attempt.id = testing::numbered(0xC, ++last_id_);
      attempt.agent = agent.id;
      attempt.host_index = static_cast<int>(step.attempts.size());
      plan_.changes.new_attempts.push_back({index, step.attempts.size()});
      step.attempts.push_back(std::move(attempt));
    }
    step.resolved = true;
  }
  step.prepared = std::move(prepared);
}

void Controller::end_tries(Time now) {
  for (std::size_t i = 0; i < state_.steps.size(); ++i) {
    const auto& step = state_.steps[i];
    if (step.status != StepStatus::kRunning || step.tries.empty() || step.tries.back().end) continue;
    const auto call = calls_.find(step.id);
    if (call == calls_.end() || call->second.number != step.tries.size()) {
      domain::lose_try(state_, plan_.changes, i, now);
    } else if (call->second.done) {
      domain::end_try(state_, plan_.changes, i, call->second.outcome, now);
    }
  }
}

void Controller::commit(Time now) {
  decided_ = false;
  if (plan_.changes.any()) {
    for (const auto& at : dispatched_by(state_, plan_.changes))
      unsent_.insert(state_.steps[at.step].attempts[at.attempt].id);
    if (bug_ == Bug::kSendsBeforeCommit) send(now);
    may_die();
    const bool stored = database_.commit(state_, plan_.changes, bug_ != Bug::kWritesWithoutCompare);
    may_die();
    const bool in_doubt = faults_ && random_.chance(30);
    if (!stored || in_doubt) return notice(true);
    if (database_.version() == ++loaded_version_ && bug_ == Bug::kNone) {
      if (const auto what = difference(state_, database_.state()); !what.empty())
        oracle_.report("unnoted: a change was not noted: " + what);
    }
  }
  send(now);
}

void Controller::send(Time now) {
  for (const auto& step : state_.steps) {
    for (const auto& attempt : step.attempts) {
      if (unsent_.contains(attempt.id)) send_run(step, attempt, now);
    }
  }
  for (const auto& at : plan_.stops) {
    const auto& attempt = state_.steps[at.step].attempts[at.attempt];
    fleet_.send(attempt.agent, {Message::Kind::kStop, attempt.id, {}, {}});
  }
  for (const auto index : plan_.cancels) {
    const auto call = calls_.find(state_.steps[index].id);
    if (call == calls_.end() || call->second.done) continue;
    call->second.outcome = {.error = "cancelled", .sent = call->second.outcome.sent};
    call->second.done_at = now;
  }
  for (const auto index : plan_.calls) {
    may_die();
    call(state_.steps[index], now);
  }
}

void Controller::send_run(const domain::StepState& step, const domain::AttemptState& attempt, Time now) {
  if (attempt.status != AttemptStatus::kDispatched) {
    unsent_.erase(attempt.id);
    return;
  }
  const auto process = fleet_.connected(attempt.agent);
  if (!process) return;  // its next hello decides
  may_die();
  unsent_.erase(attempt.id);
  if (process != attempt.incarnation && bug_ != Bug::kResendsAfterRestart) {
    database_.report(attempt.id, AttemptEvent::kNotStarted, now, true);
    return notice(true);
  }
  fleet_.send(attempt.agent,
              {Message::Kind::kRun, attempt.id, step.id, std::string(step.frozen.at("script").as_string())});
}

void Controller::call(const domain::StepState& step, Time now) {
  Call call;
  call.number = step.tries.size();
  call.done_at = now + seconds(random_.pick(8));
  call.outcome.jitter = static_cast<double>(random_.pick(1000)) / 1000;
  switch (faults_ ? random_.pick(5) : 0) {
    case 0: call.outcome.http_status = 200; break;
    case 1: call.outcome = {.http_status = 500, .error = "answered 500", .transient = true}; break;
    case 2: call.outcome = {.http_status = 404, .error = "answered 404"}; break;
    case 3: call.outcome = {.error = "no answer", .transient = true}; break;
    default: call.outcome = {.error = "refused", .transient = true, .sent = false}; break;
  }
  if (call.outcome.http_status == 500 && random_.chance(3)) call.outcome.not_before = now + seconds(5);
  if (call.outcome.sent) {
    const auto& config = std::get<domain::ApiConfig>(step.block.config);
    oracle_.requested(step.id, step.frozen.at("repeatable").as_bool(), config.retries);
  }
  calls_.insert_or_assign(step.id, std::move(call));
}

void Controller::answer(Time now) {
  for (auto& [step, call] : calls_) {
    if (call.done || call.done_at > now) continue;
    call.done = true;
    dirty_ = true;
  }
}

}  // namespace runbook::simulation
