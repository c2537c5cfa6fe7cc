// Output from frames to stored bytes and back: exact whatever its pieces, in the order it was committed.
#include "controller/store/output_reader.hpp"
#include "controller/store/stream_reader.hpp"
#include "db/parameters.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

#include <random>

namespace runbook::testing {
namespace {

constexpr auto kOneCommand = R"([{"name": "Print", "type": "command", "config": {"command": "print"}}])";

std::string random_bytes(std::mt19937& random, std::size_t count) {
  std::string bytes(count, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random() % 7 == 0 ? '\n' : random());
  return bytes;
}

class OutputTest : public EngineTest {
 protected:
  OutputTest() {
    add_agent("web1");
    add_agent("web2");
    script = [this](const RunCommand& command) { return printed(command); };
    runbook = add_runbook(kOneCommand);
  }

  // Random frames, the same for a host each time; remembered to compare with.
  Script printed(const RunCommand& command) {
    const auto host = command.environment.at("RUNBOOK_HOST");
    std::mt19937 random(seed + static_cast<unsigned>(host.back()));
    Script script_of_host;
    auto& sent = expected[host];
    sent = {};
    for (std::size_t i = 0; i < frames; ++i) {
      const auto stream = random() % 3 == 0 ? Stream::kStderr : Stream::kStdout;
      auto data = random_bytes(random, 1 + random() % frame_bytes);
      sent[stream == Stream::kStdout ? 0 : 1] += data;
      script_of_host.output.emplace_back(stream, std::move(data));
    }
    return script_of_host;
  }

  void run(std::vector<std::string> hosts) {
    start();
    execution = execute(runbook, std::move(hosts));
    run_until([&] { return ended(execution); });
    step = step_ids(execution)[0];
  }

  void expect_exact() {
    for (const auto& [host, outcome] : outcomes(step)) {
      EXPECT_EQ(outcome.status, "success");
      EXPECT_TRUE(outcome.complete);
      EXPECT_TRUE(outcome.standard_output == expected.at(host)[0]) << host;
      EXPECT_TRUE(outcome.standard_error == expected.at(host)[1]) << host;
    }
  }

  std::string read(store::OutputView view, std::size_t limit) {
    store::OutputReader reader(life_database());
    std::string all;
    for (;;) {
      const auto piece = call(reader.read(view, all.size(), limit));
      if (!piece || piece->data.empty()) return all;
      EXPECT_EQ(piece->offset, all.size());
      EXPECT_LE(piece->data.size(), limit);
      all += piece->data;
    }
  }

  unsigned seed = 1;
  std::size_t frames = 60;
  std::size_t frame_bytes = 3'000;
  std::map<std::string, std::array<std::string, 2>> expected;
  Uuid runbook;
  Uuid execution;
  Uuid step;
};

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
      EXPECT_TRUE(read({execution, step, host, Stream::kStdout}, limit) == streams[0]);
      EXPECT_TRUE(read({execution, step, host, Stream::kStderr}, limit) == streams[1]);
      const auto merged = read({execution, step, host, std::nullopt}, limit);
      EXPECT_EQ(merged.size(), streams[0].size() + streams[1].size());
      both += merged.size();
    }
    const auto whole = read({execution, step, std::nullopt, std::nullopt}, limit);
    EXPECT_EQ(whole.size(), both);
    const auto one_stream = read({execution, step, std::nullopt, Stream::kStdout}, limit);
    EXPECT_EQ(one_stream.size(), expected["web1"][0].size() + expected["web2"][0].size());
  }
  EXPECT_TRUE(read({execution, step, std::nullopt, std::nullopt}, 100) ==
              read({execution, step, std::nullopt, std::nullopt}, 1'000'000));
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
  EXPECT_EQ(read({execution, step, "web1", std::nullopt}, 100), "12345");
}

TEST_F(OutputTest, LinesAreFoundByNumber) {
  run({"web1"});
  store::OutputReader reader(life_database());
  const auto& text = expected["web1"][0];
  std::uint64_t line = 1;
  std::uint64_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); at += 1 + text.size() / 50, ++line) {
    EXPECT_EQ(call(reader.line_offset({execution, step, "web1", Stream::kStdout}, line)), begin) << line;
    const auto newline = text.find('\n', begin);
    if (newline == std::string::npos) break;
    begin = newline + 1;
  }
  EXPECT_EQ(call(reader.line_offset({execution, step, "web1", Stream::kStdout}, 100'000'000)), text.size());
  EXPECT_FALSE(call(reader.line_offset({execution, step, "web1", std::nullopt}, 2)).has_value());
}

TEST_F(OutputTest, StreamsAreReadWithTheirLineNumbers) {
  run({"web1"});
  const auto attempt = db::uuid(sql("SELECT id FROM attempt")[0][0]);
  store::StreamReader reader(life_database());
  const auto& text = expected["web1"][1];
  for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, text.size() / 2, text.size() - 1}) {
    const auto piece = call(reader.read(attempt, Stream::kStderr, offset, 1'000));
    EXPECT_EQ(piece.data, text.substr(offset, 1'000));
    const auto newlines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    EXPECT_EQ(piece.first_line, static_cast<std::uint64_t>(newlines));
  }
  EXPECT_TRUE(call(reader.read(attempt, Stream::kStderr, text.size(), 10)).data.empty());
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
  const auto found = call(reader.search({execution, step, std::nullopt, std::nullopt}, "needle", false, 5));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->at("total").as_uint64(), 20'000u);
  EXPECT_EQ(found->at("lines").as_array().size(), 5u);
  EXPECT_EQ(found->at("lines").at(4).at("line").as_uint64(), 5u);
  EXPECT_TRUE(found->at("truncated").as_bool());
  const auto one = call(reader.search({execution, step, "web2", Stream::kStdout}, "^needle.*x$", true, 1));
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->at("total").as_uint64(), 10'000u);
  EXPECT_FALSE(call(reader.search({execution, step, "web2", std::nullopt}, "(", true, 1)).has_value());
}

TEST_F(OutputTest, UnknownStepsAndHostsAreToldApart) {
  run({"web1"});
  store::OutputReader reader(life_database());
  EXPECT_TRUE(call(reader.check({execution, step, "web1", std::nullopt})).has_value());
  EXPECT_EQ(call(reader.check({execution, execution, std::nullopt, std::nullopt})).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(call(reader.check({execution, step, "web9", std::nullopt})).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(call(reader.read({execution, step, std::nullopt, std::nullopt}, 0, 1))->step_ended);
}

}  // namespace
}  // namespace runbook::testing
