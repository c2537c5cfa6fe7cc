// Where lines begin in stored output, and its pieces: held against the bytes themselves.
#include "db/migrator.hpp"
#include "db/parameters.hpp"
#include "tests/integration/engine/output_fixture.hpp"

namespace runbook::testing {
namespace {

namespace json = boost::json;

std::uint64_t number(const json::object& object, std::string_view name) {
  return object.at(name).to_number<std::uint64_t>();
}

std::uint64_t begun(std::string_view text) {
  const auto newlines = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
  return newlines + (!text.empty() && !text.ends_with('\n') ? 1 : 0);
}

class OutputIndexTest : public OutputTest {
 protected:
  struct Placed {
    store::OutputOwner owner;
    store::OwnedPiece piece;
    std::uint64_t position = 0;
  };

  std::vector<Placed> pieces(const store::OutputView& view, std::uint64_t from = 0,
                             std::optional<std::uint64_t> to = std::nullopt) {
    store::OutputReader reader(life_database());
    auto reading = call(reader.pieces(view, from, to));
    EXPECT_TRUE(reading.has_value());
    std::vector<Placed> all;
    std::uint64_t position = from;
    for (;;) {
      auto some = call(reading->next());
      if (some.empty()) return all;
      for (auto& piece : some) {
        const auto size = piece.data.size();
        all.push_back({reading->owners().at(piece.owner), std::move(piece), position});
        position += size;
      }
    }
  }

  json::object index(const store::OutputView& view) {
    store::OutputReader reader(life_database());
    auto answer = call(reader.index(view));
    EXPECT_TRUE(answer.has_value());
    return std::move(*answer);
  }

  store::OutputView view(std::optional<std::string> host, std::optional<Stream> stream) const {
    return {execution, step, std::move(host), stream, domain::Reach::everything()};
  }

  // The lines of `of` that begin in [from, to) of its host's or its step's merged order.
  std::uint64_t lines_between(const store::OutputView& of, std::uint64_t from, std::uint64_t to) {
    std::uint64_t lines = 0;
    for (const auto& [owner, piece, position] : pieces(view(of.host, std::nullopt))) {
      if (of.stream && piece.stream != *of.stream) continue;
      if (position < from || position >= to) continue;
      lines += begun(piece.data) - (piece.begins_line ? 0 : 1);
    }
    return lines;
  }

  using Begun = std::pair<std::uint64_t, std::uint64_t>;  // position of the piece, offset in the stream

  // Where each line of the view begins, in order.
  std::vector<Begun> begun_lines(const store::OutputView& of) {
    std::vector<Begun> lines;
    for (const auto& [owner, piece, position] : pieces(view(of.host, std::nullopt))) {
      if (of.stream && piece.stream != *of.stream) continue;
      for (std::size_t at = 0; at < piece.data.size(); ++at) {
        if (at == 0 ? piece.begins_line : piece.data[at - 1] == '\n')
          lines.emplace_back(position, piece.offset + at);
      }
    }
    return lines;
  }

  void expect_true_index(const store::OutputView& of) {
    const auto answer = index(of);
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
    for (const auto& item : answer.at("streams").as_array()) {
      const auto& stream = item.as_object();
      const std::string host(stream.at("host").as_string());
      const auto& text = expected.at(host)[stream.at("stream").as_string() == "stdout" ? 0 : 1];
      EXPECT_EQ(number(stream, "bytes"), text.size());
      EXPECT_EQ(number(stream, "lines"), begun(text));
      EXPECT_EQ(stream.at("ends_line").as_bool(), text.ends_with('\n'));
      bytes += text.size();
      lines += begun(text);
    }
    EXPECT_EQ(answer.at("streams").as_array().size(), (of.host ? 1u : 2u) * (of.stream ? 1u : 2u));
    EXPECT_EQ(number(answer, "bytes"), bytes);
    EXPECT_EQ(number(answer, "lines"), lines);
    const auto merged = pieces(view(of.host, std::nullopt));
    EXPECT_EQ(number(answer, "end"), merged.back().position + merged.back().piece.data.size());
    expect_true_segments(of, answer);
  }

  void expect_true_segments(const store::OutputView& of, const json::object& answer) {
    const auto& segments = answer.at("segments").as_array();
    EXPECT_GT(segments.size(), 5u);
    EXPECT_EQ(number(segments[0].as_object(), "position"), 0u);
    std::uint64_t lines = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const auto from = number(segments[i].as_object(), "position");
      const bool last = i + 1 == segments.size();
      const auto to = last ? number(answer, "end") : number(segments[i + 1].as_object(), "position");
      if (!last) {
        EXPECT_GE(to - from, 64u * 1024);
      }
      EXPECT_EQ(number(segments[i].as_object(), "lines"), lines_between(of, from, to)) << i;
      lines += number(segments[i].as_object(), "lines");
    }
    EXPECT_EQ(lines, number(answer, "lines"));
  }
};

const std::vector<std::optional<Stream>> kFilters = {std::nullopt, Stream::kStdout, Stream::kStderr};

TEST_F(OutputIndexTest, SaysWhereLinesBeginInEveryView) {
  frame_bytes = 50'000;
  run({"web1", "web2"});
  for (const auto& host : {std::optional<std::string>{}, std::optional<std::string>{"web2"}}) {
    for (const auto& stream : kFilters) expect_true_index(view(host, stream));
  }
}

TEST_F(OutputIndexTest, IsOfOneMomentWhileOutputComes) {
  frames = 300;
  start();
  execution = execute(runbook, {"web1", "web2"});
  step = step_ids(execution)[0];
  std::size_t grown = 0;
  std::uint64_t before = 0;
  while (!ended(execution)) {
    const auto answer = index(view(std::nullopt, std::nullopt));
    std::uint64_t lines = 0;
    for (const auto& segment : answer.at("segments").as_array())
      lines += number(segment.as_object(), "lines");
    EXPECT_EQ(lines, number(answer, "lines"));
    EXPECT_EQ(number(answer, "bytes"), number(answer, "end"));
    if (number(answer, "end") > before) ++grown;
    before = number(answer, "end");
  }
  EXPECT_GT(grown, 0u);
}

TEST_F(OutputIndexTest, PiecesAreTheStreamsInTheOrderOfTheirCommits) {
  run({"web1", "web2"});
  for (const auto& host : {std::optional<std::string>{}, std::optional<std::string>{"web2"}}) {
    for (const auto& stream : kFilters) {
      std::map<std::pair<std::string, Stream>, std::string> told;
      for (const auto& [owner, piece, position] : pieces(view(host, stream))) {
        auto& text = told[{owner.host.value(), piece.stream}];
        EXPECT_EQ(piece.offset, text.size());
        EXPECT_EQ(piece.first_line, static_cast<std::uint64_t>(std::ranges::count(text, '\n')));
        EXPECT_EQ(piece.begins_line, text.empty() || text.ends_with('\n'));
        text += piece.data;
      }
      EXPECT_EQ(told.size(), (host ? 1u : 2u) * (stream ? 1u : 2u));
      for (const auto& [of, text] : told) {
        EXPECT_TRUE(text == expected.at(of.first)[of.second == Stream::kStdout ? 0 : 1]);
      }
    }
  }
}

TEST_F(OutputIndexTest, PiecesOfSegmentsMakeTheWhole) {
  frame_bytes = 60'000;
  run({"web1", "web2"});
  for (const auto& host : {std::optional<std::string>{}, std::optional<std::string>{"web1"}}) {
    std::string whole;
    for (const auto& each : pieces(view(host, std::nullopt))) whole += each.piece.data;
    const auto answer = index(view(host, std::nullopt));
    const auto& segments = answer.at("segments").as_array();
    std::string joined;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      std::optional<std::uint64_t> to;
      if (i + 1 < segments.size()) to = number(segments[i + 1].as_object(), "position");
      const auto from = number(segments[i].as_object(), "position");
      EXPECT_EQ(joined.size(), from);
      for (const auto& each : pieces(view(host, std::nullopt), from, to)) joined += each.piece.data;
    }
    EXPECT_TRUE(joined == whole);
  }
  EXPECT_TRUE(pieces(view(std::nullopt, std::nullopt), 1'000'000'000).empty());
  EXPECT_TRUE(pieces(view(std::nullopt, std::nullopt), 0, 0).empty());
  EXPECT_EQ(pieces(view(std::nullopt, std::nullopt), 0, 1).size(), 1u);  // whole, though `to` lies in it
}

TEST_F(OutputIndexTest, AHostThatIsStillToComeHasNothing) {
  start();
  const auto waiting = add_runbook(
      R"([{"name": "Wait", "type": "timer", "config": {"seconds": 1000}},
          {"name": "Print", "type": "command", "config": {"command": "print"}}])");
  execution = execute(waiting, {"web1"});
  step = step_of(execution, "print");
  const auto answer = index(view("web1", std::nullopt));
  EXPECT_EQ(number(answer, "lines"), 0u);
  EXPECT_TRUE(answer.at("segments").as_array().empty());
  EXPECT_TRUE(pieces(view("web1", std::nullopt)).empty());
  store::OutputReader reader(life_database());
  EXPECT_EQ(call(reader.index(view("web9", std::nullopt))).error().code, ErrorCode::kInvalid);
}

// Every line of random bytes matches; pages of them, put together, are the lines in the order of the view.
TEST_F(OutputIndexTest, SearchIsInTheOrderInWhichLinesBegin) {
  run({"web1", "web2"});
  store::OutputReader reader(life_database());
  for (const auto& host : {std::optional<std::string>{}, std::optional<std::string>{"web2"}}) {
    for (const auto& stream : kFilters) {
      const auto lines = begun_lines(view(host, stream));
      std::vector<Begun> found;
      std::optional<std::string> cursor;
      do {
        const auto page = call(reader.search(
            view(host, stream), {.query = {"", true, false}, .page = {.limit = 1'000, .cursor = cursor}}));
        ASSERT_TRUE(page.has_value());
        EXPECT_EQ(number(*page, "total"), lines.size());
        for (const auto& line : page->at("lines").as_array()) {
          found.push_back({number(line.as_object(), "position"), number(line.as_object(), "offset")});
        }
        const auto& next = page->at("next_cursor");
        cursor = next.is_null() ? std::nullopt : std::optional(std::string(next.as_string()));
      } while (cursor);
      EXPECT_TRUE(found == lines);
    }
  }
}

TEST_F(OutputIndexTest, SearchUntilAPositionSeesOnlyBytesBeforeIt) {
  run({"web1", "web2"});
  store::OutputReader reader(life_database());
  const auto of = view(std::nullopt, std::nullopt);
  const auto lines = begun_lines(of);
  const auto end = number(index(of), "end");
  for (const auto until : {std::uint64_t{0}, end / 3, end / 2 + 1, end, end * 2}) {
    std::map<std::pair<std::string, Stream>, std::string> before;
    for (const auto& [owner, piece, position] : pieces(of)) {
      if (position >= until) break;
      before[{owner.host.value(), piece.stream}] += piece.data.substr(0, until - position);
    }
    std::uint64_t expected_lines = 0;
    for (const auto& [whose, text] : before) expected_lines += begun(text);
    const auto found = call(reader.search(of, {.query = {"", true}, .page = {.limit = 1}, .until = until}));
    EXPECT_EQ(number(*found, "total"), expected_lines) << until;
  }
}

// What an earlier version stored is counted by the migration as this one counts it.
TEST_F(OutputIndexTest, TheMigrationCountsWhatWasStoredBefore) {
  run({"web1", "web2"});
  script = [](const RunCommand&) { return Script{.output = {{Stream::kStderr, "\n"}}}; };
  execution = execute(runbook, {"web2"});
  run_until([&] { return ended(execution); });
  constexpr auto kCounted =
      "SELECT string_agg(concat_ws(' ', c.step_offset, attempt_stdout_begun, attempt_stderr_begun, "
      "step_stdout_begun, step_stderr_begun, stdout_open, stderr_open, s.stdout_begun, s.stderr_begun), ',' "
      "ORDER BY c.step_id, c.step_offset) FROM output_chunk c JOIN attempt a ON a.id = c.attempt_id "
      "JOIN execution_step s ON s.id = c.step_id";
  const auto counted = db::text(sql(kCounted)[0][0]);
  sql("ALTER TABLE attempt DROP COLUMN stdout_open, DROP COLUMN stderr_open;"
      "ALTER TABLE execution_step DROP COLUMN stdout_begun, DROP COLUMN stderr_begun;"
      "ALTER TABLE output_chunk DROP COLUMN attempt_stdout_begun, DROP COLUMN attempt_stderr_begun, "
      "DROP COLUMN step_stdout_begun, DROP COLUMN step_stderr_begun");
  const auto migrations = db::known_migrations();
  const auto found = std::ranges::find_if(
      migrations, [](const auto& migration) { return migration.name.contains("output_lines"); });
  ASSERT_NE(found, migrations.end());
  sql(found->sql);
  EXPECT_EQ(db::text(sql(kCounted)[0][0]), counted);
}

}  // namespace
}  // namespace runbook::testing
