#include "agent/connection/attempts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "protocol/runtime/logging.hpp"

namespace runbook::connection {
namespace {

constexpr std::size_t kReplies = 100;  // waiting to be sent

void warn(const Uuid& attempt, std::string_view message) {
  runtime::log_warning({.attempt = attempt.str()}, message);
}

// The controller's clock orders everything; the difference explains this host's own logs.
void log_offset(const ControllerClock& clock) {
  if (!clock.known()) return;
  const auto offset = clock.offset();
  const double seconds = std::chrono::duration<double>(offset).count();
  const auto text = fmt::format("this host's clock is {:.3f} s {} the controller's", std::abs(seconds),
                                seconds < 0 ? "behind" : "ahead of");
  if (std::chrono::abs(offset) > limits::kClockDifference) return runtime::log_warning({}, text);
  runtime::log_info({}, text);
}

runner::Command command_of(const RunCommand& run) {
  runner::Command command;
  command.attempt = run.attempt;
  command.argv = run.argv;
  command.script = run.script;
  command.environment = run.environment;
  command.working_directory = run.working_directory;
  command.run_as = run.run_as;
  command.timeout = run.timeout;
  command.stop_grace = run.stop_grace;
  command.credentials = run.credentials;
  command.secrets = run.secrets;
  return command;
}

}  // namespace

Attempts::Attempts(runner::Runner& runner, Limits bounds, Clocks clocks, Judge judge,
                   std::function<void()> changed)
    : runner_(runner),
      limits_(bounds),
      clock_(std::move(clocks)),
      judge_(std::move(judge)),
      shared_(std::make_shared<AttemptsShared>()),
      last_heard_(clock_.boot()) {
  shared_->changed = std::move(changed);
}

std::vector<AttemptReport> Attempts::reports() const {
  std::vector<AttemptReport> result;
  for (const auto& [id, attempt] : open_) {
    if (!attempt->abandoned()) result.push_back(attempt->report());
  }
  return result;
}

void Attempts::welcomed(const Welcome& welcome) {
  welcome_ = true;
  clock_.set(welcome.time);
  log_offset(clock_);
  for (const Uuid& id : welcome.close) handle(Close{id});
  std::map<Uuid, const Resume*> resume;
  for (const Resume& from : welcome.resume) resume.emplace(from.attempt, &from);
  for (const auto& [id, attempt] : open_) {
    const auto from = resume.find(id);
    const bool known = from != resume.end();
    if (!attempt->connected(known ? from->second : nullptr)) {
      warn(id, "the controller asks for output from where it cannot be given");
    }
    if (!known && !attempt->over()) warn(id, "the controller does not know this running command");
  }
}

void Attempts::disconnected(std::chrono::microseconds silent_for) {
  if (welcome_) last_heard_ = clock_.boot() - silent_for;
  welcome_ = false;
  for (const auto& [id, attempt] : open_) attempt->disconnected();
  shared_->changed();
}

std::optional<BootTime> Attempts::stop_unserved() {
  if (welcome_) return std::nullopt;
  const BootTime alone_for = clock_.boot() - last_heard_;
  std::optional<BootTime> next;
  for (const auto& [id, attempt] : open_) {
    const auto left = attempt->stop_unserved(alone_for);
    if (left) next = std::min(next.value_or(*left), *left);
  }
  return next;
}

void Attempts::handle(const RunCommand& run) {
  forget_abandoned();
  if (const auto known = open_.find(run.attempt); known != open_.end()) {
    if (judge_(run)) warn(run.attempt, "asked again to run it, but not as the controller signed it");
    return known->second->repeat();
  }
  if (closed_.contains(run.attempt)) return reply_replayed(run.attempt);
  if (open_.size() >= limits_.records)
    return warn(run.attempt, "too many attempts wait to be closed; ignored");
  if (auto why = objection(run)) return refuse(run.attempt, std::move(*why));
  start(run);
}

std::optional<runner::NotStarted> Attempts::objection(const RunCommand& run) const {
  if (auto why = judge_(run)) return why;
  if (shutting_down_) return runner::NotStarted{"stopping", "The agent is being stopped."};
  if (run.expires_at <= forgotten_until_) {
    return runner::NotStarted{"expired", "The command is older than what this agent remembers of others."};
  }
  const Time now = clock_.now();
  const bool known = clock_.known();
  if (now > run.expires_at + (known ? std::chrono::seconds(0) : limits::kClockDifference)) {
    return runner::NotStarted{
        "expired",
        fmt::format("The command was to be started until {}, but by {} clock it is {}. It came {}.",
                    rfc3339(run.expires_at), known ? "the controller's" : "this host's", rfc3339(now),
                    known ? "too late" : "too late, or the clocks differ")};
  }
  if (running() >= limits_.running) {
    return runner::NotStarted{"limit", fmt::format("{} commands run on this host already.", limits_.running)};
  }
  return std::nullopt;
}

// The id was run, or refused, and closed: whoever sends it again is not the controller.
void Attempts::reply_replayed(const Uuid& id) {
  warn(id, "asked to run an attempt that was closed");
  if (replies_.size() >= kReplies) return;
  replies_.push_back({id, "replayed", "The command was run or refused before, and is closed."});
  shared_->changed();
}

void Attempts::start(const RunCommand& run) {
  auto attempt = std::make_shared<Attempt>(run.attempt, shared_);
  open_.emplace(run.attempt, attempt);
  attempt->expires(run.expires_at);
  share_window();
  const Resume beginning{run.attempt, 0, 0};
  attempt->connected(&beginning);
  attempt->attach(runner_.start(command_of(run), attempt), run.stop_grace, run.stop_after);
  shared_->changed();
}

void Attempts::refuse(const Uuid& id, runner::NotStarted why) {
  auto attempt = std::make_shared<Attempt>(id, shared_);
  open_.emplace(id, attempt);
  attempt->refuse(std::move(why.code), std::move(why.reason));
  attempt->connected(nullptr);
}

void Attempts::handle(const StopCommand& stop) {
  forget_abandoned();
  if (const auto known = open_.find(stop.attempt); known != open_.end())
    return known->second->stop(stop.grace);
  if (closed_.contains(stop.attempt) || open_.size() >= limits_.records) return;
  refuse(stop.attempt, {"stopped", "A stop was asked for before the command was started."});
}

void Attempts::handle(const Ack& ack) {
  const auto known = open_.find(ack.attempt);
  if (known == open_.end()) return;
  if (!known->second->acknowledge(ack.stream, ack.offset))
    warn(ack.attempt, "output was acknowledged that was not sent");
}

void Attempts::handle(const Close& close) {
  forget_abandoned();
  const auto known = open_.find(close.attempt);
  if (known == open_.end()) return remember(close.attempt, Time{});
  if (known->second->over()) return forget(close.attempt);
  warn(close.attempt, "the controller closed a command that still runs; its output is dropped from here");
  known->second->abandon();
}

std::optional<transport::WebSocketMessage> Attempts::next() {
  forget_abandoned();
  if (!welcome_) return std::nullopt;
  if (!replies_.empty()) {
    const AgentMessage reply(std::move(replies_.front()));
    replies_.pop_front();
    return transport::WebSocketMessage{false, encode(reply)};
  }
  if (open_.empty()) return std::nullopt;
  auto turn = last_sent_ ? open_.upper_bound(*last_sent_) : open_.begin();
  for (std::size_t i = 0; i < open_.size(); ++i, ++turn) {
    if (turn == open_.end()) turn = open_.begin();
    if (auto message = turn->second->next()) {
      last_sent_ = turn->first;
      return message;
    }
  }
  return std::nullopt;
}

void Attempts::shut_down(std::chrono::milliseconds grace) {
  shutting_down_ = true;
  for (const auto& [id, attempt] : open_) attempt->stop_within(grace);
}

void Attempts::abandon_all() {
  for (const auto& [id, attempt] : open_) {
    if (attempt->running()) attempt->abandon();
  }
}

std::size_t Attempts::running() const {
  std::size_t count = 0;
  for (const auto& [id, attempt] : open_) count += attempt->running() ? 1 : 0;
  return count;
}

void Attempts::forget(const Uuid& id) {
  const auto known = open_.find(id);
  const Time expires_at = known == open_.end() ? Time{} : known->second->expires_at();
  open_.erase(id);
  remember(id, expires_at);
  share_window();
  shared_->changed();
}

void Attempts::remember(const Uuid& id, Time expires_at) {
  if (!closed_.insert(id).second) return;
  closed_order_.emplace_back(id, expires_at);
  if (closed_order_.size() <= limits_.remembered) return;
  const auto& [oldest, expired_at] = closed_order_.front();
  forgotten_until_ = std::max(forgotten_until_, expired_at);
  closed_.erase(oldest);
  closed_order_.pop_front();
}

void Attempts::forget_abandoned() {
  if (!shared_->abandoned_over) return;
  shared_->abandoned_over = false;
  std::vector<Uuid> gone;
  for (const auto& [id, attempt] : open_) {
    if (attempt->abandoned() && attempt->over()) gone.push_back(id);
  }
  for (const Uuid& id : gone) forget(id);
}

// Only attempts with a process hold output; when fewer share, each may go on reading.
void Attempts::share_window() {
  std::size_t sharing = 0;
  for (const auto& [id, attempt] : open_) sharing += attempt->refused() ? 0 : 1;
  const bool more_for_each = window_share(sharing) > window_share(shared_->sharing);
  shared_->sharing = sharing;
  if (!more_for_each) return;
  for (const auto& [id, attempt] : open_) attempt->read_on();
}

}  // namespace runbook::connection
