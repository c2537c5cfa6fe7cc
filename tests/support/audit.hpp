// TestAudit: a key of the audit trail that is known, and a file of checkpoints that goes with it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "controller/audit/audit.hpp"
#include "controller/store/audit_event.hpp"

namespace runbook::testing {

inline std::filesystem::path new_folder() {
  std::string path = std::filesystem::temp_directory_path() / "runbook-audit-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return path;
}

struct TestAudit {
  TestAudit() : folder(new_folder()), audit(std::string(32, 'k'), folder / "audit-checkpoints.jsonl") {}
  TestAudit(const TestAudit&) = delete;
  TestAudit& operator=(const TestAudit&) = delete;
  ~TestAudit() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  store::Origin origin() const { return store::Origin(audit.trail); }

  const std::filesystem::path folder;
  const audit::Audit audit;
};

}  // namespace runbook::testing
