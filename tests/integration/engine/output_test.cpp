// Output from frames to stored bytes and back: exact whatever its pieces, in the order it was committed.
#include "controller/store/stream_reader.hpp"
#include "db/parameters.hpp"
#include "tests/integration/engine/output_fixture.hpp"

namespace runbook::testing {
namespace {

TEST_F(OutputTest, IsStoredByteForByteWhateverTheFrames) {
  run({"web1", "web2"});
  expect_exact();
}

TEST_F(OutputTest, FramesAtTheirLimitAreStoredInRowsOfBoundedSize) {
  frame_bytes = 64 * 1024;
  run({"web1"});
  expect_exact();
  EXPECT_LE(db::integer(sql("SELECT max(octet_length(data)) FROM output_chunk")[0][0]), 256 * 1024);
}

TEST_F(OutputTest, RepeatedAndOverlappingFramesAreStoredOnce) {
  fleet.meddle = [](std::vector<OutputFrame> sent) {
    std::vector<OutputFrame> meddled;
    for (auto& frame : sent) {
      meddled.push_back(frame);
      meddled.push_back(frame);
      OutputFrame tail = frame;  // ends where the frame ended, begins inside it
      tail.offset += tail.data.size() / 2;
      tail.data.erase(0, tail.data.size() / 2);
      if (!tail.data.empty()) meddled.push_back(tail);
    }
    return meddled;
  };
  run({"web1", "web2"});
  expect_exact();
}

TEST_F(OutputTest, AfterAGapTheAgentResumesFromWhatIsStored) {
  std::mt19937 random(3);
  fleet.meddle = [&random](std::vector<OutputFrame> sent) {
    if (sent.size() > 3)
      sent.erase(sent.begin() + static_cast<std::ptrdiff_t>(1 + random() % (sent.size() - 2)));
    return sent;
  };
  run({"web1", "web2"});
  expect_exact();
  EXPECT_GT(fleet.drops(), 0u);
}

TEST_F(OutputTest, ReorderedFramesComeInOrderInTheEnd) {
  std::mt19937 random(4);
  fleet.meddle = [&random](std::vector<OutputFrame> sent) {
    if (sent.size() > 4) std::swap(sent[sent.size() / 2], sent[sent.size() / 2 + 1 + random() % 2]);
    return sent;
  };
  run({"web1"});
  expect_exact();
}

TEST_F(OutputTest, CutLinksLoseAndDoubleNothing) {
  frames = 200;
  start();
  execution = execute(runbook, {"web1", "web2"});
  for (int i = 0; i < 20; ++i) {
    run_handlers(40);
    for (const auto& row : sql("SELECT id FROM agent")) {
      const auto agent = db::uuid(row[0]);
      fleet.disconnect(agent);
      fleet.connect(agent);
    }
  }
  run_until([&] { return ended(execution); });
  step = step_ids(execution)[0];
  expect_exact();
}

TEST_F(OutputTest, EveryViewReadsBackTheSameBytes) {
  run({"web1", "web2"});
  for (const std::size_t limit : {777u, 65'536u, 10'000'000u}) {
    std::size_t both = 0;
    for (const auto& [host, streams] : expected) {
      EXPECT_TRUE(read({execution, step, host, Stream::kStdout, domain::Reach::everything()}, limit) ==
                  streams[0]);
      EXPECT_TRUE(read({execution, step, host, Stream::kStderr, domain::Reach::everything()}, limit) ==
                  streams[1]);
      const auto merged = read({execution, step, host, std::nullopt, domain::Reach::everything()}, limit);
      EXPECT_EQ(merged.size(), streams[0].size() + streams[1].size());
      both += merged.size();
    }
    const auto whole =
        read({execution, step, std::nullopt, std::nullopt, domain::Reach::everything()}, limit);
    EXPECT_EQ(whole.size(), both);
    const auto one_stream =
        read({execution, step, std::nullopt, Stream::kStdout, domain::Reach::everything()}, limit);
    EXPECT_EQ(one_stream.size(), expected["web1"][0].size() + expected["web2"][0].size());
  }
  EXPECT_TRUE(read({execution, step, std::nullopt, std::nullopt, domain::Reach::everything()}, 100) ==
              read({execution, step, std::nullopt, std::nullopt, domain::Reach::everything()}, 1'000'000));
}

TEST_F(OutputTest, TheMergedViewOfAHostKeepsTheOrderItWasReadIn) {
  script = [](const RunCommand&) {
    return Script{.output = {{Stream::kStdout, "1"},
                             {Stream::kStderr, "2"},
                             {Stream::kStdout, "3"},
                             {Stream::kStdout, "4"},
                             {Stream::kStderr, "5"}}};
  };
  run({"web1"});
  EXPECT_EQ(read({execution, step, "web1", std::nullopt, domain::Reach::everything()}, 100), "12345");
}

TEST_F(OutputTest, LinesAreFoundByNumber) {
  run({"web1"});
  store::OutputReader reader(life_database());
  const auto& text = expected["web1"][0];
  std::uint64_t line = 1;
  std::uint64_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); at += 1 + text.size() / 50, ++line) {
    EXPECT_EQ(call(reader.line_offset({execution, step, "web1", Stream::kStdout, domain::Reach::everything()},
                                      line)),
              begin)
        << line;
    const auto newline = text.find('\n', begin);
    if (newline == std::string::npos) break;
    begin = newline + 1;
  }
  EXPECT_EQ(call(reader.line_offset({execution, step, "web1", Stream::kStdout, domain::Reach::everything()},
                                    100'000'000)),
            text.size());
  EXPECT_FALSE(
      call(reader.line_offset({execution, step, "web1", std::nullopt, domain::Reach::everything()}, 2))
          .has_value());
}

TEST_F(OutputTest, StreamsAreReadWithTheirLineNumbers) {
  run({"web1"});
  const auto attempt = db::uuid(sql("SELECT id FROM attempt")[0][0]);
  store::StreamReader reader(life_database());
  const auto& text = expected["web1"][1];
  for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, text.size() / 2, text.size() - 1}) {
    const auto piece =
        call(reader.read(attempt, Stream::kStderr, offset, 1'000, domain::Reach::everything()));
    EXPECT_EQ(piece.data, text.substr(offset, 1'000));
    const auto newlines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    EXPECT_EQ(piece.first_line, static_cast<std::uint64_t>(newlines));
    EXPECT_EQ(piece.begins_line, offset == 0 || text[offset - 1] == '\n');
  }
  EXPECT_TRUE(
      call(reader.read(attempt, Stream::kStderr, text.size(), 10, domain::Reach::everything())).data.empty());
}

TEST_F(OutputTest, PiecesAreToldWithTheirLines) {
  run({"web1", "web2"});
  std::map<std::pair<std::string, Stream>, std::string> told;
  for (const auto& piece : observer.pieces) {
    auto& text = told[{piece.host, piece.stream}];
    EXPECT_EQ(piece.offset, text.size());
    EXPECT_EQ(piece.first_line, static_cast<std::uint64_t>(std::ranges::count(text, '\n')));
    EXPECT_EQ(piece.begins_line, text.empty() || text.ends_with('\n'));
    text += *piece.data;
  }
  EXPECT_EQ(told.size(), 4u);
}

TEST_F(OutputTest, SearchCountsExactlyOverTheBordersOfChunks) {
  script = [](const RunCommand&) {
    Script output;
    for (int i = 0; i < 30'000; ++i) {  // "needle" lies on many borders, of frames and of rows
      output.output.emplace_back(Stream::kStdout, i % 3 == 0   ? "nee"
                                                  : i % 3 == 1 ? "dle and more text "
                                                               : "x\n");
    }
    return output;
  };
  run({"web1", "web2"});
  store::OutputReader reader(life_database());
  const auto search = [&](store::OutputView of, store::LineQuery query, std::size_t limit) {
    return call(reader.search(std::move(of), {.query = std::move(query), .page = {.limit = limit}}));
  };
  const auto found = search({execution, step, std::nullopt, std::nullopt, domain::Reach::everything()},
                            {.pattern = "needle"}, 5);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->at("total").as_uint64(), 20'000u);
  EXPECT_EQ(found->at("lines").as_array().size(), 5u);
  EXPECT_TRUE(found->at("truncated").as_bool());
  const auto one = search({execution, step, "web2", Stream::kStdout, domain::Reach::everything()},
                          {"^needle.*x$", true}, 5);
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->at("total").as_uint64(), 10'000u);
  EXPECT_EQ(one->at("lines").at(4).at("line").as_uint64(), 5u);
  EXPECT_FALSE(search({execution, step, "web2", std::nullopt, domain::Reach::everything()}, {"(", true}, 1)
                   .has_value());
}

TEST_F(OutputTest, UnknownStepsAndHostsAreToldApart) {
  run({"web1"});
  store::OutputReader reader(life_database());
  EXPECT_TRUE(
      call(reader.check({execution, step, "web1", std::nullopt, domain::Reach::everything()})).has_value());
  EXPECT_EQ(
      call(reader.check({execution, execution, std::nullopt, std::nullopt, domain::Reach::everything()}))
          .error()
          .code,
      ErrorCode::kNotFound);
  EXPECT_EQ(
      call(reader.check({execution, step, "web9", std::nullopt, domain::Reach::everything()})).error().code,
      ErrorCode::kInvalid);
  EXPECT_TRUE(
      call(reader.read({execution, step, std::nullopt, std::nullopt, domain::Reach::everything()}, 0, 1))
          ->step_ended);
}

}  // namespace
}  // namespace runbook::testing
