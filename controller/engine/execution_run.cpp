#include "controller/engine/execution_run.hpp"

#include <algorithm>

#include "controller/engine/event_data.hpp"
#include "controller/engine/run_command.hpp"
#include "controller/engine/target_resolution.hpp"
#include "controller/store/outage.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::engine {
namespace {

constexpr std::chrono::milliseconds kRetryFirst{20};
constexpr std::chrono::milliseconds kRetryMax{1000};

bool is_active(AttemptStatus status) {
  return status == AttemptStatus::kDispatched || status == AttemptStatus::kRunning;
}

}  // namespace

ExecutionRun::ExecutionRun(Context& context, Uuid execution, std::optional<store::LoadedExecution> loaded)
    : context_(context), known_(loaded.has_value()), wake_(context.executor) {
  if (loaded) loaded_ = std::move(*loaded);
  loaded_.state.id = execution;
  seq_ = loaded_.seq;
  index();
}

boost::asio::awaitable<void> ExecutionRun::run() {
  const runtime::LogIds ids{.execution = loaded_.state.id.str()};
  for (;;) {
    bool failed = true;
    bool over = false;
    try {
      over = !co_await round();
      failed = false;
      if (known_) failures_ = 0;
    } catch (const boost::system::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& error) {
      if (!store::is_outage(error))
        runtime::log_error(ids, fmt::format("execution is tried again: {}", error.what()));
    }
    if (over) co_return;
    if (failed) known_ = false;
    co_await wait();
  }
}

// One decision: load if needed, advance, commit, send. False when there is nothing more to do here.
boost::asio::awaitable<bool> ExecutionRun::round() {
  if (lost_) co_return false;
  if (!known_) co_await load();
  if (lost_ || is_terminal(loaded_.state.status)) co_return false;
  plan_ = {};
  const domain::ConnectedAgents agents = [this](const Uuid& agent) { return connected(agent); };
  domain::advance(loaded_.state, plan_, agents, Context::now());
  while (plan_.resolve) {
    co_await resolve(*plan_.resolve);
    if (!known_ || lost_) co_return !lost_;
    domain::advance(loaded_.state, plan_, agents, Context::now());
  }
  if (plan_.changed()) {
    const bool done = co_await commit();
    if (!done) known_ = false;
    if (!done || lost_) co_return !lost_;
  }
  send_unsent();
  send_stops();
  co_return !is_terminal(loaded_.state.status);
}

boost::asio::awaitable<void> ExecutionRun::wait() {
  using std::chrono::steady_clock;
  if (!known_) {
    const auto pause = std::min(kRetryMax, kRetryFirst * (1 << std::min(failures_++, 6u)));
    co_await boost::asio::steady_timer(context_.executor, pause).async_wait(boost::asio::use_awaitable);
    co_return;
  }
  if (plan_.wake_at) {
    const auto pause = std::max(Time::duration{0}, *plan_.wake_at - Context::now());
    co_await wake_.wait_until(steady_clock::now() + std::min<Time::duration>(pause, std::chrono::hours{1}));
  } else {
    co_await wake_.wait();
  }
}

// What is loaded must not be older than what was told here meanwhile.
boost::asio::awaitable<void> ExecutionRun::load() {
  const auto id = loaded_.state.id;
  for (;;) {
    known_ = true;
    auto found = co_await context_.executions.load(id);
    if (!found) {
      lost_ = true;
      co_return;
    }
    if (!*found) {
      runtime::log_error({.execution = id.str()},
                         "the version it runs can no longer be read: " + found->error().message);
      co_await context_.executions.abandon(context_.instance, id, "the version can no longer be read");
      lost_ = true;
      co_return;
    }
    if ((*found)->seq < seq_ || !known_) continue;
    loaded_ = std::move(**found);
    seq_ = loaded_.seq;
    break;
  }
  index();
  for (const auto& attempt : dispatched_) {
    const auto at = place(attempt);
    const bool stored = at && is_active(loaded_.state.steps[at->step].attempts[at->attempt].status);
    if (!stored) context_.open.unsent().erase(attempt);
  }
  dispatched_.clear();
}

boost::asio::awaitable<void> ExecutionRun::resolve(std::size_t step) {
  const auto& config = std::get<domain::CommandConfig>(loaded_.state.steps[step].block.config);
  const auto targets = config.targets.value_or(loaded_.targets);
  const auto candidates = co_await context_.agents.candidates({targets});
  if (!known_ || lost_) co_return;
  auto& state = loaded_.state.steps[step];
  for (auto& host : hosts_of(targets, candidates)) {
    domain::AttemptState attempt;
    attempt.id = runtime::new_uuid();
    attempt.agent = host.id;
    attempt.host = host.name;
    attempt.host_index = static_cast<int>(state.attempts.size());
    loaded_.labels.insert_or_assign(host.id, std::move(host.labels));
    state.attempts.push_back(std::move(attempt));
  }
  state.resolved = true;
  plan_.new_attempts.push_back(step);
  index();
}

boost::asio::awaitable<bool> ExecutionRun::commit() {
  mark_unsent();
  const auto list = events();
  auto what = changes(list);
  const auto seq = co_await context_.executions.commit(context_.instance, std::move(what));
  if (!seq) co_return false;
  committed(list, *seq);
  co_return true;
}

void ExecutionRun::reload() {
  known_ = false;
  wake();
}

void ExecutionRun::lose_lease() {
  lost_ = true;
  wake();
}

// Before the commit: whatever becomes of it, what turns out to be stored as dispatched is sent.
void ExecutionRun::mark_unsent() {
  dispatched_.clear();
  for (const auto& [at, was] : plan_.attempts_were) {
    const auto& attempt = loaded_.state.steps[at.step].attempts[at.attempt];
    if (attempt.status != AttemptStatus::kDispatched) continue;
    dispatched_.push_back(attempt.id);
    context_.open.unsent().insert(attempt.id);
  }
}

void ExecutionRun::send_unsent() {
  if (context_.open.unsent().empty()) return;
  for (const auto& step : loaded_.state.steps) {
    if (step.status != domain::StepStatus::kRunning) continue;
    for (const auto& attempt : step.attempts) {
      if (attempt.status == AttemptStatus::kDispatched) send_unsent(step, attempt);
    }
  }
}

void ExecutionRun::send_unsent(const domain::StepState& step, const domain::AttemptState& attempt) {
  if (!context_.open.unsent().contains(attempt.id)) return;
  const auto incarnation = connected(attempt.agent);
  if (!incarnation) return;  // its next Hello decides
  store::StoredAttempt row;
  row.id = attempt.id;
  row.execution = loaded_.state.id;
  row.step = step.id;
  row.agent = attempt.agent;
  row.host = attempt.host;
  row.status = attempt.status;
  const auto open = context_.open.add(row);
  if (incarnation != attempt.incarnation) {
    context_.open.unsent().erase(attempt.id);
    AttemptNews news;
    news.event = AttemptEvent::kNotStarted;
    news.reason = "the agent restarted before the command was sent";
    news.at = Context::now();
    return context_.report(open, std::move(news));
  }
  if (context_.links.send(attempt.agent, run_command(loaded_, step, attempt))) {
    context_.open.unsent().erase(attempt.id);
  }
}

void ExecutionRun::send_stops() {
  for (const auto& at : plan_.stops) send_stop(at);
}

void ExecutionRun::send_stops(const Uuid& agent) {
  for (const auto& at : plan_.stops) {
    if (loaded_.state.steps[at.step].attempts[at.attempt].agent == agent) send_stop(at);
  }
}

void ExecutionRun::send_stop(const domain::AttemptPlace& at) {
  const auto& step = loaded_.state.steps[at.step];
  const auto& attempt = step.attempts[at.attempt];
  const auto open = context_.open.find(attempt.id);
  if (!open || open->stop_sent || !is_active(attempt.status)) return;
  const auto& config = std::get<domain::CommandConfig>(step.block.config);
  open->stop_sent = context_.links.send(attempt.agent, StopCommand{attempt.id, config.stop_grace});
}

}  // namespace runbook::engine
