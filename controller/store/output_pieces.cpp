#include "controller/store/output_pieces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "controller/store/one_moment.hpp"
#include "controller/store/output_rows.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

using boost::asio::awaitable;

constexpr std::size_t kPageBytes = 1024 * 1024;
constexpr std::size_t kPageRows = 16 * 1024;
constexpr std::uint64_t kMostReach = 64 * 1024 * 1024;  // of positions looked through for a page

constexpr auto kOwners =
    "SELECT id, agent_id, host FROM attempt WHERE step_id = $1 AND stdout_bytes + stderr_bytes > 0";

// Pieces until $5 bytes are exceeded: their sizes are summed up without reading them.
constexpr std::string_view kPage =
    "SELECT position, attempt_id, stream, start_offset, first_line, begins_line, data FROM (SELECT *, "
    "sum(octet_length(data)) OVER (ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS "
    "before FROM (SELECT {0}_offset AS position, attempt_id, stream, start_offset, first_line, first_line = "
    "CASE stream WHEN 1 THEN attempt_stdout_begun ELSE attempt_stderr_begun END AS begins_line, data "
    "FROM output_chunk WHERE {0}_id = $1 AND {0}_offset >= $2 AND {0}_offset < $3 "
    "AND ($4::smallint IS NULL OR stream = $4) ORDER BY {0}_offset LIMIT $6) page) sized "
    "WHERE before IS NULL OR before < $5 ORDER BY position";
const std::string kPageOfStep = fmt::format(kPage, "step");
const std::string kPageOfAttempt = fmt::format(kPage, "attempt");

struct Opened {
  Located located;
  std::vector<OutputOwner> owners;
};

Result<Opened> open_view(pqxx::work& work, const OutputView& view) {
  work.exec(kOneMoment);
  auto located = locate(work, view);
  if (!located) return std::unexpected(located.error());
  Opened opened{std::move(*located), {}};
  if (opened.located.body) {
    opened.owners.push_back({});
    return opened;
  }
  for (const auto& row : db::exec(work, kOwners, view.step)) {
    opened.owners.push_back({db::uuid(row["id"]), db::uuid(row["agent_id"]), db::text(row["host"])});
  }
  std::ranges::sort(opened.owners, {}, &OutputOwner::attempt);
  return opened;
}

struct Page {
  std::vector<OwnedPiece> pieces;
  std::uint64_t end = 0;  // position after the last piece
  std::size_t bytes = 0;
};

Page read_page(const pqxx::result& rows, const std::vector<OutputOwner>& owners) {
  Page page;
  for (const auto& row : rows) {
    const std::optional attempt = db::uuid(row["attempt_id"]);
    const auto owner = std::ranges::lower_bound(owners, attempt, {}, &OutputOwner::attempt);
    if (owner == owners.end() || owner->attempt != attempt)
      throw std::runtime_error("output of an unknown attempt");
    OwnedPiece piece;
    piece.owner = static_cast<std::size_t>(owner - owners.begin());
    piece.stream = db::integer(row["stream"]) == 1 ? Stream::kStdout : Stream::kStderr;
    piece.offset = count(row["start_offset"]);
    piece.first_line = count(row["first_line"]);
    piece.begins_line = db::boolean(row["begins_line"]);
    piece.data = db::bytes(row["data"]);
    page.end = count(row["position"]) + piece.data.size();
    page.bytes += piece.data.size();
    page.pieces.push_back(std::move(piece));
  }
  return page;
}

// Pieces of an answer begin at each multiple of their size.
Page body_page(std::string_view body, std::uint64_t from, std::uint64_t to) {
  Page page;
  const auto begin = (from + kBodyPieceBytes - 1) / kBodyPieceBytes * kBodyPieceBytes;
  if (begin >= std::min<std::uint64_t>(to, body.size())) return page;
  const auto before = body.substr(0, begin);
  OwnedPiece piece;
  piece.offset = begin;
  piece.first_line = static_cast<std::uint64_t>(std::ranges::count(before, '\n'));
  piece.begins_line = before.empty() || before.ends_with('\n');
  piece.data = body.substr(begin, kBodyPieceBytes);
  page.end = begin + piece.data.size();
  page.pieces.push_back(std::move(piece));
  return page;
}

}  // namespace

awaitable<Result<OutputPieces>> OutputPieces::open(db::Database& database, OutputView view,
                                                   std::uint64_t from, std::optional<std::uint64_t> to) {
  auto query = [view](pqxx::work& work) { return open_view(work, view); };
  auto opened = co_await database.transact("output_open", std::move(query));
  if (!opened) co_return std::unexpected(opened.error());
  OutputPieces pieces(database);
  pieces.one_host_ = view.host.has_value();
  pieces.view_ = view.step;
  if (!opened->located.attempts.empty() && view.host) pieces.view_ = opened->located.attempts[0].id;
  pieces.stream_ = view.stream;
  pieces.opened_ = std::move(view);
  pieces.from_ = from;
  pieces.to_ = std::min(to.value_or(opened->located.end), opened->located.end);
  pieces.owners_ = std::move(opened->owners);
  pieces.body_ = std::move(opened->located.body);
  co_return pieces;
}

// A page reaches further when there was little of the view's stream in the last one. Without a bound the
// planner, when it knows nothing of new output, would sort all that follows.
awaitable<std::vector<OwnedPiece>> OutputPieces::next() {
  const auto stream = stream_ ? std::optional(static_cast<int>(*stream_)) : std::nullopt;
  while (from_ < to_) {
    const auto until = std::min(to_, from_ + reach_);
    Page page;
    if (body_) {
      page = body_page(*body_, from_, to_);
    } else {
      auto query = [this, stream, until](pqxx::work& work) {
        if (!is_there(work, opened_)) throw std::runtime_error("output is out of its reader's reach");
        const auto& sql = one_host_ ? kPageOfAttempt : kPageOfStep;
        return read_page(db::exec(work, sql, view_, from_, until, stream, kPageBytes, kPageRows), owners_);
      };
      page = co_await database_->transact("output_pieces", std::move(query));
    }
    const bool sparse = page.bytes < kPageBytes / 2 && page.pieces.size() < kPageRows;
    reach_ = sparse ? std::min(reach_ * 2, kMostReach) : kPageBytes;
    from_ = page.pieces.empty() ? until : page.end;
    if (!page.pieces.empty()) co_return std::move(page.pieces);
  }
  co_return std::vector<OwnedPiece>{};
}

}  // namespace runbook::store
