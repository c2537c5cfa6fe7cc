#include "controller/engine/execution_run.hpp"

#include <algorithm>

#include "controller/domain/execution/transition.hpp"
#include "controller/store/outage.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::engine {
namespace {

constexpr std::chrono::milliseconds kRetryFirst{20};
constexpr std::chrono::milliseconds kRetryMax{1000};
// What failed this often in the same way fails for ever: the step is given up, and if that fails as often,
// the execution.
constexpr unsigned kSameErrors = 5;
constexpr std::string_view kGivenUp = "the controller could not carry it on: its log says why";

}  // namespace

ExecutionRun::ExecutionRun(Context& context, Uuid execution, std::optional<store::LoadedExecution> loaded)
    : context_(context), known_(loaded.has_value()), wake_(context.executor) {
  if (loaded) loaded_ = std::move(*loaded);
  loaded_.state.id = execution;
  seq_ = loaded_.seq;
  index();
}

boost::asio::awaitable<void> ExecutionRun::run() {
  for (;;) {
    bool failed = true;
    bool over = false;
    try {
      over = !co_await round();
      failed = false;
    } catch (const boost::system::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& error) {
      if (!store::is_outage(error)) note_error(error.what());
    }
    if (over) break;
    if (failed) known_ = false;
    co_await wait();
  }
  give_up_calls();
}

// One decision: load if needed, advance, commit, send. False when there is nothing more to do here.
boost::asio::awaitable<bool> ExecutionRun::round() {
  if (lost_) co_return false;
  if (same_errors_ >= 2 * kSameErrors) co_return co_await abandon(std::string(kGivenUp));
  if (!known_) co_await load();
  if (lost_ || is_terminal(loaded_.state.status)) co_return false;
  plan_ = {};
  if (same_errors_ >= kSameErrors) co_return co_await give_up_step();
  changing_.reset();
  if (!parameters_open_ && !open_parameters()) {
    co_return co_await abandon("its secret parameters do not open with the keys of this controller");
  }
  open_steps();
  co_await open_credentials();
  if (interrupted()) co_return !lost_;
  co_await check_bound();
  if (interrupted()) co_return !lost_;
  note_outcomes();
  advance();
  while (plan_.prepare) {
    co_await prepare(*plan_.prepare);
    if (interrupted()) co_return !lost_;
    advance();
  }
  if (plan_.changes.any()) {
    const bool done = co_await commit();
    if (!done) known_ = false;
    if (!done || lost_) co_return !lost_;
  }
  failures_ = 0;
  same_errors_ = 0;
  open_steps();
  send_calls();
  send_unsent();
  send_stops();
  // A retry may have been stored while the end was: then it is loaded and goes on.
  co_return !known_ || !is_terminal(loaded_.state.status);
}

void ExecutionRun::note_error(const std::string& error) {
  runtime::log_error({.execution = loaded_.state.id.str()},
                     fmt::format("execution is tried again: {}", error));
  const bool counts = same_errors_ >= kSameErrors || error == last_error_;
  same_errors_ = counts ? same_errors_ + 1 : 1;
  last_error_ = error;
}

// Ends the step that was about to change, and nothing else: what it led to may be what cannot be stored.
boost::asio::awaitable<bool> ExecutionRun::give_up_step() {
  auto& state = loaded_.state;
  const auto index = changing_ ? step_index(*changing_) : std::nullopt;
  if (!index || is_terminal(state.steps[*index].status)) co_return co_await abandon(std::string(kGivenUp));
  runtime::log_error({.execution = state.id.str(), .step = changing_->str()}, "the step is given up");
  domain::Transition change(state, plan_.changes, Context::now());
  for (std::size_t i = 0; i < state.steps[*index].attempts.size(); ++i) {
    if (domain::is_active(state.steps[*index].attempts[i].status))
      change.end_attempt({*index, i}, AttemptStatus::kUnknown, kGivenUp);
  }
  change.finish(*index, {domain::StepStatus::kError, std::string(kGivenUp), std::nullopt});
  if (co_await commit()) {
    failures_ = 0;
    same_errors_ = 0;
    wake();  // to go on from there
  } else {
    known_ = false;
  }
  co_return !lost_;
}

boost::asio::awaitable<bool> ExecutionRun::abandon(std::string reason) {
  const auto id = loaded_.state.id;
  runtime::log_error({.execution = id.str()}, "execution is abandoned: " + reason);
  co_await context_.executions.abandon(context_.instance, id, std::move(reason));
  lost_ = true;
  co_return false;
}

void ExecutionRun::advance() {
  const domain::World world{.connected = [this](const Uuid& agent) { return connected(agent); },
                            .new_id = &runtime::new_uuid};
  domain::advance(loaded_.state, plan_, world, Context::now());
}

boost::asio::awaitable<void> ExecutionRun::wait() {
  using std::chrono::steady_clock;
  if (!known_) {
    if (failures_++ == 0) co_return;
    const auto pause = std::min(kRetryMax, kRetryFirst * (1 << std::min(failures_, 6u)));
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
      co_await abandon("the version can no longer be read");
      co_return;
    }
    if ((*found)->seq < seq_ || !known_) continue;
    loaded_ = std::move(**found);
    seq_ = loaded_.seq;
    break;
  }
  plan_ = {};
  parameters_open_ = false;
  bound_.clear();
  index();
  forget_unsent();
  find_calls();
}

boost::asio::awaitable<bool> ExecutionRun::commit() {
  if (!plan_.changes.steps_were.empty())
    changing_ = loaded_.state.steps[plan_.changes.steps_were.begin()->first].id;
  else if (!plan_.changes.attempts_were.empty())
    changing_ = loaded_.state.steps[plan_.changes.attempts_were.front().first.step].id;
  for (const auto& at : plan_.changes.new_attempts) index(at);
  mark_unsent();
  mark_calls();
  const auto events = store::events_of(loaded_.state, plan_.changes);
  auto what = store::changes_of(loaded_.state, plan_.changes, events.size());
  const auto seq = co_await context_.executions.commit(context_.instance, loaded_.controls, std::move(what));
  if (!seq) co_return false;
  committed(events, *seq);
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

CommandOrigin ExecutionRun::origin() const {
  return {loaded_.state.id, loaded_.version, parameters_, secrets_};
}

}  // namespace runbook::engine
