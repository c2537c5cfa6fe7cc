// The stored execution, with the store's rules: a change is applied whole or not at all, compared with the
// states it was made on, and only rows it names are written.
#pragma once

#include "controller/domain/execution/controls.hpp"
#include "controller/domain/execution/execution_plan.hpp"
#include "tests/unit/engine/simulation/oracle.hpp"

namespace runbook::simulation {

class Database {
 public:
  Database(domain::ExecutionState created, Oracle& oracle);

  const domain::ExecutionState& state() const { return stored_; }
  std::uint64_t version() const { return version_; }

  // What a controller gets when it loads: nothing that is not stored.
  domain::ExecutionState load();
  // False when something is not as `changes` says it was. `compare` false: a planted bug.
  bool commit(const domain::ExecutionState& made, const domain::Changes& changes, bool compare = true);
  Result<void> control(const domain::Control& control, const domain::Actor& actor,
                       const std::function<Uuid()>& new_id, Time now);
  // News of a host; false when it changed nothing. `lost`: not started because of a link or a controller.
  bool report(const Uuid& attempt, AttemptEvent event, Time now, bool lost = false);
  std::optional<domain::AttemptPlace> place(const Uuid& attempt) const;

 private:
  domain::ExecutionState fresh() const;
  bool expected(const domain::Changes& changes, const domain::ExecutionState& made) const;
  void write(const domain::ExecutionState& made, const domain::Changes& changes);
  void settle(std::size_t step);

  domain::ExecutionState stored_;
  std::uint64_t version_ = 0;
  Oracle& oracle_;
};

// What of two states differs although both should be what is stored; empty when nothing does.
std::string difference(const domain::ExecutionState& left, const domain::ExecutionState& right);

}  // namespace runbook::simulation
