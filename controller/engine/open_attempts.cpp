#include "controller/engine/open_attempts.hpp"

namespace runbook::engine {
namespace {

constexpr std::size_t kClosedKept = 20'000;

OpenStream open_stream(const store::StreamEnd& end) {
  OpenStream stream;
  stream.stored = end;
  stream.accepted = end.bytes;
  stream.digest_known = end.bytes == 0;
  return stream;
}

}  // namespace

OpenAttempt::OpenAttempt(const store::StoredAttempt& row)
    : id(row.id),
      execution(row.execution),
      step(row.step),
      agent(row.agent),
      host(row.host),
      status(row.status),
      streams{open_stream(row.standard_output), open_stream(row.standard_error)} {}

std::shared_ptr<OpenAttempt> OpenAttempts::find(const Uuid& attempt) const {
  const auto found = attempts_.find(attempt);
  if (found == attempts_.end()) return nullptr;
  return found->second;
}

std::shared_ptr<OpenAttempt> OpenAttempts::add(const store::StoredAttempt& row) {
  auto& slot = attempts_[row.id];
  if (!slot) {
    slot = std::make_shared<OpenAttempt>(row);
    by_agent_[row.agent].insert(row.id);
  }
  return slot;
}

void OpenAttempts::close(const Uuid& attempt) {
  unsent_.erase(attempt);
  const auto found = attempts_.find(attempt);
  if (found == attempts_.end()) return;
  if (const auto agent = by_agent_.find(found->second->agent); agent != by_agent_.end()) {
    agent->second.erase(attempt);
    if (agent->second.empty()) by_agent_.erase(agent);
  }
  attempts_.erase(found);
  if (!closed_.insert(attempt).second) return;
  closed_order_.push_back(attempt);
  if (closed_order_.size() <= kClosedKept) return;
  closed_.erase(closed_order_.front());
  closed_order_.pop_front();
}

std::vector<std::shared_ptr<OpenAttempt>> OpenAttempts::of_agent(const Uuid& agent) const {
  std::vector<std::shared_ptr<OpenAttempt>> attempts;
  const auto found = by_agent_.find(agent);
  if (found == by_agent_.end()) return attempts;
  for (const auto& id : found->second) attempts.push_back(attempts_.at(id));
  return attempts;
}

void OpenAttempts::disconnected(const Uuid& agent) {
  const auto found = by_agent_.find(agent);
  if (found == by_agent_.end()) return;
  for (auto id = found->second.begin(); id != found->second.end();) {
    unsent_.erase(*id);
    const auto attempt = attempts_.find(*id);
    if (attempt->second->idle()) {
      attempts_.erase(attempt);
      id = found->second.erase(id);
    } else {
      ++id;
    }
  }
  if (found->second.empty()) by_agent_.erase(found);
}

}  // namespace runbook::engine
