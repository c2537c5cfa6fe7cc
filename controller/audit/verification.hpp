// Whether the audit trail is as it was written: every row's code is computed again, ids have no gaps, and
// every checkpoint finds its row.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "controller/audit/checkpoint_file.hpp"
#include "controller/store/audit_store.hpp"

namespace runbook::runtime {
class BlockingPool;
}

namespace runbook::audit {

struct Verification {
  bool valid = true;
  std::int64_t checked = 0;                    // rows looked at
  std::optional<std::int64_t> first_bad = {};  // the first row that is not as it was written, or is missing
  std::optional<std::string> reason = {};
  std::optional<Checkpoint> checkpoint = {};  // the newest there is
};

// As GET /audit/verify answers it.
boost::json::object to_json(const Verification& verification);

// The rows of a trail one after the other. Pure.
class ChainCheck {
 public:
  // `trail` outlives this.
  ChainCheck(const store::AuditTrail& trail, CheckpointFile::Content checkpoints);

  // Rows in the order of their ids. False: this row is bad, the rest need not be looked at.
  bool add(const store::ChainedRow& row);
  // After the last row.
  Verification end();

 private:
  bool fail(std::int64_t row, std::string reason);
  bool agrees(const store::ChainedRow& row);  // with its checkpoint

  const store::AuditTrail& trail_;
  std::map<std::int64_t, Checkpoint> checkpoints_;  // by row
  std::optional<std::size_t> foreign_line_;
  std::int64_t last_ = 0;
  std::string previous_;
  Verification result_;
};

// Everything that is stored now. Throws std::system_error when the file of checkpoints cannot be read.
boost::asio::awaitable<Verification> verify(store::AuditStore& rows, const store::AuditTrail& trail,
                                            const CheckpointFile& checkpoints, runtime::BlockingPool& pool);

}  // namespace runbook::audit
