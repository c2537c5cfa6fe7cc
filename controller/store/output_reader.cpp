#include "controller/store/output_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/store/line_search.hpp"
#include "controller/store/output_store.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr std::size_t kPageBytes = 2 * 1024 * 1024;

constexpr auto kStep =
    "SELECT status, type, CASE WHEN type = 'api' THEN result END AS result FROM execution_step "
    "WHERE id = $2 AND job_id = $1";

// Each host by its newest try: an older one never began.
constexpr auto kAttempts =
    "SELECT DISTINCT ON (host_index) id, agent_id, host, stdout_bytes, stderr_bytes FROM attempt "
    "WHERE step_id = $1 AND ($2::text IS NULL OR host = $2 OR agent_id::text = lower($2)) "
    "ORDER BY host_index, number DESC";

// Of a step whose hosts are not resolved yet: is there such a host at all?
constexpr auto kAgent =
    "SELECT count(*) FROM agent WHERE revoked_at IS NULL AND (name = $1 OR id::text = lower($1)) "
    "AND NOT EXISTS (SELECT FROM attempt WHERE step_id = $2)";

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

constexpr auto kSearchPage =
    "SELECT data FROM output_chunk WHERE attempt_id = $1 AND stream = $2 AND start_offset >= $3 "
    "ORDER BY start_offset LIMIT 8";

struct AttemptRef {
  Uuid id;
  Uuid agent;
  std::string host;
  std::array<std::uint64_t, 2> bytes = {};  // stored of stdout and stderr
};

// A view's attempts, found in the database. `one`: it means a single attempt.
struct Located {
  bool step_ended = false;
  bool one = false;
  bool later = false;  // the host may still come: the step has not resolved its hosts
  std::vector<AttemptRef> attempts;
  std::optional<std::string> body;  // of an API step: the answer, which no host has
};

std::uint64_t count(const pqxx::field& field) { return static_cast<std::uint64_t>(db::integer(field)); }

std::unexpected<Error> bad_query(std::string pointer, std::string code, std::string message) {
  auto error = Error{ErrorCode::kInvalid, message, {}};
  error.faults.push_back({std::move(pointer), std::move(code), std::move(message)});
  return std::unexpected(std::move(error));
}

std::string body_of(const pqxx::field& result) {
  if (result.is_null()) return {};
  const auto answer = db::json(result);
  const auto* object = answer.if_object();
  const auto* body = object == nullptr ? nullptr : object->if_contains("body");
  return body != nullptr && body->is_string() ? std::string(body->get_string()) : std::string();
}

// The step's state is read before its output: once it has ended, what is read after is all of it.
Result<Located> locate(pqxx::work& work, const OutputView& view) {
  const auto steps = db::exec(work, kStep, view.execution, view.step);
  if (steps.empty()) return failure(ErrorCode::kNotFound, "There is no such step.");
  Located located;
  located.step_ended = is_terminal(domain::step_status(db::text(steps[0]["status"])).value());
  if (db::text(steps[0]["type"]) == "api" && !view.host) {
    located.body = view.stream == Stream::kStderr ? "" : body_of(steps[0]["result"]);
    return located;
  }
  for (const auto& row : db::exec(work, kAttempts, view.step, view.host)) {
    located.attempts.push_back({db::uuid(row["id"]),
                                db::uuid(row["agent_id"]),
                                db::text(row["host"]),
                                {count(row["stdout_bytes"]), count(row["stderr_bytes"])}});
  }
  if (view.host) {
    if (located.attempts.empty()) {
      located.later = !located.step_ended && count(db::exec(work, kAgent, view.host, view.step)[0][0]) > 0;
      if (located.later) return located;
      return bad_query("/host", "unknown_host", "The step has no such host.");
    }
    const auto other = [&](const AttemptRef& attempt) { return attempt.agent != located.attempts[0].agent; };
    if (std::ranges::any_of(located.attempts, other)) {
      return bad_query("/host", "ambiguous_host", "Several hosts of the step have this name: use the id.");
    }
  }
  located.one = located.attempts.size() == 1;
  return located;
}

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
    return bad_query("/from_line", "bad_value", "Lines are numbered per host and stream: name both.");
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

// One search under way, fed page by page so that no transaction is long.
struct Search {
  explicit Search(LineSearch&& found) : lines(std::move(found)) {}

  LineSearch lines;
  std::vector<AttemptRef> attempts;
  std::vector<Stream> streams;
  std::size_t attempt = 0;
  std::size_t stream = 0;
  std::uint64_t offset = 0;
  json::array matches = {};

  bool over() const { return attempt == attempts.size(); }
  bool stream_over() const { return offset >= attempts[attempt].bytes[stream_index(streams[stream])]; }
  void keep_matches();
  void next_stream();
  void search_body(const std::string& body);
};

// Of an answer that no host gave both are null.
json::object match_json(const LineMatch& match, const AttemptRef* attempt, Stream stream) {
  json::object line;
  line["host"] = nullptr;
  line["agent_id"] = nullptr;
  if (attempt != nullptr) {
    line["host"] = attempt->host;
    line["agent_id"] = attempt->agent.str();
  }
  line["stream"] = std::string(to_string(stream));
  line["line"] = match.line;
  line["offset"] = match.offset;
  line["text"] = match.text;
  return line;
}

void Search::search_body(const std::string& body) {
  lines.begin();
  lines.feed(body);
  lines.end();
  for (const auto& match : lines.take_matches())
    matches.push_back(match_json(match, nullptr, Stream::kStdout));
}

void Search::keep_matches() {
  for (const auto& match : lines.take_matches()) {
    matches.push_back(match_json(match, &attempts[attempt], streams[stream]));
  }
}

void Search::next_stream() {
  lines.end();
  keep_matches();
  lines.begin();
  offset = 0;
  if (++stream < streams.size()) return;
  stream = 0;
  ++attempt;
}

// Feeds about kPageBytes of what was stored when the search began.
void search_page(pqxx::work& work, Search& search) {
  for (std::size_t fed = 0; fed < kPageBytes && !search.over();) {
    if (search.stream_over()) {
      search.next_stream();
      continue;
    }
    const auto rows = db::exec(work, kSearchPage, search.attempts[search.attempt].id,
                               static_cast<int>(search.streams[search.stream]), search.offset);
    if (rows.empty()) throw std::runtime_error("stored output has a gap");
    for (const auto& row : rows) {
      const auto data = db::bytes(row["data"]);
      search.lines.feed(data);
      search.offset += data.size();
      fed += data.size();
    }
    search.keep_matches();
  }
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

awaitable<Result<std::uint64_t>> OutputReader::line_offset(OutputView view, std::uint64_t line) {
  auto query = [view = std::move(view), line](pqxx::work& work) { return find_line(work, view, line); };
  co_return co_await database_.transact("output_line", std::move(query));
}

awaitable<Result<json::object>> OutputReader::search(OutputView view, std::string pattern, bool regex,
                                                     std::size_t limit) {
  auto lines = LineSearch::create(pattern, regex, limit);
  if (!lines) co_return std::unexpected(lines.error());
  auto search = std::make_shared<Search>(std::move(*lines));
  if (view.stream)
    search->streams = {*view.stream};
  else
    search->streams = {Stream::kStdout, Stream::kStderr};
  auto begin = [view = std::move(view)](pqxx::work& work) { return locate(work, view); };
  auto located = co_await database_.transact("output_check", std::move(begin));
  if (!located) co_return std::unexpected(located.error());
  if (located->body) {
    auto job = [search, body = std::move(*located->body)] { search->search_body(body); };
    co_await database_.pool().run(std::move(job));
  }
  search->attempts = std::move(located->attempts);
  while (!search->over()) {
    auto page = [search](pqxx::work& work) { search_page(work, *search); };
    co_await database_.transact("output_search", std::move(page));
  }
  json::object answer;
  answer["total"] = search->lines.total();
  answer["truncated"] = search->lines.total() > search->matches.size();
  answer["lines"] = std::move(search->matches);
  co_return answer;
}

}  // namespace runbook::store
