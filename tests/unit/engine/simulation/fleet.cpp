#include "tests/unit/engine/simulation/fleet.hpp"

#include <algorithm>
#include <array>

#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::simulation {

namespace {

constexpr std::chrono::seconds kDispatchLife{60};

}  // namespace

Fleet::Fleet(std::uint32_t hosts, Database& database, Oracle& oracle, Randomness& random)
    : database_(database), oracle_(oracle), random_(random) {
  for (std::uint32_t i = 0; i < hosts; ++i) {
    Agent agent;
    agent.id = testing::agent_id(i);
    agent.process = testing::process_of(agent.id);
    agents_.push_back(std::move(agent));
  }
}

Agent& Fleet::agent(const Uuid& id) { return *std::ranges::find(agents_, id, &Agent::id); }

std::optional<Uuid> Fleet::connected(const Uuid& id) {
  const auto& found = agent(id);
  if (!found.linked) return std::nullopt;
  return found.process;
}

void Fleet::send(const Uuid& id, Message message) {
  auto& found = agent(id);
  if (found.linked) found.under_way.push_back(std::move(message));
}

void Fleet::cut(Agent& agent, Time now) {
  agent.linked = false;
  while (!agent.under_way.empty() && random_.chance(2)) read(agent, false, now);
  agent.under_way.clear();
}

void Fleet::restart(Agent& agent, Time now) {
  cut(agent, now);
  agent.seen.clear();
  agent.commands.clear();
  agent.process.bytes[2] = ++lives_;
}

void Fleet::read(Agent& agent, bool faults, Time now) {
  if (agent.under_way.empty()) return;
  const auto message = agent.under_way.front();
  if (!faults || !random_.chance(6)) agent.under_way.pop_front();
  const bool is_new = agent.seen.insert(message.attempt).second;
  if (message.kind == Message::Kind::kRun && is_new) {
    agent.commands.emplace(message.attempt, std::nullopt);
    oracle_.started(message.attempt, message.step, agent.id, message.script, database_.state());
  } else if (message.kind == Message::Kind::kStop && is_new) {
    agent.commands.emplace(message.attempt, AttemptEvent::kNotStarted);
  } else if (message.kind == Message::Kind::kStop) {
    const auto running = agent.commands.find(message.attempt);
    const bool obeys = !faults || random_.chance(2);
    if (running != agent.commands.end() && !running->second && obeys)
      running->second = AttemptEvent::kStopped;
  }
  (void)now;
}

void Fleet::work(Agent& agent, bool faults) {
  constexpr std::array kEnds = {AttemptEvent::kSucceeded, AttemptEvent::kSucceeded, AttemptEvent::kSucceeded,
                                AttemptEvent::kSucceeded, AttemptEvent::kFailed,    AttemptEvent::kTimedOut};
  for (auto& [attempt, end] : agent.commands) {
    if (end || (faults && !random_.chance(2))) continue;
    end = faults ? kEnds[random_.pick(kEnds.size())] : AttemptEvent::kSucceeded;
    return;
  }
}

bool Fleet::tell(Agent& agent, bool faults, Time now) {
  bool changed = false;
  for (auto at = agent.commands.begin(); at != agent.commands.end();) {
    const bool not_started = at->second == AttemptEvent::kNotStarted;
    if (!not_started && random_.chance(2))
      changed |= database_.report(at->first, AttemptEvent::kStarted, now);
    if (!at->second || (faults && random_.chance(3))) {
      ++at;
      continue;
    }
    changed |= database_.report(at->first, *at->second, now);
    const bool acknowledged = !faults || !random_.chance(4);
    at = acknowledged ? agent.commands.erase(at) : std::next(at);
  }
  return changed;
}

std::vector<domain::AttemptPlace> Fleet::hello(Agent& agent, const std::set<Uuid>& unsent, Time now) {
  agent.linked = true;
  std::vector<std::pair<Uuid, domain::AttemptPlace>> open;
  const auto& steps = database_.state().steps;
  for (std::size_t step = 0; step < steps.size(); ++step) {
    for (std::size_t i = 0; i < steps[step].attempts.size(); ++i) {
      const auto& attempt = steps[step].attempts[i];
      const bool active =
          attempt.status == AttemptStatus::kDispatched || attempt.status == AttemptStatus::kRunning;
      if (attempt.agent == agent.id && active && !agent.commands.contains(attempt.id))
        open.emplace_back(attempt.id, domain::AttemptPlace{step, i});
    }
  }
  std::vector<domain::AttemptPlace> again;
  for (const auto& [id, at] : open) {
    const auto& attempt = steps[at.step].attempts[at.attempt];
    if (unsent.contains(id)) continue;  // the controller knows that it never sent it
    if (attempt.incarnation != agent.process || attempt.status == AttemptStatus::kRunning) {
      database_.report(id, AttemptEvent::kLost, now);
    } else if (database_.state().stop_requested_at) {
      agent.seen.insert(id);
      database_.report(id, AttemptEvent::kNotStarted, now);
    } else if (attempt.dispatched_at.value_or(now) + kDispatchLife <= now || random_.chance(3)) {
      agent.seen.insert(id);
      database_.report(id, AttemptEvent::kNotStarted, now, true);
    } else {
      again.push_back(at);
    }
  }
  return again;
}

}  // namespace runbook::simulation
