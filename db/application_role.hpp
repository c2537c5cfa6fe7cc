// The role the controller signs in as, apart from the one that owns the database: it may add to the audit
// trail and read it, never change it (db/migrations/0016_audit_role.sql). Blocks.
#pragma once

#include <string>

namespace runbook::db {

// Who `url` signs in as. Throws DatabaseUnavailable.
std::string role_of(const std::string& url);

// Gives `role` what the controller needs in the migrated database of `owner_url`; may be called again. Throws
// MigrationRefused when its owner may not do that.
void grant_application(const std::string& owner_url, const std::string& role);

// Whether `url` signs in as somebody who may change what the audit trail tells. Throws DatabaseUnavailable.
bool may_change_audit_trail(const std::string& url);

}  // namespace runbook::db
