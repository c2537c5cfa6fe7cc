#include "controller/live/subscription.hpp"

#include <gtest/gtest.h>

namespace runbook::live {
namespace {

Uuid id(std::uint8_t number) {
  Uuid uuid;
  uuid.bytes[15] = number;
  return uuid;
}

Subscription subscription(Subscribe request = {}) { return Subscription(std::move(request), 1); }

using Texts = std::vector<std::string>;

TEST(Subscription, SendsNothingBeforeTheSnapshot) {
  auto view = subscription();
  EXPECT_EQ(view.event(5, "five"), Texts{});
  EXPECT_EQ(view.event(6, "six"), Texts{});
  EXPECT_EQ(view.snapshot(5), Texts{"six"});
  EXPECT_FALSE(view.loading());
}

TEST(Subscription, SendsEachEventOnce) {
  auto view = subscription();
  view.snapshot(5);
  EXPECT_EQ(view.event(6, "six"), Texts{"six"});
  EXPECT_EQ(view.event(6, "six"), Texts{});
  EXPECT_EQ(view.event(4, "four"), Texts{});
}

TEST(Subscription, PutsEventsInOrder) {
  auto view = subscription();
  view.snapshot(5);
  EXPECT_EQ(view.event(8, "eight"), Texts{});
  EXPECT_TRUE(view.has_hole());
  EXPECT_EQ(view.event(7, "seven"), Texts{});
  EXPECT_EQ(view.event(6, "six"), (Texts{"six", "seven", "eight"}));
  EXPECT_FALSE(view.has_hole());
}

TEST(Subscription, ANewSnapshotClosesAHole) {
  auto view = subscription();
  view.snapshot(5);
  view.event(8, "eight");
  view.load_again();
  EXPECT_EQ(view.event(9, "nine"), Texts{});
  EXPECT_EQ(view.snapshot(8), Texts{"nine"});
  EXPECT_FALSE(view.has_hole());
}

TEST(Subscription, BeginsStreamsWhereTheClientAsked) {
  Subscribe request;
  request.from[id(1).str() + '/' + id(2).str() + "/stderr"] = 40;
  auto view = subscription(std::move(request));
  const auto& attempt = view.follow(id(3), id(1), id(2), "web1");
  EXPECT_EQ(attempt.streams[0].sent, 0u);
  EXPECT_EQ(attempt.streams[1].sent, 40u);
  view.add_stored({id(3), id(1), id(2), "web1", {10, 40}});
  EXPECT_TRUE(view.find(id(3))->streams[0].behind());
  EXPECT_FALSE(view.find(id(3))->streams[1].behind());
}

TEST(Subscription, WantsOnlyTheStepAndHostItNames) {
  Subscribe request;
  request.step = id(1);
  request.host = id(2);
  const auto view = subscription(request);
  EXPECT_TRUE(view.wants(id(1), id(2)));
  EXPECT_FALSE(view.wants(id(9), id(2)));
  EXPECT_FALSE(view.wants(id(1), id(9)));
  request.output = false;
  EXPECT_FALSE(subscription(request).wants(id(1), id(2)));
}

}  // namespace
}  // namespace runbook::live
