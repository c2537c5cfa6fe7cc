// Preparing one step: its expressions evaluated, what is substituted frozen (domain/preparation). Pure; runs
// on the engine's pool.
#pragma once

#include "controller/domain/execution/execution_state.hpp"
#include "controller/domain/preparation.hpp"
#include "controller/store/execution_store.hpp"

namespace runbook::engine {

// What expressions of `loaded` see; `steps` as store::StepResults reads them.
domain::Variables variables_of(const store::LoadedExecution& loaded, boost::json::object steps);

// Everything but a command's hosts and digest. `now` fixes a timer's end.
domain::Prepared prepare_block(const domain::Block& block, const domain::Variables& variables, Time now);

}  // namespace runbook::engine
