// Fake hosts with agents that come and go, lose messages, get them twice, and forget everything when they
// restart; what a host really ran is its witness, which nobody can take back.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <vector>

#include "tests/unit/engine/simulation/database.hpp"
#include "tests/unit/engine/simulation/randomness.hpp"

namespace runbook::simulation {

struct Message {
  enum class Kind { kRun, kStop } kind = Kind::kRun;
  Uuid attempt;
  Uuid step;
  std::string script;
};

struct Agent {
  Uuid id;
  Uuid process;  // of this life
  bool up = true;
  bool linked = false;
  std::deque<Message> under_way;                         // on the link, not read yet
  std::set<Uuid> seen;                                   // in this life: never run again
  std::map<Uuid, std::optional<AttemptEvent>> commands;  // how they ended, until that was acknowledged
};

class Fleet {
 public:
  Fleet(std::uint32_t hosts, Database& database, Oracle& oracle, Randomness& random);

  std::vector<Agent>& agents() { return agents_; }
  Agent& agent(const Uuid& id);
  std::optional<Uuid> connected(const Uuid& id);

  void send(const Uuid& agent, Message message);
  // The link is gone; what was on it arrives, or does not.
  void cut(Agent& agent, Time now);
  void restart(Agent& agent, Time now);
  // Reads one message, maybe without it being gone: then it is read again.
  void read(Agent& agent, bool faults, Time now);
  // A command comes to its end, in some way.
  void work(Agent& agent, bool faults);
  // Tells what it knows until that is acknowledged. True when something new was stored.
  bool tell(Agent& agent, bool faults, Time now);
  // A link comes up: what it knows against what is stored. Answers attempts to send again.
  std::vector<domain::AttemptPlace> hello(Agent& agent, const std::set<Uuid>& unsent, Time now);

 private:
  Database& database_;
  Oracle& oracle_;
  Randomness& random_;
  std::vector<Agent> agents_;
  std::uint8_t lives_ = 0;
};

}  // namespace runbook::simulation
