#include "controller/store/output_reader.hpp"

#include <fmt/format.h>

#include "controller/store/output_rows.hpp"
#include "controller/store/output_store.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

using boost::asio::awaitable;

// What of a chunk lies in [$2, $2 + $3) of a view in which it begins at `place`.
constexpr std::string_view kCut =
    "substring(data FROM GREATEST($2 - {0}, 0)::integer + 1 "
    "FOR LEAST($2 + $3 - {0}, octet_length(data))::integer - GREATEST($2 - {0}, 0)::integer) AS data";
constexpr std::string_view kWithin =
    "{0} > $2::bigint - {1} AND {0} < $2::bigint + $3::bigint AND {0} + octet_length(data) > $2::bigint "
    "ORDER BY {0}";

std::string view_query(std::string_view place, std::string_view where) {
  return fmt::format("SELECT {} FROM output_chunk WHERE {} AND {}", fmt::format(kCut, place), where,
                     fmt::format(kWithin, place, kChunkBytes));
}

const std::string kWholeStep = view_query("step_offset", "step_id = $1");
const std::string kBothStreams = view_query("attempt_offset", "attempt_id = $1");
const std::string kOneStream = view_query("start_offset", "attempt_id = $1 AND stream = $4");

// One stream of all hosts has no offsets of its own: they are summed up over the chunks before.
const std::string kStreamOfStep = fmt::format(
    "SELECT {} FROM (SELECT attempt_id, stream, start_offset, step_offset, "
    "sum(octet_length(data)) OVER (ORDER BY step_offset) - octet_length(data) AS place "
    "FROM output_chunk WHERE step_id = $1 AND stream = $4) placed "
    "JOIN output_chunk USING (attempt_id, stream, start_offset) "
    "WHERE place < $2::bigint + $3::bigint AND place + octet_length(data) > $2::bigint ORDER BY place",
    fmt::format(kCut, "place"));

constexpr auto kLineChunk =
    "SELECT start_offset, first_line, data FROM output_chunk WHERE attempt_id = $1 AND stream = $2 AND "
    "first_line < $3 "
    "ORDER BY start_offset DESC LIMIT 1";

pqxx::result read_rows(pqxx::work& work, const OutputView& view, const Located& located, std::uint64_t offset,
                       std::size_t limit) {
  if (located.later) return {};
  if (!view.stream && !view.host) return db::exec(work, kWholeStep, view.step, offset, limit);
  if (!view.stream) return db::exec(work, kBothStreams, located.attempts[0].id, offset, limit);
  const int stream = static_cast<int>(*view.stream);
  if (located.one) return db::exec(work, kOneStream, located.attempts[0].id, offset, limit, stream);
  return db::exec(work, kStreamOfStep, view.step, offset, limit, stream);
}

Result<OutputPiece> read_piece(pqxx::work& work, const OutputView& view, std::uint64_t offset,
                               std::size_t limit) {
  const auto located = locate(work, view);
  if (!located) return std::unexpected(located.error());
  OutputPiece piece;
  piece.offset = offset;
  piece.step_ended = located->step_ended;
  if (located->body) {
    if (offset < located->body->size()) piece.data = located->body->substr(offset, limit);
    return piece;
  }
  for (const auto& row : read_rows(work, view, *located, offset, limit)) piece.data += db::bytes(row["data"]);
  return piece;
}

// Where line `line` begins, the end when there are not so many.
std::uint64_t line_begin(std::string_view text, std::uint64_t line) {
  std::size_t begin = 0;
  for (std::uint64_t at = 1; at < line; ++at) {
    const auto end = text.find('\n', begin);
    if (end == std::string_view::npos) return text.size();
    begin = end + 1;
  }
  return begin;
}

Result<std::uint64_t> find_line(pqxx::work& work, const OutputView& view, std::uint64_t line) {
  const auto located = locate(work, view);
  if (!located) return std::unexpected(located.error());
  if (located->later) return 0;
  if (located->body) return line_begin(*located->body, line);
  if (!view.stream || !located->one) {
    return bad_output_query("/from_line", "bad_value", "Lines are numbered per host and stream: name both.");
  }
  if (line <= 1) return 0;
  const auto rows =
      db::exec(work, kLineChunk, located->attempts[0].id, static_cast<int>(*view.stream), line - 1);
  if (rows.empty()) return 0;
  const auto data = db::bytes(rows[0]["data"]);
  const auto start = count(rows[0]["start_offset"]);
  auto newlines = count(rows[0]["first_line"]);
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (data[i] == '\n' && ++newlines == line - 1) return start + i + 1;
  }
  return start + data.size();  // not printed yet: the end of what is stored
}

}  // namespace

OutputReader::OutputReader(db::Database& database) : database_(database) {}

awaitable<Result<void>> OutputReader::check(OutputView view) {
  auto query = [view = std::move(view)](pqxx::work& work) { return locate(work, view); };
  const auto located = co_await database_.transact("output_check", std::move(query));
  if (!located) co_return std::unexpected(located.error());
  co_return Result<void>{};
}

awaitable<Result<OutputPiece>> OutputReader::read(OutputView view, std::uint64_t offset, std::size_t limit) {
  auto query = [view = std::move(view), offset, limit](pqxx::work& work) {
    return read_piece(work, view, offset, limit);
  };
  co_return co_await database_.transact("output_read", std::move(query));
}

awaitable<Result<OutputPieces>> OutputReader::pieces(OutputView view, std::uint64_t from,
                                                     std::optional<std::uint64_t> to) {
  return OutputPieces::open(database_, std::move(view), from, to);
}

awaitable<Result<std::uint64_t>> OutputReader::line_offset(OutputView view, std::uint64_t line) {
  auto query = [view = std::move(view), line](pqxx::work& work) { return find_line(work, view, line); };
  co_return co_await database_.transact("output_line", std::move(query));
}

}  // namespace runbook::store
