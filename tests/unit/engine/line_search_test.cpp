#include "controller/store/line_search.hpp"

#include <gtest/gtest.h>

#include <random>

namespace runbook::store {
namespace {

// Keeps the first `limit`.
class Found : public MatchedLines {
 public:
  explicit Found(std::size_t limit) : limit_(limit) {}
  bool wants(const LineKey&) override { return ++total <= limit_; }
  void take(LineMatch match) override { matches.push_back(std::move(match)); }

  std::uint64_t total = 0;
  std::vector<LineMatch> matches;

 private:
  std::size_t limit_;
};

// In pieces of one size, each at the position where it lies in `data`.
Found found_in(std::string_view data, LineQuery query, std::size_t piece, std::size_t limit = 1'000) {
  Found found(limit);
  auto lines = LineSearch::create(std::move(query), found);
  EXPECT_TRUE(lines.has_value());
  lines->begin();
  for (std::size_t at = 0; at < data.size(); at += piece) lines->feed(data.substr(at, piece), at);
  lines->end();
  return found;
}

TEST(LineSearch, CountsLinesAndTellsWhereTheyBegin) {
  const auto found = found_in("one\ntwo two\nthree\ntwo", {.pattern = "two"}, 100);
  EXPECT_EQ(found.total, 2u);
  ASSERT_EQ(found.matches.size(), 2u);
  EXPECT_EQ(found.matches[0].line, 2u);
  EXPECT_EQ(found.matches[0].begin.offset, 4u);
  EXPECT_EQ(found.matches[0].text, "two two");
  EXPECT_EQ(found.matches[1].line, 4u);
  EXPECT_EQ(found.matches[1].begin.offset, 18u);
}

TEST(LineSearch, DoesNotDependOnThePieces) {
  std::string data;
  std::mt19937 random(7);
  for (int i = 0; i < 3'000; ++i) data += "ab\nc"[random() % 4];
  for (const auto& [pattern, regex] : {std::pair{"abc", false}, {"a+b", true}, {"^c", true}, {"b$", true}}) {
    const auto whole = found_in(data, {pattern, regex}, data.size());
    EXPECT_GT(whole.total, 0u);
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 64u, 1000u}) {
      const auto cut = found_in(data, {pattern, regex}, piece);
      EXPECT_EQ(cut.total, whole.total) << pattern << " in pieces of " << piece;
      ASSERT_EQ(cut.matches.size(), whole.matches.size());
      for (std::size_t i = 0; i < cut.matches.size(); ++i) {
        EXPECT_EQ(cut.matches[i].line, whole.matches[i].line);
        EXPECT_EQ(cut.matches[i].begin.offset, whole.matches[i].begin.offset);
        const auto piece_of_line = cut.matches[i].begin.offset / piece * piece;
        EXPECT_EQ(cut.matches[i].begin.position, piece_of_line);
      }
    }
  }
}

TEST(LineSearch, KeepsAsManyAsAskedForButCountsAll) {
  const auto found = found_in("x\nx\nx\n", {.pattern = "x"}, 2, 2);
  EXPECT_EQ(found.total, 3u);
  EXPECT_EQ(found.matches.size(), 2u);
}

TEST(LineSearch, CountsAVeryLongLineOnceAndFindsAMatchOverItsWindows) {
  std::string line(3 * kLineWindowBytes, '.');
  line.replace(kLineWindowBytes - 3, 6, "needle");
  line.replace(2 * kLineWindowBytes, 6, "needle");
  const auto found = found_in(line + "\nneedle\n", {.pattern = "needle"}, 64 * 1024);
  EXPECT_EQ(found.total, 2u);
  ASSERT_EQ(found.matches.size(), 2u);
  EXPECT_EQ(found.matches[0].line, 1u);
  EXPECT_LE(found.matches[0].text.size(), kMatchTextBytes);
  EXPECT_NE(found.matches[0].text.find("needle"), std::string::npos);
  EXPECT_EQ(found.matches[1].line, 2u);
  EXPECT_EQ(found.matches[1].begin.offset, line.size() + 1);
}

TEST(LineSearch, LeavesTextsOutWhenAskedTo) {
  const auto found = found_in("two\n", {.pattern = "two", .texts = false}, 2);
  ASSERT_EQ(found.matches.size(), 1u);
  EXPECT_EQ(found.matches[0].text, "");
}

TEST(LineSearch, RefusesAnExpressionItCannotRead) {
  Found found(10);
  const auto lines = LineSearch::create({"(", true}, found);
  ASSERT_FALSE(lines.has_value());
  EXPECT_EQ(lines.error().code, ErrorCode::kInvalid);
}

TEST(LineSearch, TakesBytesAsTheyAre) {
  const std::string data("\xff\x00needle\n", 9);
  EXPECT_EQ(found_in(data, {.pattern = "needle"}, 1).total, 1u);
  EXPECT_EQ(found_in(data, {"ne+dle", true}, 1).total, 1u);
}

}  // namespace
}  // namespace runbook::store
