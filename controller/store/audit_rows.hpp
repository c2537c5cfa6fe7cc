// Writing to the audit trail inside the transaction of a change. Used inside controller/store/ only (it shows
// pqxx).
#pragma once

#include <pqxx/pqxx>

#include "controller/store/audit_chain.hpp"
#include "controller/store/audit_event.hpp"

namespace runbook::store {

// Call it last in a transaction: until the commit no other change can be told of, so that the chain has one
// end.
void append_audit(pqxx::work& work, const Origin& by, const AuditEvent& event);

// A row of `SELECT *` and its code.
AuditRow audit_row(const pqxx::row& row);

}  // namespace runbook::store
