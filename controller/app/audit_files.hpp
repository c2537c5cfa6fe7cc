// Where the audit trail's key and checkpoints lie: for `serve` as its settings say, for `dev` in its folder.
#pragma once

#include <filesystem>
#include <string>

#include "controller/app/data_folder.hpp"
#include "controller/app/settings.hpp"

namespace runbook::app {

struct AuditFiles {
  std::string key;  // store::kAuditKeyBytes
  std::filesystem::path checkpoints;
};

// Of `dev`: private/audit.key, made at the first start, and audit-checkpoints.jsonl. Throws DataFolderError
// for a key that is none.
AuditFiles keep_audit_files(const DataFolder& folder);

// Of the settings. Throws SettingsError when one is missing or the key is none.
AuditFiles audit_files_from(const Settings& settings);

// Of the settings where they name a key, else of the folder of a `dev` that was started before.
AuditFiles audit_files_of(const Settings& settings, const std::filesystem::path& data_folder);

}  // namespace runbook::app
