// Rows of executions read into states and written from changes, inside a transaction of its caller. Only for
// controller/store/.
#pragma once

#include <pqxx/pqxx>

#include <optional>

#include "controller/store/execution_store.hpp"

namespace runbook::store {

enum class RowLock { kNone, kForUpdate };

// Nothing: there is no such execution. kInvalid: its version can no longer be read.
std::optional<Result<LoadedExecution>> load_execution(pqxx::work& work, const Uuid& execution, RowLock lock);

// Everything of a step but its block, which is the caller's to know.
void read_step(const pqxx::row& row, domain::StepState& step);
std::optional<int> small(const pqxx::field& field);  // an integer of 32 bits

// The rows below the execution's own. False: one was not as expected, nothing may be committed.
bool store_rows(pqxx::work& work, const ExecutionChanges& changes);

}  // namespace runbook::store
