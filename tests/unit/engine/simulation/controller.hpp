// A controller as the engine drives the plan: load, decide, commit, send. It may be killed between any two of
// these, and others may write between them. Bugs can be planted in it.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "tests/unit/engine/simulation/fleet.hpp"

namespace runbook::simulation {

enum class Bug {
  kNone,
  kResendsAfterRestart,  // sends what it finds dispatched, whatever the host knows
  kSendsBeforeCommit,    // acts first, stores later
  kIgnoresStop,
  kForgetsToWake,
  kMovesStateBack,
  kStartsWhilePaused,
  kRepeatsRequests,       // also those that must not be
  kTakesAnyApproval,      // counts one that nobody gave
  kWritesWithoutCompare,  // over what others stored meanwhile
  kLosesRollout,          // forgets max_parallel and max_failures
};

struct Killed {};  // thrown where the process dies

class Controller {
 public:
  Controller(Database& database, Fleet& fleet, Oracle& oracle, Randomness& random, Bug bug);

  bool alive() const { return alive_; }
  void start();
  void kill();
  void set_faults(bool faults) { faults_ = faults; }

  // Something may have happened: decide again, from what is stored if `reload`.
  void notice(bool reload);
  void link(Agent& agent, Time now);
  // One step of the loop; throws Killed where the process is to die.
  void work(Time now);
  // Requests whose time has come are answered.
  void answer(Time now);
  std::optional<Time> due() const;

 private:
  struct Call {
    Time done_at{};
    domain::ApiOutcome outcome;
    std::size_t number = 0;  // of the try
    bool done = false;
  };

  void decide(Time now);
  void spoil(domain::ExecutionState& state);
  void prepare(std::size_t step);
  void end_tries(Time now);
  void commit(Time now);
  void send(Time now);
  void send_run(const domain::StepState& step, const domain::AttemptState& attempt, Time now);
  void call(const domain::StepState& step, Time now);
  void may_die();

  Database& database_;
  Fleet& fleet_;
  Oracle& oracle_;
  Randomness& random_;
  Bug bug_;
  bool faults_ = true;
  bool alive_ = false;
  bool known_ = false;
  bool dirty_ = false;
  bool decided_ = false;
  std::uint64_t loaded_version_ = 0;
  domain::ExecutionState state_;
  domain::Plan plan_;
  std::set<Uuid> unsent_;
  std::map<Uuid, Call> calls_;  // by step
  std::uint32_t last_id_ = 0;
};

}  // namespace runbook::simulation
