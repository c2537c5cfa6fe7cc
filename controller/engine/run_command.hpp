// What an agent is asked to run for one attempt, from what was frozen when its step began. Pure.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "controller/domain/execution/execution_state.hpp"
#include "controller/domain/preparation.hpp"
#include "protocol/messages/control.hpp"

namespace runbook::engine {

// A dispatch that did not reach its agent within this time is not started any more.
inline constexpr std::chrono::minutes kDispatchLife{5};

// What the commands of an execution have in common.
struct CommandOrigin {
  Uuid execution;
  Uuid version;
  boost::json::object parameters;
};

// What is frozen of a command step: {"script" or "argv", "values", "environment"}.
boost::json::object frozen_command(const domain::CommandConfig& config, const domain::CommandText& text);

// Two keys that would be one RUNBOOK_HOST_LABEL_<KEY>.
std::optional<std::pair<std::string, std::string>> colliding_labels(const domain::Labels& labels);

// `step` is a prepared command step, `attempt` one of its attempts.
RunCommand run_command(const CommandOrigin& origin, const domain::StepState& step,
                       const domain::AttemptState& attempt);

// What an approval of `step` binds: the root over exactly what run_command() makes for each of its hosts.
std::string command_digest(const CommandOrigin& origin, const domain::StepState& step);

}  // namespace runbook::engine
