// What an agent is asked to run for one attempt. Pure.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "controller/store/execution_store.hpp"
#include "protocol/messages/control.hpp"

namespace runbook::engine {

// A dispatch that did not reach its agent within this time is not started any more.
inline constexpr std::chrono::minutes kDispatchLife{5};

// `step` is a command step of `loaded`, `attempt` a dispatched attempt of it.
RunCommand run_command(const store::LoadedExecution& loaded, const domain::StepState& step,
                       const domain::AttemptState& attempt);

// The environment beyond the agent's clean base: the block's, then ours, which wins (CONTRACT §1).
std::map<std::string, std::string> command_environment(const store::LoadedExecution& loaded,
                                                       const domain::CommandConfig& config,
                                                       const domain::AttemptState& attempt);

}  // namespace runbook::engine
