// OutputPieces: the pieces of a step's output as they were committed, read in order and a part at a time.
// Owned by whoever sends them; its queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/domain/scope.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

// One view of a step's output. Without host: all hosts; without stream: both, in commit order. A position is
// an offset in the merged order of the step, with host of that host; stream does not change it.
struct OutputView {
  Uuid execution;
  Uuid step;
  std::optional<std::string> host;  // agent id or unambiguous host name
  std::optional<Stream> stream;
  domain::Reach reach = {};  // asked again with every read: steps out of it are not there
};

// Who printed: an attempt on a host, or nobody (the answer to an API step).
struct OutputOwner {
  std::optional<Uuid> attempt;
  std::optional<Uuid> agent;
  std::optional<std::string> host;
};

struct OwnedPiece {
  std::size_t owner = 0;  // in owners()
  Stream stream = Stream::kStdout;
  std::uint64_t offset = 0;      // in its stream
  std::uint64_t first_line = 0;  // newlines before it in its stream
  bool begins_line = true;       // its first byte is the first of a line
  std::string data;
};

class OutputPieces {
 public:
  static boost::asio::awaitable<Result<OutputPieces>> open(db::Database& database, OutputView view,
                                                           std::uint64_t from,
                                                           std::optional<std::uint64_t> to);

  const std::vector<OutputOwner>& owners() const { return owners_; }
  // About 1 MiB of them, at least one; none: there are no more.
  boost::asio::awaitable<std::vector<OwnedPiece>> next();

 private:
  explicit OutputPieces(db::Database& database) : database_(&database) {}

  db::Database* database_;
  OutputView opened_ = {};  // asked for again with every page
  Uuid view_;               // the step, with host its attempt
  bool one_host_ = false;
  std::optional<Stream> stream_;
  std::uint64_t from_ = 0;
  std::uint64_t to_ = 0;
  std::uint64_t reach_ = 1024 * 1024;  // of positions the next page looks through
  std::vector<OutputOwner> owners_;
  std::optional<std::string> body_;  // of an API step
};

}  // namespace runbook::store
