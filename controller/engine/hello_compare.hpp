// The three-way compare when an agent comes back (RELIABILITY, protocol step 8): what it knows against what
// is stored. Pure.
#pragma once

#include <utility>
#include <vector>

#include "controller/engine/open_attempts.hpp"
#include "controller/store/attempt_store.hpp"
#include "protocol/messages/control.hpp"

namespace runbook::engine {

struct HelloDecision {
  bool foreign = false;                                 // it named another agent's attempt: hostile
  std::vector<Uuid> resume;                             // known to both: go on
  std::vector<Uuid> stop;                               // of those: still running after a stop
  std::vector<Uuid> close;                              // settled, or unknown here: it may forget them
  std::vector<Uuid> resend;                             // `run` was lost on the way: send it again
  std::vector<std::pair<Uuid, AttemptNews>> concluded;  // known here only, and that says how they ended
};

// `stored`: the agent's open attempts and those its Hello names.
HelloDecision compare_hello(const Uuid& agent, const Hello& hello,
                            const std::vector<store::StoredAttempt>& stored, Time now);

}  // namespace runbook::engine
