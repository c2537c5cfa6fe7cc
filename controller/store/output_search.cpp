// OutputReader::search: the lines of a view that contain a text. Streams are searched one after the other, so
// that memory stays small; the page puts what is found in the order of the view.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <stdexcept>

#include "controller/store/match_page.hpp"
#include "controller/store/one_moment.hpp"
#include "controller/store/output_rows.hpp"
#include "controller/store/output_store.hpp"
#include "controller/store/page.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr std::uint64_t kPageBytes = 1024 * 1024;
constexpr std::size_t kPageRows = 16 * 1024;
constexpr std::uint64_t kTransactionBytes = 2 * 1024 * 1024;

constexpr std::string_view kPage =
    "SELECT start_offset, {}_offset AS position, data FROM output_chunk WHERE attempt_id = $1 AND stream = "
    "$2 "
    "AND start_offset >= $3 AND start_offset < $3::bigint + $4::bigint ORDER BY start_offset LIMIT $5";
const std::string kPageOfStep = fmt::format(kPage, "step");
const std::string kPageOfAttempt = fmt::format(kPage, "attempt");

// A stream of the view, and how far it was searched.
struct SearchedStream {
  std::size_t attempt = 0;
  Stream stream = Stream::kStdout;
  std::uint64_t bytes = 0;  // to be searched: what was stored when the search began
};

// One search under way, fed page by page so that no transaction is long.
struct Search {
  MatchPage page;
  std::optional<LineSearch> lines = {};  // puts what it finds into `page`
  bool one_host = false;
  std::uint64_t until = 0;  // position
  std::vector<AttemptRef> attempts = {};
  std::vector<SearchedStream> streams = {};
  std::size_t current = 0;  // of `streams`
  std::uint64_t offset = 0;

  bool over() const { return current == streams.size(); }
  void next_stream();
  void begin_stream();
};

void Search::begin_stream() {
  if (over()) return;
  page.from(streams[current].attempt, streams[current].stream);
  lines->begin();
  offset = 0;
}

void Search::next_stream() {
  lines->end();
  ++current;
  begin_stream();
}

// Feeds a page of the current stream; what was stored later, or does not lie before `until`, does not count.
std::uint64_t search_page(pqxx::work& work, Search& search) {
  auto& stream = search.streams[search.current];
  const auto& sql = search.one_host ? kPageOfAttempt : kPageOfStep;
  const auto rows = db::exec(work, sql, search.attempts[stream.attempt].id, static_cast<int>(stream.stream),
                             search.offset, kPageBytes, kPageRows);
  if (rows.empty()) throw std::runtime_error("stored output has a gap");
  const auto begin = search.offset;
  for (const auto& row : rows) {
    if (search.offset >= stream.bytes) break;
    if (count(row["start_offset"]) != search.offset) throw std::runtime_error("stored output has a gap");
    const auto position = count(row["position"]);
    const auto data = position < search.until ? db::bytes(row["data"]) : std::string();
    const auto shown = std::string_view(data).substr(0, search.until - std::min(position, search.until));
    search.lines->feed(shown, position);
    search.offset += shown.size();
    if (shown.size() < data.size() || data.empty()) stream.bytes = search.offset;
  }
  return search.offset - begin;
}

// About kTransactionBytes of what was stored when the search began.
void search_pages(pqxx::work& work, Search& search) {
  for (std::uint64_t fed = 0; fed < kTransactionBytes && !search.over();) {
    fed += search_page(work, search);
    if (search.offset >= search.streams[search.current].bytes) search.next_stream();
  }
}

void search_body(Search& search, const std::string& body) {
  const auto text = std::string_view(body).substr(0, search.until);
  search.lines->begin();
  for (std::size_t at = 0; at < text.size(); at += kBodyPieceBytes) {
    search.lines->feed(text.substr(at, kBodyPieceBytes), at);
  }
  search.lines->end();
}

Result<std::optional<LineKey>> read_cursor(const std::optional<std::string>& cursor) {
  if (!cursor) return std::nullopt;
  const auto parts = decode_cursor(*cursor, 2);
  if (!parts) return std::unexpected(parts.error());
  LineKey key;
  for (const auto& [text, number] :
       {std::pair{&parts->front(), &key.position}, {&parts->back(), &key.offset}}) {
    const auto* last = text->data() + text->size();
    const auto [end, error] = std::from_chars(text->data(), last, *number);
    if (error != std::errc{} || end != last) return bad_cursor();
  }
  return key;
}

// Of an answer that no host gave both are null.
json::object match_json(const Search& search, const PageMatch& found, bool texts) {
  json::object line{{"host", nullptr}, {"agent_id", nullptr}};
  if (!search.attempts.empty()) {
    const auto& attempt = search.attempts[found.owner];
    line = {{"host", attempt.host}, {"agent_id", attempt.agent.str()}};
  }
  line["stream"] = std::string(to_string(found.stream));
  line["line"] = found.match.line;
  line["offset"] = found.match.begin.offset;
  line["position"] = found.match.begin.position;
  if (texts) line["text"] = found.match.text;
  return line;
}

json::object search_json(const Search& search, bool texts) {
  json::array lines;
  for (const auto& [begin, found] : search.page.kept()) lines.push_back(match_json(search, found, texts));
  std::optional<std::string> next;
  if (search.page.more()) {
    const auto& last = search.page.kept().rbegin()->first;
    next = encode_cursor({std::to_string(last.position), std::to_string(last.offset)});
  }
  json::object answer;
  answer["total"] = search.page.total();
  answer["truncated"] = search.page.total() > lines.size();
  answer["lines"] = std::move(lines);
  answer["next_cursor"] = json_or_null(next);
  return answer;
}

void take_view(Search& search, const OutputView& view, Located located, std::optional<std::uint64_t> until) {
  search.one_host = view.host.has_value();
  search.until = std::min(until.value_or(located.end), located.end);
  search.attempts = std::move(located.attempts);
  for (std::size_t i = 0; i < search.attempts.size(); ++i) {
    for (const auto stream : {Stream::kStdout, Stream::kStderr}) {
      const auto bytes = search.attempts[i].ends[stream_index(stream)].bytes;
      if (bytes > 0 && view.stream.value_or(stream) == stream) search.streams.push_back({i, stream, bytes});
    }
  }
  search.begin_stream();
}

}  // namespace

awaitable<Result<json::object>> OutputReader::search(OutputView view, OutputSearch request) {
  const auto after = read_cursor(request.page.cursor);
  if (!after) co_return std::unexpected(after.error());
  const bool texts = request.query.texts;
  auto search = std::make_shared<Search>(Search{.page = MatchPage(request.page.limit, *after)});
  auto lines = LineSearch::create(std::move(request.query), search->page);
  if (!lines) co_return std::unexpected(lines.error());
  search->lines.emplace(std::move(*lines));
  auto begin = [view](pqxx::work& work) {
    work.exec(kOneMoment);
    return locate(work, view);
  };
  auto located = co_await database_.transact("output_check", std::move(begin));
  if (!located) co_return std::unexpected(located.error());
  const auto body = std::move(located->body);
  take_view(*search, view, std::move(*located), request.until);
  if (body) {
    auto job = [search, body] { search_body(*search, *body); };
    co_await database_.pool().run(std::move(job));
  }
  while (!search->over()) {
    auto page = [search](pqxx::work& work) { search_pages(work, *search); };
    co_await database_.transact("output_search", std::move(page));
  }
  co_return search_json(*search, texts);
}

}  // namespace runbook::store
