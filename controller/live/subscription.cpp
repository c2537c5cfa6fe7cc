#include "controller/live/subscription.hpp"

#include <algorithm>
#include <utility>

namespace runbook::live {
namespace {

constexpr std::size_t kHeldEvents = 20'000;

}  // namespace

Subscription::Subscription(Subscribe request, std::uint64_t generation)
    : request_(std::move(request)), generation_(generation) {}

std::vector<std::string> Subscription::event(std::int64_t seq, std::string text) {
  if (seq <= seq_) return {};
  if (!loading_ && seq == seq_ + 1) {
    seq_ = seq;
    auto events = take_following();
    events.insert(events.begin(), std::move(text));
    return events;
  }
  held_.emplace(seq, std::move(text));
  if (held_.size() > kHeldEvents) held_.erase(held_.begin());  // a hole, which a new snapshot will close
  return {};
}

std::vector<std::string> Subscription::snapshot(std::int64_t seq) {
  loading_ = false;
  seq_ = seq;
  held_.erase(held_.begin(), held_.upper_bound(seq));
  return take_following();
}

std::vector<std::string> Subscription::take_following() {
  std::vector<std::string> events;
  while (!held_.empty() && held_.begin()->first == seq_ + 1) {
    events.push_back(std::move(held_.begin()->second));
    held_.erase(held_.begin());
    ++seq_;
  }
  return events;
}

bool Subscription::wants(const Uuid& step, const Uuid& agent) const {
  return request_.output && (!request_.step || *request_.step == step) &&
         (!request_.host || *request_.host == agent);
}

FollowedAttempt& Subscription::follow(const Uuid& attempt, const Uuid& step, const Uuid& agent,
                                      const std::string& host) {
  const auto [found, added] = attempts_.try_emplace(attempt);
  auto& followed = found->second;
  if (!added) return followed;
  followed.attempt = attempt;
  followed.step = step;
  followed.agent = agent;
  followed.host = host;
  if (request_.from.empty()) return followed;
  const auto prefix = step.str() + '/' + agent.str() + '/';
  for (const auto stream : {Stream::kStdout, Stream::kStderr}) {
    const auto from = request_.from.find(prefix + std::string(to_string(stream)));
    if (from != request_.from.end()) followed.streams[stream == Stream::kStdout ? 0 : 1].sent = from->second;
  }
  return followed;
}

FollowedAttempt* Subscription::find(const Uuid& attempt) {
  const auto found = attempts_.find(attempt);
  return found == attempts_.end() ? nullptr : &found->second;
}

void Subscription::add_stored(const store::AttemptOutput& output) {
  auto& followed = follow(output.attempt, output.step, output.agent, output.host);
  for (std::size_t i = 0; i < output.bytes.size(); ++i) {
    followed.streams[i].stored = std::max(followed.streams[i].stored, output.bytes[i]);
  }
}

}  // namespace runbook::live
