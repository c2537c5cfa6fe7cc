// Preparing one step: its expressions evaluated, what is substituted frozen (domain/preparation). Pure; runs
// on the engine's pool.
#pragma once

#include <optional>
#include <string>

#include "controller/domain/command_policy.hpp"
#include "controller/domain/execution/execution_state.hpp"
#include "controller/domain/preparation.hpp"
#include "controller/store/execution_store.hpp"

namespace runbook::engine {

// What expressions of `loaded` see, but for "steps" (step_results.hpp).
domain::Variables variables_of(const store::LoadedExecution& loaded, const boost::json::object& parameters);

// Everything but a command's hosts and digest. `now` fixes a timer's end.
domain::Prepared prepare_block(const domain::Block& block, const domain::Variables& variables, Time now);

// Why the command policy does not let a command run, which may be stricter than when it was saved; nothing
// for other blocks. The text keeps to limits::kReasonBytes.
std::optional<std::string> policy_error(const domain::Block& block, const domain::CommandPolicy& policy);

}  // namespace runbook::engine
