// OutputReader::index: where the lines of a view begin. Every stored piece knows how many lines began before
// it, so a few thousand pieces are looked up, however many there are.
#include <fmt/format.h>

#include "controller/store/one_moment.hpp"
#include "controller/store/output_rows.hpp"
#include "controller/store/output_store.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr std::uint64_t kLeastSegmentBytes = 64 * 1024;
constexpr std::uint64_t kMostSegments = 2'000;

// A piece that begins a segment.
struct Place {
  std::uint64_t position = 0;
  std::array<std::uint64_t, 2> begun = {};  // lines begun before it
};

// The first piece, and from each the first that begins at least $2 bytes after it.
constexpr std::string_view kWalk =
    "WITH RECURSIVE walk(position, out, err) AS ("
    "(SELECT {0}_offset, {0}_stdout_begun, {0}_stderr_begun FROM output_chunk WHERE {0}_id = $1 "
    "ORDER BY {0}_offset LIMIT 1) UNION ALL "
    "SELECT piece.* FROM walk, LATERAL (SELECT {0}_offset, {0}_stdout_begun, {0}_stderr_begun "
    "FROM output_chunk WHERE {0}_id = $1 AND {0}_offset >= walk.position + $2::bigint "
    "ORDER BY {0}_offset LIMIT 1) piece) SELECT position, out, err FROM walk ORDER BY position";
const std::string kWalkStep = fmt::format(kWalk, "step");
const std::string kWalkAttempt = fmt::format(kWalk, "attempt");

// One piece is looked up at a time: what the planner would do for many of them is slow, and of output that
// was just written it knows nothing.
constexpr auto kByIndex = "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off";

// A power of two, so that segments of a longer output begin where segments of the shorter did.
std::uint64_t segment_bytes(std::uint64_t end) {
  auto bytes = kLeastSegmentBytes;
  while (end / bytes >= kMostSegments) bytes *= 2;
  return bytes;
}

std::vector<Place> stored_places(pqxx::work& work, const OutputView& view, const Located& located) {
  std::vector<Place> places;
  if (located.end == 0) return places;
  work.exec(kByIndex);
  const auto rows = view.host
                        ? db::exec(work, kWalkAttempt, located.attempts[0].id, segment_bytes(located.end))
                        : db::exec(work, kWalkStep, view.step, segment_bytes(located.end));
  for (const auto& row : rows) {
    places.push_back({count(row["position"]), {count(row["out"]), count(row["err"])}});
  }
  return places;
}

StreamEnd end_of(std::string_view text) {
  return {text.size(), static_cast<std::uint64_t>(std::ranges::count(text, '\n')),
          !text.empty() && text.back() != '\n'};
}

std::vector<Place> body_places(std::string_view body) {
  std::vector<Place> places;
  std::uint64_t newlines = 0;
  for (std::size_t at = 0; at < body.size(); at += kBodyPieceBytes) {
    const bool open = at > 0 && body[at - 1] != '\n';
    if (places.empty() || at - places.back().position >= segment_bytes(body.size())) {
      places.push_back({at, {newlines + (open ? 1 : 0), 0}});
    }
    newlines += end_of(body.substr(at, kBodyPieceBytes)).lines;
  }
  return places;
}

// Sums over the streams a view shows.
struct Shown {
  std::optional<Stream> stream;

  bool shows(std::size_t index) const { return !stream || stream_index(*stream) == index; }
  std::uint64_t sum(const std::array<std::uint64_t, 2>& of) const {
    return (shows(0) ? of[0] : 0) + (shows(1) ? of[1] : 0);
  }
};

json::object stream_json(const AttemptRef* attempt, Stream stream, const StreamEnd& end) {
  json::object object{{"agent_id", nullptr}, {"host", nullptr}};
  if (attempt != nullptr) object = {{"agent_id", attempt->agent.str()}, {"host", attempt->host}};
  object["stream"] = std::string(to_string(stream));
  object["bytes"] = end.bytes;
  object["lines"] = end.begun();
  object["ends_line"] = !end.open;
  return object;
}

json::array segments_json(const std::vector<Place>& places, const Shown& shown, std::uint64_t lines) {
  json::array segments;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto until = i + 1 < places.size() ? shown.sum(places[i + 1].begun) : lines;
    segments.push_back(
        json::object{{"position", places[i].position}, {"lines", until - shown.sum(places[i].begun)}});
  }
  return segments;
}

json::object index_json(const Located& located, const Shown& shown, const std::vector<Place>& places) {
  json::array streams;
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  const auto add = [&](const AttemptRef* attempt, Stream stream, const StreamEnd& end) {
    if (end.bytes == 0 || !shown.shows(stream_index(stream))) return;
    bytes += end.bytes;
    lines += end.begun();
    streams.push_back(stream_json(attempt, stream, end));
  };
  if (located.body) add(nullptr, Stream::kStdout, end_of(*located.body));
  for (const auto& attempt : located.attempts) {
    add(&attempt, Stream::kStdout, attempt.ends[0]);
    add(&attempt, Stream::kStderr, attempt.ends[1]);
  }
  json::object index;
  index["bytes"] = bytes;
  index["lines"] = lines;
  index["end"] = located.end;
  index["streams"] = std::move(streams);
  index["segments"] = segments_json(places, shown, lines);
  return index;
}

Result<json::object> read_index(pqxx::work& work, const OutputView& view) {
  work.exec(kOneMoment);
  const auto located = locate(work, view);
  if (!located) return std::unexpected(located.error());
  const auto places = located->body ? body_places(*located->body) : stored_places(work, view, *located);
  return index_json(*located, Shown{view.stream}, places);
}

}  // namespace

awaitable<Result<json::object>> OutputReader::index(OutputView view) {
  auto query = [view = std::move(view)](pqxx::work& work) { return read_index(work, view); };
  co_return co_await database_.transact("output_index", std::move(query));
}

}  // namespace runbook::store
