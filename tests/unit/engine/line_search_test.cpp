#include "controller/store/line_search.hpp"

#include <gtest/gtest.h>

#include <random>

namespace runbook::store {
namespace {

struct Found {
  std::uint64_t total = 0;
  std::vector<LineMatch> matches;
};

Found search(std::string_view data, const std::string& pattern, bool regex, std::size_t piece,
             std::size_t limit = 1'000) {
  auto lines = LineSearch::create(pattern, regex, limit);
  EXPECT_TRUE(lines.has_value());
  lines->begin();
  for (std::size_t at = 0; at < data.size(); at += piece) lines->feed(data.substr(at, piece));
  lines->end();
  return {lines->total(), lines->take_matches()};
}

TEST(LineSearch, CountsLinesAndTellsWhereTheyBegin) {
  const auto found = search("one\ntwo two\nthree\ntwo", "two", false, 100);
  EXPECT_EQ(found.total, 2u);
  ASSERT_EQ(found.matches.size(), 2u);
  EXPECT_EQ(found.matches[0].line, 2u);
  EXPECT_EQ(found.matches[0].offset, 4u);
  EXPECT_EQ(found.matches[0].text, "two two");
  EXPECT_EQ(found.matches[1].line, 4u);
  EXPECT_EQ(found.matches[1].offset, 18u);
}

TEST(LineSearch, DoesNotDependOnThePieces) {
  std::string data;
  std::mt19937 random(7);
  for (int i = 0; i < 3'000; ++i) data += "ab\nc"[random() % 4];
  for (const auto& [pattern, regex] : {std::pair{"abc", false}, {"a+b", true}, {"^c", true}, {"b$", true}}) {
    const auto whole = search(data, pattern, regex, data.size());
    EXPECT_GT(whole.total, 0u);
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 64u, 1000u}) {
      const auto cut = search(data, pattern, regex, piece);
      EXPECT_EQ(cut.total, whole.total) << pattern << " in pieces of " << piece;
      ASSERT_EQ(cut.matches.size(), whole.matches.size());
      for (std::size_t i = 0; i < cut.matches.size(); ++i) {
        EXPECT_EQ(cut.matches[i].line, whole.matches[i].line);
        EXPECT_EQ(cut.matches[i].offset, whole.matches[i].offset);
      }
    }
  }
}

TEST(LineSearch, KeepsAsManyAsAskedForButCountsAll) {
  const auto found = search("x\nx\nx\n", "x", false, 2, 2);
  EXPECT_EQ(found.total, 3u);
  EXPECT_EQ(found.matches.size(), 2u);
}

TEST(LineSearch, CountsAVeryLongLineOnceAndFindsAMatchOverItsWindows) {
  std::string line(3 * kLineWindowBytes, '.');
  line.replace(kLineWindowBytes - 3, 6, "needle");
  line.replace(2 * kLineWindowBytes, 6, "needle");
  const auto found = search(line + "\nneedle\n", "needle", false, 64 * 1024);
  EXPECT_EQ(found.total, 2u);
  ASSERT_EQ(found.matches.size(), 2u);
  EXPECT_EQ(found.matches[0].line, 1u);
  EXPECT_LE(found.matches[0].text.size(), kMatchTextBytes);
  EXPECT_NE(found.matches[0].text.find("needle"), std::string::npos);
  EXPECT_EQ(found.matches[1].line, 2u);
  EXPECT_EQ(found.matches[1].offset, line.size() + 1);
}

TEST(LineSearch, RefusesAnExpressionItCannotRead) {
  const auto lines = LineSearch::create("(", true, 10);
  ASSERT_FALSE(lines.has_value());
  EXPECT_EQ(lines.error().code, ErrorCode::kInvalid);
}

TEST(LineSearch, TakesBytesAsTheyAre) {
  const std::string data("\xff\x00needle\n", 9);
  EXPECT_EQ(search(data, "needle", false, 1).total, 1u);
  EXPECT_EQ(search(data, "ne+dle", true, 1).total, 1u);
}

}  // namespace
}  // namespace runbook::store
