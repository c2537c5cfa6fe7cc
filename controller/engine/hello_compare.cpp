#include "controller/engine/hello_compare.hpp"

#include <unordered_map>
#include <unordered_set>

#include "controller/engine/run_command.hpp"

namespace runbook::engine {
namespace {

AttemptNews concluded(AttemptEvent event, std::string reason, Time now) {
  AttemptNews news;
  news.event = event;
  news.reason = std::move(reason);
  news.at = now;
  return news;
}

// An open attempt the agent does not know of.
void judge_unnamed(const store::StoredAttempt& attempt, const Hello& hello, Time now,
                   HelloDecision& decision) {
  if (attempt.incarnation != hello.incarnation) {
    decision.concluded.emplace_back(attempt.id, concluded(AttemptEvent::kLost, "agent restarted", now));
  } else if (attempt.status == AttemptStatus::kRunning) {
    decision.concluded.emplace_back(attempt.id,
                                    concluded(AttemptEvent::kLost, "the agent lost track of it", now));
  } else if (attempt.stop_requested) {
    decision.concluded.emplace_back(attempt.id,
                                    concluded(AttemptEvent::kNotStarted, "stopped before it began", now));
  } else if (attempt.dispatched_at.value_or(Time{}) + kDispatchLife <= now) {
    auto news = concluded(AttemptEvent::kNotStarted, "expired before it reached the agent", now);
    news.lost = true;
    decision.concluded.emplace_back(attempt.id, std::move(news));
  } else {
    decision.resend.push_back(attempt.id);
  }
}

}  // namespace

HelloDecision compare_hello(const Uuid& agent, const Hello& hello,
                            const std::vector<store::StoredAttempt>& stored, Time now) {
  HelloDecision decision;
  std::unordered_map<Uuid, const store::StoredAttempt*> known;
  for (const auto& attempt : stored) known.emplace(attempt.id, &attempt);
  std::unordered_set<Uuid> named;
  for (const auto& report : hello.attempts) {
    if (!named.insert(report.attempt).second) continue;
    const auto found = known.find(report.attempt);
    const auto* row = found == known.end() ? nullptr : found->second;
    const bool settled = row != nullptr && is_terminal(row->status) && row->status != AttemptStatus::kUnknown;
    // Another agent's, or one that it cannot know because it was never sent.
    if (row != nullptr && (row->agent != agent || row->status == AttemptStatus::kQueued)) {
      decision.foreign = true;
    } else if (row == nullptr || settled) {
      decision.close.push_back(report.attempt);
    } else {
      decision.resume.push_back(report.attempt);
      if (row->stop_requested && !report.finished) decision.stop.push_back(report.attempt);
    }
  }
  for (const auto& attempt : stored) {
    if (attempt.agent != agent || named.contains(attempt.id)) continue;
    judge_unnamed(attempt, hello, now, decision);
  }
  return decision;
}

}  // namespace runbook::engine
