// What people may do, said a second time and otherwise than the product says it: a small model of an
// execution with sets instead of rows. Tests compare the two.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "controller/domain/execution/controls.hpp"

namespace runbook::testing {

struct ControlModel {
  struct Step {
    std::string type;
    std::string status;
    std::string cause;
    int order = 0;
    bool newest = true;
    std::set<Uuid> approvers;
    std::set<Uuid> barred;
    std::size_t required = 0;
    std::string digest;
    bool expired = false;
    bool none_failed = false;  // all its hosts are well
  };
  std::string status;
  bool stop = false;
  Uuid starter;
  std::map<Uuid, Step> steps;
  int rows = 0;

  static ControlModel of(const domain::ExecutionState& state, Time now);
  bool open() const { return status != "completed" && status != "failed" && status != "stopped"; }

  // Changes the model, or answers why not.
  std::optional<ErrorCode> apply(const domain::Control& control, const domain::Actor& actor);

  // In which way the two differ; empty when they agree.
  std::string difference(const ControlModel& other) const;

 private:
  Step* find(const Uuid& id);
  std::optional<ErrorCode> on_step(const domain::Control& control, const domain::Actor& actor, Step& step,
                                   const Uuid& id);
  void stop_here(Step& step);
};

}  // namespace runbook::testing
