// The data of state events (docs/live-protocol.md) from the engine's own state. Pure.
#pragma once

#include <boost/json.hpp>

#include "controller/domain/execution/execution_plan.hpp"

namespace runbook::engine {

boost::json::object execution_data(const domain::ExecutionState& state);
boost::json::object step_data(const domain::ExecutionState& state, const domain::StepState& step);
boost::json::object host_data(const Uuid& step, const domain::AttemptState& attempt);

// {"requested_at", "confirmed", "of"}, or null when no stop was asked for: `of` counts the commands that ran
// then, `confirmed` those of them that have ended.
boost::json::value stop_data(const domain::ExecutionState& state);

}  // namespace runbook::engine
