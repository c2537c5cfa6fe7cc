// Stored output of a step: read by offset, by line and searched. The bytes come back exactly as they were
// committed. Of an API step it is the body of the answer, which counts as standard output of no host.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "controller/store/line_search.hpp"
#include "controller/store/output_pieces.hpp"
#include "controller/store/page.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct OutputPiece {
  std::string data;          // empty: nothing (more) is stored there
  std::uint64_t offset = 0;  // of the first byte within the view
  bool step_ended = false;   // the step is terminal: what is stored is all there will be
};

inline constexpr std::size_t kMostSearchLines = 5'000;  // of one answer

struct OutputSearch {
  LineQuery query;
  PageRequest page = {};
  std::optional<std::uint64_t> until = {};  // only bytes before this position
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
  // {bytes, lines, end, streams: [{agent_id, host, stream, bytes, lines, ends_line}], segments: [{position,
  // lines}]}, all of one moment.
  boost::asio::awaitable<Result<boost::json::object>> index(OutputView view);
  // What of the view begins in [from, to), in the order it was committed; `to` absent: until the end it has
  // now.
  boost::asio::awaitable<Result<OutputPieces>> pieces(OutputView view, std::uint64_t from,
                                                      std::optional<std::uint64_t> to);
  // {total, lines: [{host, agent_id, stream, line, offset, position, text}], truncated, next_cursor} in the
  // order in which the lines begin in the view; the total is exact. kInvalid at /q and /cursor.
  boost::asio::awaitable<Result<boost::json::object>> search(OutputView view, OutputSearch request);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
