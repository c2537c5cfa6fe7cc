// What the audit trail tells of executions: who started them and what people did to them. What the engine
// does by itself is told by the execution. Pure.
#pragma once

#include "controller/store/audit_event.hpp"
#include "controller/store/execution_store.hpp"

namespace runbook::store {

AuditEvent execution_start(const NewExecution& created);

// `control` as it was applied to `loaded`, with what it changed.
AuditEvent execution_control(const LoadedExecution& loaded, const domain::Control& control,
                             const domain::Changes& changes);

}  // namespace runbook::store
