// Preparing one step: its expressions evaluated, what is substituted frozen (domain/preparation). Pure; runs
// on the engine's pool.
#pragma once

#include "controller/domain/execution/execution_state.hpp"
#include "controller/domain/preparation.hpp"
#include "controller/store/execution_store.hpp"

namespace runbook::engine {

// What expressions of `loaded` see, but for "steps" (step_results.hpp).
domain::Variables variables_of(const store::LoadedExecution& loaded);

// Everything but a command's hosts and digest. `now` fixes a timer's end.
domain::Prepared prepare_block(const domain::Block& block, const domain::Variables& variables, Time now);

}  // namespace runbook::engine
