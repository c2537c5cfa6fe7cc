#include "agent/connection/attempt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/runtime/logging.hpp"

namespace runbook::connection {
namespace {

std::string describe(const runner::Ending& ending) {
  std::string text = fmt::format("ended by {}", to_string(ending.cause));
  if (ending.exit_code) text += fmt::format(", exit code {}", *ending.exit_code);
  if (ending.signal) text += fmt::format(", signal {}", *ending.signal);
  if (ending.leftovers > 0) text += fmt::format(", {} processes survived", ending.leftovers);
  return text;
}

}  // namespace

Attempt::Attempt(const Uuid& id, std::shared_ptr<AttemptsShared> shared)
    : id_(id), shared_(std::move(shared)) {}

void Attempt::attach(std::shared_ptr<runner::RunningProcess> process, std::chrono::milliseconds stop_grace,
                     std::optional<std::chrono::seconds> stop_after) {
  process_ = std::move(process);
  stop_grace_ = stop_grace;
  stop_after_ = stop_after;
}

void Attempt::refuse(std::string code, std::string reason) {
  runtime::log_warning({.attempt = id_.str()}, fmt::format("not started ({}): {}", code, reason));
  verdict_ = Refused{id_, std::move(code), std::move(reason)};
  process_.reset();
  shared_->abandoned_over |= abandoned_;
  shared_->changed();
}

void Attempt::started(std::int64_t pid, Time at) {
  runtime::log_info({.attempt = id_.str()}, fmt::format("started as process {}", pid));
  started_ = Started{id_, pid, at};
  shared_->changed();
}

void Attempt::not_started(runner::NotStarted why) { refuse(std::move(why.code), std::move(why.reason)); }

std::size_t Attempt::room() const {
  const std::size_t share = window_share(shared_->sharing);
  const std::size_t used = window_.held() + OutputWindow::kPieceOverhead;
  return share > used ? share - used : 0;
}

void Attempt::output(Stream stream, std::string_view data) {
  if (abandoned_) return;
  (stream == Stream::kStdout ? stdout_sha256_ : stderr_sha256_).update(data);
  window_.append(stream, data);
  shared_->changed();
}

void Attempt::ended(const runner::Ending& ending) {
  runtime::log_info({.attempt = id_.str()}, describe(ending));
  Finished finished;
  finished.attempt = id_;
  finished.cause = ending.cause;
  finished.exit_code = ending.exit_code;
  finished.signal = ending.signal;
  finished.stdout_bytes = window_.produced(Stream::kStdout);
  finished.stderr_bytes = window_.produced(Stream::kStderr);
  finished.stdout_sha256 = stdout_sha256_.hex();
  finished.stderr_sha256 = stderr_sha256_.hex();
  finished.leftovers = ending.leftovers;
  finished.ended_with_it = ending.ended_with_it;
  if (stopped_unserved_ && ending.cause == EndCause::kStop) {
    finished.reason = fmt::format("stopped by the agent: no controller for {} s", stop_after_->count());
  }
  finished.output_drained = ending.output_drained;
  finished.started_at = ending.started_at;
  finished.ended_at = ending.ended_at;
  verdict_ = std::move(finished);
  process_.reset();
  shared_->abandoned_over |= abandoned_;
  shared_->changed();
}

AttemptReport Attempt::report() const {
  AttemptReport report;
  report.attempt = id_;
  report.started = started_.has_value();
  report.finished = std::holds_alternative<Finished>(verdict_);
  report.stdout_bytes = window_.produced(Stream::kStdout);
  report.stderr_bytes = window_.produced(Stream::kStderr);
  return report;
}

std::optional<transport::WebSocketMessage> Attempt::next() {
  if (!linked_ || abandoned_) return std::nullopt;
  if (started_ && !started_sent_) {
    started_sent_ = true;
    return transport::WebSocketMessage{false, encode(AgentMessage(*started_))};
  }
  if (auto frame = window_.next_frame(id_)) return transport::WebSocketMessage{true, std::move(*frame)};
  if (verdict_sent_ || !over()) return std::nullopt;
  verdict_sent_ = true;
  if (const auto* refused = std::get_if<Refused>(&verdict_)) {
    return transport::WebSocketMessage{false, encode(AgentMessage(*refused))};
  }
  return transport::WebSocketMessage{false, encode(AgentMessage(std::get<Finished>(verdict_)))};
}

bool Attempt::connected(const Resume* from) {
  repeat();
  linked_ = from != nullptr || std::holds_alternative<Refused>(verdict_);
  if (from == nullptr) return true;
  const bool served = window_.resume(from->stdout_offset, from->stderr_offset);
  read_on();
  return served;
}

bool Attempt::acknowledge(Stream stream, std::uint64_t offset) {
  const bool sensible = window_.acknowledge(stream, offset);
  read_on();
  return sensible;
}

void Attempt::repeat() {
  started_sent_ = false;
  verdict_sent_ = false;
  shared_->changed();
}

void Attempt::abandon() {
  abandoned_ = true;
  window_ = OutputWindow();
  read_on();
}

void Attempt::stop(std::chrono::milliseconds grace) {
  if (process_) process_->stop(grace);
}

void Attempt::stop_within(std::chrono::milliseconds limit) {
  if (running()) stop(std::min(stop_grace_, limit));
}

std::optional<std::chrono::microseconds> Attempt::stop_unserved(std::chrono::microseconds alone_for) {
  if (!stop_after_ || stopped_unserved_ || !running()) return std::nullopt;
  if (alone_for < *stop_after_) return *stop_after_ - alone_for;
  runtime::log_warning({.attempt = id_.str()},
                       fmt::format("stopped: there was no controller for {} s", stop_after_->count()));
  stopped_unserved_ = true;
  stop(stop_grace_);
  return std::nullopt;
}

void Attempt::read_on() {
  if (process_) process_->read_on();
}

}  // namespace runbook::connection
