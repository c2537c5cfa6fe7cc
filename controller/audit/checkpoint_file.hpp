// CheckpointFile: where the audit trail ended at some times, one signed JSON object a line, in a file outside
// of the database. With it a tail that was cut off is missed. Blocks; used from one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "controller/store/audit_chain.hpp"
#include "protocol/messages/time.hpp"

namespace runbook::audit {

struct Checkpoint {
  std::int64_t id = 0;     // the last row then
  std::int64_t count = 0;  // rows there were
  std::string mac;         // of the last row, 64 hex digits
  Time at{};
};

class CheckpointFile {
 public:
  // `trail` outlives this.
  CheckpointFile(std::filesystem::path path, const store::AuditTrail& trail);

  struct Content {
    std::vector<Checkpoint> checkpoints;      // in their order
    std::optional<std::size_t> foreign_line;  // the first one, from 1, that nobody with the key wrote
  };
  // Nothing in it without a file. A line that a crash cut short is passed over. Throws std::system_error.
  Content load() const;
  // On the disk when this returns. Throws std::system_error.
  void append(const Checkpoint& checkpoint) const;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  const store::AuditTrail& trail_;
};

}  // namespace runbook::audit
