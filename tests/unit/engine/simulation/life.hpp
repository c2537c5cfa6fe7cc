// One random life of an execution: its blocks, hosts, people and everything that can go wrong, from a seed.
// At some moment all faults stop; then it has to end.
#pragma once

#include <set>
#include <string>

#include "tests/unit/engine/simulation/controller.hpp"

namespace runbook::simulation {

struct LifeReport {
  std::string violation;  // empty: all rules held
  std::string story;      // how the execution ended
  int turns = 0;
  std::set<std::string> edges = {};
  std::set<std::string> met =
      {};  // what came to pass: "command unknown", "skipped by jump", "redispatched", …
};

LifeReport live(std::uint64_t seed, Bug bug = Bug::kNone);

// An execution of one to six blocks of all types with all their options.
domain::ExecutionState random_execution(Randomness& random);

}  // namespace runbook::simulation
