// Stored output of a step: read by offset, by line and searched. The bytes come back exactly as they were
// committed. Of an API step it is the body of the answer, which counts as standard output of no host.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/messages/frame.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

// One view of a step's output. Without host: all hosts; without stream: both, in commit order.
struct OutputView {
  Uuid execution;
  Uuid step;
  std::optional<std::string> host;  // agent id or unambiguous host name
  std::optional<Stream> stream;
};

struct OutputPiece {
  std::string data;          // empty: nothing (more) is stored there
  std::uint64_t offset = 0;  // of the first byte within the view
  bool step_ended = false;   // the step is terminal: what is stored is all there will be
};

class OutputReader {
 public:
  explicit OutputReader(db::Database& database);

  // kNotFound for an unknown step, kInvalid for an unknown or ambiguous host.
  boost::asio::awaitable<Result<void>> check(OutputView view);
  // At most `limit` bytes (at least one chunk's worth when there are some) from `offset` of the view.
  boost::asio::awaitable<Result<OutputPiece>> read(OutputView view, std::uint64_t offset, std::size_t limit);
  // Offset at which line `line` (from 1) begins; needs one host and one stream: kInvalid otherwise.
  boost::asio::awaitable<Result<std::uint64_t>> line_offset(OutputView view, std::uint64_t line);
  // {"total", "lines": [{host, agent_id, stream, line, offset, text}], "truncated"}: exact total, `lines`
  // bounded by `limit`. `pattern` is RE2 when `regex`, else plain text; case-sensitive.
  boost::asio::awaitable<Result<boost::json::object>> search(OutputView view, std::string pattern, bool regex,
                                                             std::size_t limit);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
