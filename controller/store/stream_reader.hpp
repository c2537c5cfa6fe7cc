// StreamReader: stored output of single streams by offset, with line numbers, for viewers that follow live.
// Each read asks whether the execution is still within the reader's reach.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/domain/scope.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

// The output of one attempt so far.
struct AttemptOutput {
  Uuid attempt;
  Uuid step;
  Uuid agent;
  std::string host;
  std::array<std::uint64_t, 2> bytes = {};  // stdout, stderr
};

struct StreamPiece {
  std::string data;              // empty: nothing is stored there yet
  std::uint64_t first_line = 0;  // newlines before its first byte
  bool begins_line = false;      // its first byte is the first of a line
};

class StreamReader {
 public:
  explicit StreamReader(db::Database& database) : database_(database) {}

  // Attempts of the execution that printed something; of one step or one agent when given.
  boost::asio::awaitable<std::vector<AttemptOutput>> outputs(Uuid execution, std::optional<Uuid> step,
                                                             std::optional<Uuid> agent, domain::Reach reach);
  // At most `limit` bytes from `offset`; none out of reach.
  boost::asio::awaitable<StreamPiece> read(Uuid attempt, Stream stream, std::uint64_t offset,
                                           std::size_t limit, domain::Reach reach);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
