#include "controller/domain/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace runbook::domain {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{std::chrono::seconds{1'700'000'000}};

CircuitBreaker open_at(Time now) {
  CircuitBreaker breaker;
  for (int i = 0; i < kCircuitFailures; ++i) {
    breaker.ended(*breaker.admit(now).ticket, CircuitEvent::kFailure, now);
  }
  return breaker;
}

TEST(CircuitBreaker, OpensAfterFiveFailuresInARow) {
  CircuitBreaker breaker;
  for (int i = 1; i < kCircuitFailures; ++i) {
    EXPECT_FALSE(breaker.ended(*breaker.admit(kStart).ticket, CircuitEvent::kFailure, kStart));
    EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  }
  EXPECT_TRUE(breaker.ended(*breaker.admit(kStart).ticket, CircuitEvent::kFailure, kStart));
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
  EXPECT_EQ(breaker.open_since(), kStart);
  const auto refused = breaker.admit(kStart + 1s);
  EXPECT_FALSE(refused.ticket);
  EXPECT_EQ(refused.next_probe_at, kStart + kCircuitRest);
}

TEST(CircuitBreaker, StartsToCountAgainAfterASuccess) {
  CircuitBreaker breaker;
  for (int round = 0; round < 10; ++round) {
    for (int i = 1; i < kCircuitFailures; ++i) {
      breaker.ended(*breaker.admit(kStart).ticket, CircuitEvent::kFailure, kStart);
    }
    EXPECT_FALSE(breaker.ended(*breaker.admit(kStart).ticket, CircuitEvent::kSuccess, kStart));
    EXPECT_EQ(breaker.failures(), 0);
  }
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
}

TEST(CircuitBreaker, CountsNothingForARequestThatWasGivenUp) {
  CircuitBreaker breaker;
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(breaker.ended(*breaker.admit(kStart).ticket, CircuitEvent::kReleased, kStart));
  }
  EXPECT_EQ(breaker.failures(), 0);
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
}

TEST(CircuitBreaker, LetsOneProbeThroughAfterItsRest) {
  auto breaker = open_at(kStart);
  EXPECT_FALSE(breaker.admit(kStart + kCircuitRest - 1us).ticket);
  EXPECT_TRUE(breaker.admit(kStart + kCircuitRest).ticket);
  EXPECT_EQ(breaker.state(), CircuitState::kHalfOpen);
  const auto second = breaker.admit(kStart + kCircuitRest);
  EXPECT_FALSE(second.ticket);
  EXPECT_GT(second.next_probe_at, kStart + kCircuitRest);
}

TEST(CircuitBreaker, ClosesWhenItsProbeSucceeds) {
  auto breaker = open_at(kStart);
  const auto probe = breaker.admit(kStart + kCircuitRest);
  EXPECT_TRUE(breaker.ended(*probe.ticket, CircuitEvent::kSuccess, kStart + kCircuitRest + 1s));
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker.failures(), 0);
  EXPECT_TRUE(breaker.admit(kStart + kCircuitRest + 1s).ticket);
}

TEST(CircuitBreaker, RestsAgainWhenItsProbeFails) {
  auto breaker = open_at(kStart);
  const auto probe = breaker.admit(kStart + kCircuitRest);
  const Time failed = kStart + kCircuitRest + 2s;
  EXPECT_TRUE(breaker.ended(*probe.ticket, CircuitEvent::kFailure, failed));
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
  EXPECT_EQ(breaker.open_since(), kStart);
  EXPECT_EQ(breaker.failures(), kCircuitFailures + 1);
  EXPECT_EQ(breaker.admit(failed + 1s).next_probe_at, failed + kCircuitRest);
}

TEST(CircuitBreaker, AProbeThatIsGivenUpFreesItsPlace) {
  auto breaker = open_at(kStart);
  const auto probe = breaker.admit(kStart + kCircuitRest);
  EXPECT_TRUE(breaker.ended(*probe.ticket, CircuitEvent::kReleased, kStart + kCircuitRest));
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
  EXPECT_TRUE(breaker.admit(kStart + kCircuitRest).ticket);
}

TEST(CircuitBreaker, HearsOnlyTheProbeOnceItWasOpen) {
  CircuitBreaker breaker;
  const auto early = *breaker.admit(kStart).ticket;
  breaker = open_at(kStart);
  EXPECT_FALSE(breaker.ended(early, CircuitEvent::kSuccess, kStart));
  const auto probe = *breaker.admit(kStart + kCircuitRest).ticket;
  EXPECT_FALSE(breaker.ended(early, CircuitEvent::kSuccess, kStart + kCircuitRest));
  EXPECT_EQ(breaker.state(), CircuitState::kHalfOpen);
  EXPECT_TRUE(breaker.ended(probe, CircuitEvent::kSuccess, kStart + kCircuitRest));
  EXPECT_FALSE(breaker.ended(early, CircuitEvent::kFailure, kStart + kCircuitRest));
  EXPECT_EQ(breaker.failures(), 0);
}

TEST(CircuitBreaker, AClockThatIsSetBackDoesNotKeepItOpen) {
  auto breaker = open_at(kStart);
  const Time back = kStart - 24h;
  EXPECT_EQ(breaker.admit(back).next_probe_at, back + kCircuitRest);
  EXPECT_TRUE(breaker.admit(back + kCircuitRest).ticket);
}

// Random requests against what the rules say, kept in the plainest way.
TEST(CircuitBreaker, KeepsItsRulesInRandomRuns) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    CircuitBreaker breaker;
    std::vector<CircuitBreaker::Ticket> under_way;
    Time now = kStart;
    Time opened{};
    for (int step = 0; step < 200; ++step) {
      now += std::chrono::milliseconds(random() % 4000);
      const auto before = breaker.state();
      if (random() % 2 == 0) {
        const auto admission = breaker.admit(now);
        ASSERT_NE(admission.ticket.has_value(), admission.next_probe_at.has_value()) << seed;
        if (before == CircuitState::kClosed) ASSERT_TRUE(admission.ticket) << seed;
        if (before == CircuitState::kHalfOpen) ASSERT_FALSE(admission.ticket) << seed;
        if (admission.next_probe_at) ASSERT_GT(*admission.next_probe_at, now) << seed;
        if (before == CircuitState::kOpen && now - opened < kCircuitRest &&
            breaker.failures() >= kCircuitFailures) {
          ASSERT_FALSE(admission.ticket) << seed;
        }
        if (admission.ticket) under_way.push_back(*admission.ticket);
      } else if (!under_way.empty()) {
        const auto place = under_way.begin() + static_cast<std::ptrdiff_t>(random() % under_way.size());
        const auto event = static_cast<CircuitEvent>(random() % 3);
        const bool changed = breaker.ended(*place, event, now);
        under_way.erase(place);
        ASSERT_EQ(changed, before != breaker.state()) << seed;
        if (changed && event == CircuitEvent::kFailure) opened = now;
        ASSERT_FALSE(before == CircuitState::kOpen && changed) << seed;
        if (breaker.state() == CircuitState::kClosed) ASSERT_LT(breaker.failures(), kCircuitFailures) << seed;
      }
    }
  }
}

TEST(CircuitBreakers, KeepHostsApart) {
  CircuitBreakers breakers;
  for (int i = 0; i < kCircuitFailures; ++i) {
    const auto admission = breakers.admit("bad:80", kStart);
    const auto state = breakers.ended("bad:80", *admission.ticket, CircuitEvent::kFailure, kStart);
    EXPECT_EQ(state.has_value(), i + 1 == kCircuitFailures);
  }
  EXPECT_FALSE(breakers.admit("bad:80", kStart).ticket);
  EXPECT_TRUE(breakers.admit("bad:81", kStart).ticket);
  EXPECT_EQ(breakers.states(), (std::map<std::string, CircuitState>{{"bad:80", CircuitState::kOpen}}));
}

TEST(CircuitBreakers, ForgetHostsThatNeverOpenedWhenTheySucceed) {
  CircuitBreakers breakers;
  const auto ticket = *breakers.admit("a:80", kStart).ticket;
  breakers.ended("a:80", ticket, CircuitEvent::kSuccess, kStart);
  EXPECT_EQ(breakers.size(), 0U);
  breakers.ended("a:80", ticket, CircuitEvent::kFailure, kStart);
  EXPECT_EQ(breakers.size(), 1U);
  breakers.ended("a:80", ticket, CircuitEvent::kSuccess, kStart);
  EXPECT_EQ(breakers.size(), 0U);
}

TEST(CircuitBreakers, KeepABoundedNumberAndTheOpenOnesLongest) {
  CircuitBreakers breakers;
  for (int i = 0; i < kCircuitFailures; ++i) {
    breakers.ended("open:80", *breakers.admit("open:80", kStart).ticket, CircuitEvent::kFailure, kStart);
  }
  for (std::size_t i = 0; i < 2 * CircuitBreakers::kCircuitHosts; ++i) {
    const Time now = kStart + std::chrono::milliseconds(i);
    const auto host = "host" + std::to_string(i) + ":80";
    breakers.ended(host, *breakers.admit(host, now).ticket, CircuitEvent::kFailure, now);
  }
  EXPECT_EQ(breakers.size(), CircuitBreakers::kCircuitHosts);
  EXPECT_NE(breakers.find("open:80"), nullptr);
  EXPECT_EQ(breakers.find("host0:80"), nullptr);
}

}  // namespace
}  // namespace runbook::domain
