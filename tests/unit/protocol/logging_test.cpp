#include "protocol/runtime/logging.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "protocol/messages/json.hpp"
#include "protocol/runtime/log_text.hpp"

namespace runbook::runtime {
namespace {

const Time kNow = *parse_rfc3339("2026-11-21T17:57:37.123456Z");

TEST(Log, AJsonLineHasTheIdsThatAreThere) {
  EXPECT_EQ(json_line(kNow, spdlog::level::warn, {.step = "s1", .agent = "a1"}, "slow"),
            R"({"time":"2026-11-21T17:57:37.123456Z","level":"warning","message":"slow",)"
            R"("step":"s1","agent":"a1"})");
}

TEST(Log, AReadableLineHasThemToo) {
  EXPECT_EQ(
      text_line(kNow, spdlog::level::info, {.execution = "e1", .step = "s1", .attempt = "t1"}, "started"),
      "2026-11-21T17:57:37.123456Z info    started execution=e1 step=s1 attempt=t1");
}

TEST(Log, AJsonLineIsJsonWhateverTheMessageHolds) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  const std::string line = json_line(kNow, spdlog::level::err, {.request = all}, "\"\\\n{}%" + all);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(is_utf8(line));
  boost::system::error_code error;
  boost::json::parse(line, error);
  EXPECT_FALSE(error);
}

TEST(Log, AStrangersTextCannotForgeALineOrMoveTheCursor) {
  const std::string line = text_line(kNow, spdlog::level::info, {}, "a\nb\r\x1b[2J\xc2\x9b\xff\x7f ä");
  EXPECT_NE(line.find(R"(a\x0ab\x0d\x1b[2J\xc2\x9b\xff\x7f ä)"), std::string::npos) << line;
}

TEST(Log, ManyThreadsWriteWholeLines) {
  const auto file = std::filesystem::temp_directory_path() / ("runbook-log-" + std::to_string(::getpid()));
  start_logging({.json = true, .level = spdlog::level::info, .file = file.string()});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 100; ++i) log_info({.execution = "e"}, "line with {} and %s");
    });
  }
  for (auto& thread : threads) thread.join();
  log(spdlog::level::debug, {}, "too quiet to be seen");
  start_logging({});
  std::ifstream in(file);
  int lines = 0;
  for (std::string line; std::getline(in, line); ++lines) EXPECT_TRUE(parse_json(line)) << line;
  EXPECT_EQ(lines, 400);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace runbook::runtime
