#include "controller/store/match_page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace runbook::store {
namespace {

std::vector<std::uint64_t> positions(const MatchPage& page) {
  std::vector<std::uint64_t> list;
  for (const auto& [begin, found] : page.kept()) list.push_back(begin.position);
  return list;
}

void add(MatchPage& page, LineKey begin) {
  if (page.wants(begin)) page.take({.line = 1, .begin = begin, .text = ""});
}

TEST(MatchPage, KeepsTheFirstWhateverTheOrderTheyAreFoundIn) {
  std::vector<std::uint64_t> order(100);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    std::ranges::shuffle(order, random);
    MatchPage page(3, LineKey{49, 0});
    for (const auto position : order) add(page, {position, 0});
    EXPECT_EQ(positions(page), (std::vector<std::uint64_t>{50, 51, 52}));
    EXPECT_EQ(page.total(), 100u);
    EXPECT_TRUE(page.more());
  }
}

TEST(MatchPage, LinesOfOnePieceStandInTheOrderOfTheirBytes) {
  MatchPage page(2, LineKey{7, 10});
  for (const auto offset : {30u, 10u, 20u}) add(page, {7, offset});
  EXPECT_EQ(page.kept().begin()->first.offset, 20u);
  EXPECT_EQ(page.kept().rbegin()->first.offset, 30u);
  EXPECT_EQ(page.total(), 3u);
  EXPECT_FALSE(page.more());
}

TEST(MatchPage, RemembersWhoseLineItIs) {
  MatchPage page(2, std::nullopt);
  page.from(4, Stream::kStderr);
  add(page, {1, 0});
  EXPECT_EQ(page.kept().begin()->second.owner, 4u);
  EXPECT_EQ(page.kept().begin()->second.stream, Stream::kStderr);
}

}  // namespace
}  // namespace runbook::store
