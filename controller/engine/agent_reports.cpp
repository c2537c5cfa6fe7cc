#include "controller/engine/agent_reports.hpp"

#include <algorithm>

#include "controller/domain/execution/transition.hpp"
#include "controller/engine/dispatch_refusals.hpp"
#include "controller/engine/execution_run.hpp"
#include "controller/engine/hello_compare.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::engine {
namespace {

constexpr std::size_t kReasonBytes = 1'000;
constexpr std::string_view kExpired = "expired";  // of Refused::code
constexpr std::int64_t kLeftoversMax = 1'000'000;

AttemptEvent event_of(const Finished& message) {
  switch (message.cause) {
    case EndCause::kTimeout: return AttemptEvent::kTimedOut;
    case EndCause::kStop: return AttemptEvent::kStopped;
    case EndCause::kSignal: return AttemptEvent::kFailed;
    case EndCause::kExit: break;
  }
  return message.exit_code == 0 ? AttemptEvent::kSucceeded : AttemptEvent::kFailed;
}

std::string background(std::int64_t count) {
  return count == 1 ? "1 background process was ended with it"
                    : fmt::format("{} background processes were ended with it", count);
}

std::string reason_of(const Finished& message) {
  std::string reason;
  if (message.cause == EndCause::kTimeout) reason = "its time was over";
  if (message.cause == EndCause::kSignal)
    reason = fmt::format("ended by signal {}", message.signal.value_or(0));
  const auto add = [&reason](std::string_view text) {
    if (!reason.empty()) reason += "; ";
    reason += text;
  };
  if (!message.reason.empty()) add(message.reason);
  if (message.ended_with_it > 0) add(background(message.ended_with_it));
  if (!message.output_drained) add("a child kept the output open; it was closed");
  if (message.leftovers > 0) add(fmt::format("{} processes are still alive", message.leftovers));
  return reason;
}

Resume resume_of(const OpenAttempt& attempt) {
  return {attempt.id, attempt.streams[0].stored.bytes, attempt.streams[1].stored.bytes};
}

// At most `limit` bytes, not cut inside a character of UTF-8.
std::string shortened(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  text.resize(limit);
  return text;
}

}  // namespace

boost::asio::awaitable<Result<Welcome>> AgentReports::connected(Uuid agent, Hello hello) {
  std::vector<Uuid> named;
  named.reserve(hello.attempts.size());
  for (const auto& report : hello.attempts) named.push_back(report.attempt);
  const auto rows = co_await context_.attempts.of_agent(agent, std::move(named));
  auto decision = compare_hello(agent, hello, rows, Context::now());
  if (decision.foreign)
    co_return failure(ErrorCode::kForbidden, "the agent names attempts that are not its own");
  Welcome welcome;
  welcome.controller_version = RUNBOOK_VERSION;
  welcome.close = std::move(decision.close);
  std::unordered_map<Uuid, std::shared_ptr<OpenAttempt>> open;
  for (const auto& row : rows) {
    if (is_settled(row.status)) continue;
    if (context_.open.closed(row.id)) {  // settled while this was read
      welcome.close.push_back(row.id);
      continue;
    }
    const auto attempt = context_.open.add(row);
    attempt->stop_due = false;
    attempt->stop_sent = false;
    attempt->resume_asked = false;
    open.emplace(row.id, attempt);
  }
  for (const auto& id : decision.resume) {
    const auto attempt = open.find(id);
    if (attempt == open.end()) continue;
    context_.open.unsent().erase(id);
    welcome.resume.push_back(resume_of(*attempt->second));
  }
  for (const auto& id : decision.stop) {
    if (const auto attempt = open.find(id); attempt != open.end()) attempt->second->stop_due = true;
  }
  for (auto& [id, news] : decision.concluded) {
    const auto attempt = open.find(id);
    if (attempt == open.end()) continue;
    if (news.event == AttemptEvent::kLost && context_.open.unsent().erase(id) > 0) {
      news.event = AttemptEvent::kNotStarted;
      news.reason = "the agent restarted before the command was sent";
      news.lost = true;
    }
    runtime::log_info({.attempt = id.str(), .agent = agent.str()}, "concluded at hello: " + news.reason);
    writer_.report(attempt->second, std::move(news));
  }
  for (const auto& id : decision.resend) context_.open.unsent().insert(id);
  co_return welcome;
}

// Stops before anything else: the link was made ready in this very call.
void AgentReports::ready(const Uuid& agent) {
  for (const auto& [id, run] : context_.runs) {
    if (!run->concerns(agent)) continue;
    run->send_stops(agent);
    run->wake();
  }
  for (const auto& attempt : context_.open.of_agent(agent)) {
    if (attempt->stop_due && !attempt->stop_sent && !has_own_stop(*attempt)) {
      const StopCommand stop{attempt->id, limits::kStopGraceDefault};
      attempt->stop_sent = context_.links.send(agent, stop);
    }
  }
}

// Whether a run is there that stops it, with the grace of its block. None is when the execution ended without
// the stop being confirmed, or when another controller carries it.
bool AgentReports::has_own_stop(const OpenAttempt& attempt) const {
  const auto run = context_.runs.find(attempt.execution);
  return run != context_.runs.end() && domain::is_active(attempt.status) && run->second->place(attempt.id);
}

void AgentReports::disconnected(const Uuid& agent) {
  context_.open.disconnected(agent);
  for (const auto& [id, run] : context_.runs) {
    if (run->concerns(agent)) run->wake();
  }
}

boost::asio::awaitable<void> AgentReports::revoked(Uuid agent) {
  const auto rows = co_await context_.attempts.of_agent(agent, {});
  for (const auto& row : rows) {
    if (is_settled(row.status) || context_.open.closed(row.id)) continue;
    const auto attempt = context_.open.add(row);
    context_.links.send(agent, StopCommand{attempt->id, limits::kStopGraceDefault});
    AttemptNews news;
    news.event =
        context_.open.unsent().erase(attempt->id) > 0 ? AttemptEvent::kNotStarted : AttemptEvent::kLost;
    news.reason = "the agent was revoked";
    news.at = Context::now();
    writer_.report(attempt, std::move(news));
  }
}

void AgentReports::started(const Uuid& agent, const Started& message) {
  const auto attempt = own(agent, message.attempt, "started");
  if (!attempt) return;
  AttemptNews news;
  news.event = AttemptEvent::kStarted;
  news.at = Context::now();
  writer_.report(attempt, std::move(news));
}

void AgentReports::refused(const Uuid& agent, Refused message) {
  message.reason = shortened(std::move(message.reason), kReasonBytes);
  const bool told = is_told_of(message.code);
  if (told && !is_open(agent, message.attempt)) return stray(agent, message);
  const auto attempt = own(agent, message.attempt, "refused");
  if (!attempt) return;
  AttemptNews news;
  if (told) news.refused = message.code;
  news.event = AttemptEvent::kNotStarted;
  news.lost = message.code == kExpired;  // it came too late; nobody said no
  news.reason =
      shortened(message.reason.empty() ? message.code : message.code + ": " + message.reason, kReasonBytes);
  news.at = Context::now();
  writer_.report(attempt, std::move(news));
}

bool AgentReports::is_open(const Uuid& agent, const Uuid& attempt) const {
  const auto open = context_.open.find(attempt);
  return open && open->agent == agent;
}

// Somebody between the controller and the agent sent it a command, and it says so: it is told to the audit
// trail, not held against the agent.
void AgentReports::stray(const Uuid& agent, const Refused& message) {
  runtime::log_error({.attempt = message.attempt.str(), .agent = agent.str()},
                     fmt::format("the agent refused a command that was not sent to it: {}", message.code));
  context_.links.send(agent, Close{message.attempt});
  context_.spawn("tell of a stray command", tell(stray_refusal(agent, message)));
}

boost::asio::awaitable<void> AgentReports::tell(store::AuditEvent event) {
  co_await context_.audit.refused(store::Origin(context_.trail), std::move(event));
}

void AgentReports::finished(const Uuid& agent, Finished message) {
  const auto attempt = own(agent, message.attempt, "finished");
  if (!attempt) return;
  message.leftovers = std::clamp<std::int64_t>(message.leftovers, 0, kLeftoversMax);
  message.ended_with_it = std::clamp<std::int64_t>(message.ended_with_it, 0, kLeftoversMax);
  AttemptNews news;
  news.event = event_of(message);
  news.reason = shortened(reason_of(message), kReasonBytes);
  news.exit_code = message.exit_code;
  news.signal = message.signal;
  news.at = Context::now();
  news.leftovers = message.leftovers;
  news.has_totals = true;
  news.totals = {message.stdout_bytes, message.stderr_bytes};
  news.digests = {std::move(message.stdout_sha256), std::move(message.stderr_sha256)};
  writer_.report(attempt, std::move(news));
}

void AgentReports::output(const Uuid& agent, OutputFrame frame) {
  if (const auto attempt = own(agent, frame.attempt, "output")) writer_.output(attempt, std::move(frame));
}

std::shared_ptr<OpenAttempt> AgentReports::own(const Uuid& agent, const Uuid& attempt,
                                               std::string_view message) {
  auto open = context_.open.find(attempt);
  if (open && open->agent == agent) return open;
  if (!open && context_.open.closed(attempt)) {
    context_.links.send(agent, Close{attempt});
    return nullptr;
  }
  const auto why = fmt::format("\"{}\" about an attempt that is {}", message,
                               open ? "another agent's" : "not open on this agent");
  runtime::log_warning({.attempt = attempt.str(), .agent = agent.str()}, why);
  if (open) {
    context_.links.refuse(agent, why);
  } else {
    context_.links.drop(agent, "unknown attempt");
  }
  return nullptr;
}

}  // namespace runbook::engine
