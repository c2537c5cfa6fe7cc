// The data of state events (docs/live-protocol.md) from the engine's own state, and their publishing.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <vector>

#include "controller/engine/ports.hpp"
#include "controller/store/execution_changes.hpp"

namespace runbook::engine {

using EventRef = store::ChangeEvent;

boost::json::object execution_data(const domain::ExecutionState& state);
boost::json::object step_data(const domain::ExecutionState& state, const domain::StepState& step);
boost::json::object host_data(const Uuid& step, const domain::AttemptState& attempt);

// {"requested_at", "confirmed", "of"}, or null when no stop was asked for: `of` counts the commands that ran
// then, `confirmed` those of them that have ended.
boost::json::value stop_data(const domain::ExecutionState& state);

// Tells of events of one commit, the last of which has the number `last`.
void publish_events(ExecutionObserver& observer, const domain::ExecutionState& state,
                    const std::vector<EventRef>& events, std::int64_t last);

}  // namespace runbook::engine
