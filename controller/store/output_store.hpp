// What agents report, stored for many hosts in one transaction: output pieces and state changes of attempts.
// Every row is compared with what it was, so that two controllers can never interleave one stream.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/store/attempt_store.hpp"
#include "controller/store/audit_event.hpp"
#include "controller/store/output_digest.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::store {

inline constexpr std::size_t kChunkBytes = 256 * 1024;  // the most one row holds

// One attempt of a batch: as it is stored and as it becomes.
struct AttemptUpdate {
  Uuid id;
  Uuid execution;
  Uuid step;
  AttemptStatus was = AttemptStatus::kQueued;
  AttemptStatus status = AttemptStatus::kQueued;
  std::array<StreamEnd, 2> ends = {};        // as stored, before the batch; [0] stdout, [1] stderr
  std::array<OutputDigest, 2> digests = {};  // of what is stored
  std::optional<int> exit_code = {};
  std::optional<int> signal = {};
  std::string reason = {};  // of the new state
  std::optional<Time> start_time = {};
  std::optional<Time> end_time = {};
  std::int64_t leftovers = 0;
  bool lost = false;  // not started because a link or a controller was lost
  // With a result: the length and SHA-256 (hex) of each stream by its agent.
  bool has_totals = false;
  std::array<std::uint64_t, 2> totals = {};
  std::array<std::string, 2> expected = {};
};

struct BatchPiece {
  std::size_t attempt = 0;  // its place in Batch::attempts
  Stream stream = Stream::kStdout;
  std::uint64_t offset = 0;  // continues what is stored and earlier pieces of the batch
  std::shared_ptr<const std::string> data;
};

struct Batch {
  std::vector<AttemptUpdate> attempts;
  std::vector<BatchPiece> pieces;       // in the order of the merged views
  std::map<Uuid, std::int64_t> events;  // how many numbers each execution takes
  // Told to the audit trail with what they change: commands that agents refused.
  std::vector<AuditEvent> refusals = {};
  std::optional<Origin> by = {};  // with refusals
};

// Where a piece begins.
struct PieceBegin {
  std::uint64_t first_line = 0;                     // newlines before it in its stream
  bool begins_line = true;                          // its first byte is the first of a line
  std::uint64_t lines = 0;                          // that begin in it
  std::array<std::uint64_t, 2> attempt_begun = {};  // lines begun before it in each stream of its host
};

struct Stored {
  std::map<Uuid, std::int64_t> seqs;         // the last number of each execution
  std::map<Uuid, std::uint64_t> step_bytes;  // of each step that got output
  std::vector<PieceBegin> begins;            // per piece
  struct Attempt {
    std::array<StreamEnd, 2> ends;
    std::array<OutputDigest, 2> digests;
    bool output_complete = false;  // lengths and SHA-256 agree
  };
  std::vector<Attempt> attempts;  // as in the batch
};

// What storing `batch` comes to, without the numbers the database gives.
Stored measure(const Batch& batch);

inline std::size_t stream_index(Stream stream) { return stream == Stream::kStdout ? 0 : 1; }

class OutputStore {
 public:
  explicit OutputStore(db::Database& database);

  // All of it or nothing; kConflict when a row was not as expected.
  boost::asio::awaitable<Result<Stored>> store(std::shared_ptr<const Batch> batch);

  // The digest of everything stored of one stream.
  boost::asio::awaitable<OutputDigest> digest(Uuid attempt, Stream stream);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
