#include "controller/engine/hello_compare.hpp"

#include <gtest/gtest.h>

#include "controller/engine/run_command.hpp"
#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::engine {
namespace {

using testing::agent_id;
using testing::numbered;
using testing::process_of;

const Time kNow{std::chrono::hours{24}};

store::StoredAttempt stored(std::uint32_t number, AttemptStatus status) {
  store::StoredAttempt attempt;
  attempt.id = numbered(0x7, number);
  attempt.agent = agent_id(1);
  attempt.status = status;
  attempt.incarnation = process_of(agent_id(1));
  attempt.dispatched_at = kNow - std::chrono::seconds{5};
  return attempt;
}

Hello hello(std::vector<std::uint32_t> numbers) {
  Hello message;
  message.incarnation = process_of(agent_id(1));
  for (const auto number : numbers) message.attempts.push_back({.attempt = numbered(0x7, number)});
  return message;
}

TEST(HelloCompare, KnownToBothGoesOn) {
  const auto decision =
      compare_hello(agent_id(1), hello({1, 2, 3}),
                    {stored(1, AttemptStatus::kDispatched), stored(2, AttemptStatus::kRunning),
                     stored(3, AttemptStatus::kUnknown)},
                    kNow);
  EXPECT_EQ(decision.resume, (std::vector{numbered(0x7, 1), numbered(0x7, 2), numbered(0x7, 3)}));
  EXPECT_TRUE(decision.close.empty());
  EXPECT_TRUE(decision.concluded.empty());
}

TEST(HelloCompare, WhatWasStoppedAndStillRunsIsToBeStoppedAgain) {
  auto given_up = stored(1, AttemptStatus::kUnknown);
  auto running = stored(2, AttemptStatus::kRunning);
  auto finished = stored(3, AttemptStatus::kRunning);
  for (auto* attempt : {&given_up, &running, &finished}) attempt->stop_requested = true;
  auto message = hello({1, 2, 3, 4});
  message.attempts[2].finished = true;
  const auto decision = compare_hello(
      agent_id(1), message, {given_up, running, finished, stored(4, AttemptStatus::kRunning)}, kNow);
  EXPECT_EQ(decision.stop, (std::vector{numbered(0x7, 1), numbered(0x7, 2)}));
  EXPECT_EQ(decision.resume.size(), 4u);
}

TEST(HelloCompare, SettledAndUnheardOfMayBeForgotten) {
  const auto decision = compare_hello(agent_id(1), hello({1, 2}), {stored(1, AttemptStatus::kSuccess)}, kNow);
  EXPECT_EQ(decision.close, (std::vector{numbered(0x7, 1), numbered(0x7, 2)}));
}

TEST(HelloCompare, AnotherAgentsAttemptIsHostile) {
  auto other = stored(1, AttemptStatus::kRunning);
  other.agent = agent_id(2);
  EXPECT_TRUE(compare_hello(agent_id(1), hello({1}), {other}, kNow).foreign);
}

TEST(HelloCompare, AnAttemptThatWasNeverSentCannotBeKnown) {
  EXPECT_TRUE(compare_hello(agent_id(1), hello({1}), {stored(1, AttemptStatus::kQueued)}, kNow).foreign);
}

TEST(HelloCompare, ARunThatGotLostIsSentAgain) {
  const auto decision = compare_hello(agent_id(1), hello({}), {stored(1, AttemptStatus::kDispatched)}, kNow);
  EXPECT_EQ(decision.resend, std::vector{numbered(0x7, 1)});
  EXPECT_TRUE(decision.concluded.empty());
}

TEST(HelloCompare, ARunThatGotLostIsNotSentAfterAStop) {
  auto attempt = stored(1, AttemptStatus::kDispatched);
  attempt.stop_requested = true;
  const auto decision = compare_hello(agent_id(1), hello({}), {attempt}, kNow);
  EXPECT_TRUE(decision.resend.empty());
  ASSERT_EQ(decision.concluded.size(), 1u);
  EXPECT_EQ(decision.concluded[0].second.event, AttemptEvent::kNotStarted);
  EXPECT_FALSE(decision.concluded[0].second.lost);
}

TEST(HelloCompare, ARunThatGotLostLongAgoIsNotSent) {
  auto attempt = stored(1, AttemptStatus::kDispatched);
  attempt.dispatched_at = kNow - kDispatchLife;
  const auto decision = compare_hello(agent_id(1), hello({}), {attempt}, kNow);
  EXPECT_TRUE(decision.resend.empty());
  ASSERT_EQ(decision.concluded.size(), 1u);
  EXPECT_EQ(decision.concluded[0].second.event, AttemptEvent::kNotStarted);
  EXPECT_TRUE(decision.concluded[0].second.lost);  // may be sent again
}

TEST(HelloCompare, WhatAnEarlierProcessRanIsUnknown) {
  auto message = hello({});
  message.incarnation = numbered(0x1, 99);
  const auto decision =
      compare_hello(agent_id(1), message,
                    {stored(1, AttemptStatus::kDispatched), stored(2, AttemptStatus::kRunning)}, kNow);
  ASSERT_EQ(decision.concluded.size(), 2u);
  for (const auto& [id, news] : decision.concluded) {
    EXPECT_EQ(news.event, AttemptEvent::kLost);
    EXPECT_EQ(news.reason, "agent restarted");
  }
}

TEST(HelloCompare, ARunningCommandTheSameProcessForgotIsUnknown) {
  const auto decision = compare_hello(agent_id(1), hello({}), {stored(1, AttemptStatus::kRunning)}, kNow);
  ASSERT_EQ(decision.concluded.size(), 1u);
  EXPECT_EQ(decision.concluded[0].second.event, AttemptEvent::kLost);
}

TEST(HelloCompare, AnAttemptNamedTwiceCountsOnce) {
  const auto decision = compare_hello(agent_id(1), hello({1, 1}), {stored(1, AttemptStatus::kRunning)}, kNow);
  EXPECT_EQ(decision.resume.size(), 1u);
}

}  // namespace
}  // namespace runbook::engine
