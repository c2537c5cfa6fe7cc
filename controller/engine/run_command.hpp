// What an agent is asked to run for one attempt, from what was frozen when its step began. Pure.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

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
  boost::json::object parameters;         // with the secret ones
  std::vector<std::string> secrets = {};  // to be masked in what they print
};

// What is frozen of a command step: {"script" or "argv", "values", "environment"}.
boost::json::object frozen_command(const domain::CommandConfig& config, const domain::CommandText& text);

// Two keys that would be one RUNBOOK_HOST_LABEL_<KEY>.
std::optional<std::pair<std::string, std::string>> colliding_labels(const domain::Labels& labels);

// `step` is a prepared command step, `attempt` one of its attempts.
RunCommand run_command(const CommandOrigin& origin, const domain::StepState& step,
                       const domain::AttemptState& attempt);

// Whether one message to an agent can hold it: what was substituted does, but credentials and secrets come on
// top.
bool fits_into_message(const RunCommand& run);

// What a command step is bound to: the root over exactly what run_command() makes for each of its hosts,
// which is what an approval binds, and the leaf of each.
struct Binding {
  std::string root;
  std::unordered_map<Uuid, std::string> leaves;  // by agent
};
Binding command_binding(const CommandOrigin& origin, const domain::StepState& step);

// What the seal of a step covers: its root, and its configuration, which bounds its commands and says who
// has to approve them.
std::string sealed_text(const std::string& root, const domain::CommandConfig& config);

}  // namespace runbook::engine
