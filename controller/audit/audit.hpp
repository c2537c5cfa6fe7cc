// Audit: the key of the audit trail and its checkpoints. Made once by the composition root, before everything
// that changes anything.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "controller/audit/checkpoint_file.hpp"
#include "controller/store/audit_chain.hpp"

namespace runbook::audit {

struct Audit {
  // `key` of store::kAuditKeyBytes.
  Audit(std::string key, std::filesystem::path checkpoint_file)
      : trail(std::move(key)), checkpoints(std::move(checkpoint_file), trail) {}
  Audit(const Audit&) = delete;
  Audit& operator=(const Audit&) = delete;

  store::AuditTrail trail;
  CheckpointFile checkpoints;
};

}  // namespace runbook::audit
