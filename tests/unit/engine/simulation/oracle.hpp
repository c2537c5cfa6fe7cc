// What must hold whatever happens, judged from outside: from what hosts and servers witnessed, what people
// were told, and every state that was ever stored. Shares no code with the plan. Keeps the first violation.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "controller/domain/execution/execution_state.hpp"

namespace runbook::simulation {

// What a stored state looks like from outside.
struct Snapshot {
  struct Attempt {
    Uuid agent;
    AttemptStatus status;
  };
  struct Step {
    Uuid id;
    int order = 0;
    int attempt = 1;
    domain::StepStatus status{};
    std::optional<domain::SkipCause> skip_cause;
    std::size_t tries = 0;
    std::vector<std::pair<Uuid, Attempt>> attempts;  // by place
  };
  domain::ExecutionStatus status{};
  bool stop = false;
  bool ended = false;
  std::vector<Step> steps;
};
Snapshot snapshot_of(const domain::ExecutionState& state);

enum class Writer { kEngine, kPerson, kAgent };

class Oracle {
 public:
  explicit Oracle(const domain::ExecutionState& created);

  // What happened.
  void loaded() { loaded_ = last_; }
  void stored(const domain::ExecutionState& state, Writer writer);
  void approved(const Uuid& step, const Uuid& person, const std::string& digest);
  // A host began a command: `script` is what it ran.
  void started(const Uuid& attempt, const Uuid& step, const Uuid& agent, const std::string& script,
               const domain::ExecutionState& state);
  // A server may have received a request of this step.
  void requested(const Uuid& step, bool repeatable, int retries);
  void report(std::string violation);

  const std::string& violation() const { return violation_; }
  // Every change of a state that was stored, as docs/states.md lists them: "step: pending → running".
  const std::set<std::string>& edges() const { return edges_; }

 private:
  void note_edge(std::string_view of, std::string_view from, std::string_view to);
  void judge_execution(const Snapshot& next, Writer writer);
  void judge_step(const Snapshot& next, const Snapshot::Step* before, const Snapshot::Step& after);
  void judge_attempts(const Snapshot& next, const Snapshot::Step* before, const Snapshot::Step& after);
  void judge_repeat(const Snapshot& next, const Snapshot::Step& row);
  void judge_dispatch(const Snapshot& next, const Snapshot::Step* before, const Snapshot::Step& step);
  void judge_end(const domain::ExecutionState& state);
  bool has_new_row(const Snapshot& next) const;

  Snapshot last_;
  Snapshot loaded_;                  // what a controller can know
  std::vector<domain::Block> kept_;  // by order
  bool preapproved_ = false;
  Uuid requester_;
  Uuid author_;
  std::set<Uuid> started_;
  std::set<std::pair<Uuid, Uuid>> started_on_;                       // step row, host
  std::map<Uuid, int> requests_;                                     // by step row
  std::map<std::pair<int, std::string>, std::set<Uuid>> approvals_;  // block order, digest → people
  std::string violation_;
  std::set<std::string> edges_;
};

// What an approval of this script binds, in these tests.
std::string digest_of(const std::string& script);

}  // namespace runbook::simulation
