// Steps read for answers: as states that the domain shows. Inside a transaction of its caller; only for
// controller/store/ (it shows pqxx).
#pragma once

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/execution/execution_state.hpp"

namespace runbook::store {

// `agent` is joined as g: the state of attempt a as it is shown, "unreachable" after a while without its
// agent (RELIABILITY 4a).
const std::string& shown_status();

// A host's row by shown_status() and host_columns().
struct ShownHost {
  domain::AttemptState attempt;
  std::string status;
};
const std::string& host_columns();
ShownHost shown_host(const pqxx::row& row);

struct ShownStep {
  Uuid execution;
  domain::StepState step;             // its attempts are those of `hosts`
  std::vector<ShownHost> hosts = {};  // at most limits::kInlineHosts, by their newest tries
  boost::json::object host_counts = {};
};

enum class StepHosts { kOfAll, kOfApprovals };

// By order, then attempt.
std::vector<ShownStep> execution_steps(pqxx::work& work, const Uuid& execution, StepHosts hosts);

// Those of `steps`, in no particular order; what is approved is there, counts are not.
std::vector<ShownStep> steps_by_id(pqxx::work& work, const std::vector<Uuid>& steps);

boost::json::object step_json(const ShownStep& shown);

}  // namespace runbook::store
