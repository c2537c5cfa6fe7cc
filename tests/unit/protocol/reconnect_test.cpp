#include "protocol/transport/reconnect.hpp"

#include <gtest/gtest.h>

#include "protocol/messages/limits.hpp"

namespace runbook::transport {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, TheCeilingDoublesUpToItsCap) {
  Backoff backoff([] { return 0.999999; });
  for (const auto ceiling : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms, 30000ms, 30000ms}) {
    const auto delay = backoff.next();
    EXPECT_LE(delay, ceiling);
    EXPECT_GE(delay, ceiling - 1ms);
  }
}

TEST(Backoff, JitterReachesDownToNothing) {
  Backoff backoff([] { return 0.0; });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(backoff.next(), 0ms);
}

TEST(Backoff, ResetBeginsAgain) {
  Backoff backoff([] { return 0.5; });
  for (int i = 0; i < 5; ++i) backoff.next();
  backoff.reset();
  EXPECT_EQ(backoff.next(), limits::kReconnectFirst / 2);
}

TEST(Backoff, NoNumberOfAttemptsGoesOverTheCap) {
  Backoff backoff([] { return 0.999999; });
  for (int i = 0; i < 10'000; ++i) EXPECT_LE(backoff.next(), limits::kReconnectMax);
}

}  // namespace
}  // namespace runbook::transport
