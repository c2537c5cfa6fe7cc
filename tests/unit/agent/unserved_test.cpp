// Commands that may run only so long without a controller, by a clock the test sets.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <variant>

#include "agent/connection/attempts.hpp"
#include "tests/unit/agent/fake_runner.hpp"

namespace runbook::connection {
namespace {

using runner::FakeRunner;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

constexpr Time kNow{std::chrono::hours(500'000)};

class Unserved : public testing::Test {
 protected:
  static Uuid id(int number) {
    Uuid uuid;
    uuid.bytes[15] = static_cast<std::uint8_t>(number);
    return uuid;
  }
  void start(int number, std::optional<std::chrono::seconds> stop_after) {
    RunCommand run;
    run.attempt = id(number);
    run.stop_grace = 10s;
    run.expires_at = kNow + 30s;
    run.stop_after = stop_after;
    attempts_.handle(run);
    runner_.of(id(number)).events->started(1, kNow);
  }
  std::size_t stops(int number) { return runner_.of(id(number)).stops.size(); }

  // What the agent tells of the attempt when the controller is there again.
  Finished told(int number) {
    Welcome welcome;
    welcome.resume.push_back({id(number), 0, 0});
    attempts_.welcomed(welcome);
    while (const auto message = attempts_.next()) {
      if (message->binary) continue;
      const auto decoded = decode_agent_message(message->data).value();
      if (const auto* finished = std::get_if<Finished>(&decoded)) return *finished;
    }
    ADD_FAILURE() << "nothing was told";
    return {};
  }
  void end_by_stop(int number) {
    runner::Ending ending;
    ending.cause = EndCause::kStop;
    runner_.end(id(number), ending);
  }

  FakeRunner runner_;
  BootTime boot_ = 1000s;
  Attempts attempts_{runner_, {}, {[] { return kNow; }, [this] { return boot_; }}, runner::allow_all, [] {}};
};

TEST_F(Unserved, NothingIsDueWhileTheControllerIsThere) {
  attempts_.welcomed({});
  start(1, 30s);
  boot_ += 3600s;
  EXPECT_EQ(attempts_.stop_unserved(), std::nullopt);
  EXPECT_EQ(stops(1), 0U);
}

TEST_F(Unserved, IsStoppedWithItsGraceOnceItsTimeIsOver) {
  attempts_.welcomed({});
  start(1, 30s);
  attempts_.disconnected();
  boot_ += 29s;
  EXPECT_EQ(attempts_.stop_unserved(), BootTime(1s));
  EXPECT_EQ(stops(1), 0U);
  boot_ += 1s;
  EXPECT_EQ(attempts_.stop_unserved(), std::nullopt);
  EXPECT_EQ(runner_.of(id(1)).stops, std::vector<std::chrono::milliseconds>{10s});
  boot_ += 1s;
  attempts_.stop_unserved();
  EXPECT_EQ(stops(1), 1U);  // a stop that goes on is not hurried
}

TEST_F(Unserved, SaysWhyItWasStopped) {
  attempts_.welcomed({});
  start(1, 30s);
  attempts_.disconnected();
  boot_ += 30s;
  attempts_.stop_unserved();
  end_by_stop(1);
  const Finished finished = told(1);
  EXPECT_EQ(finished.cause, EndCause::kStop);
  EXPECT_EQ(finished.reason, "stopped by the agent: no controller for 30 s");
}

TEST_F(Unserved, ThatEndedByItselfFirstNeedsNoReason) {
  attempts_.welcomed({});
  start(1, 30s);
  attempts_.disconnected();
  boot_ += 30s;
  attempts_.stop_unserved();
  runner_.end(id(1), 0);
  EXPECT_EQ(told(1).reason, "");
}

// The link is found dead only after a silence, which counts.
TEST_F(Unserved, TimeBeginsWhenTheControllerWasLastHeard) {
  attempts_.welcomed({});
  start(1, 30s);
  attempts_.disconnected(15s);
  EXPECT_EQ(attempts_.stop_unserved(), BootTime(15s));
}

TEST_F(Unserved, TimeIsNotBegunAnewByAConnectionThatIsNotWelcomed) {
  attempts_.welcomed({});
  start(1, 30s);
  attempts_.disconnected();
  boot_ += 20s;
  attempts_.disconnected();
  boot_ += 10s;
  attempts_.stop_unserved();
  EXPECT_EQ(stops(1), 1U);
}

TEST_F(Unserved, TimeIsForgottenWhenTheControllerComesBack) {
  attempts_.welcomed({});
  start(1, 30s);
  attempts_.disconnected();
  boot_ += 29s;
  attempts_.welcomed({});
  boot_ += 29s;
  attempts_.disconnected();
  EXPECT_EQ(attempts_.stop_unserved(), BootTime(30s));
}

TEST_F(Unserved, ThatMayGoOnGoesOn) {
  attempts_.welcomed({});
  start(1, std::nullopt);
  attempts_.disconnected();
  boot_ += std::chrono::hours(24);
  EXPECT_EQ(attempts_.stop_unserved(), std::nullopt);
  EXPECT_EQ(stops(1), 0U);
}

// Links that come and go at random against a model: each command is stopped at the first look at which the
// controller was away for its time, and never otherwise.
TEST_F(Unserved, AreStoppedNeitherTooEarlyNorTooLateHoweverTheLinkComesAndGoes) {
  std::mt19937 random(1);
  const auto below = [&random](int bound) {
    return std::uniform_int_distribution<int>(0, bound - 1)(random);
  };
  attempts_.welcomed({});
  int next = 0;
  for (int round = 0; round < 200; ++round) {
    const int number = ++next;
    const std::chrono::seconds limit(1 + below(20));
    start(number, limit);
    std::optional<BootTime> away_since;
    for (int look = 0; look < 200 && stops(number) == 0; ++look) {
      if (below(4) == 0 && away_since) {
        attempts_.welcomed({});
        away_since.reset();
      } else if (below(2) == 0 && !away_since) {
        const auto silent = std::chrono::milliseconds(below(3000));
        attempts_.disconnected(silent);
        away_since = boot_ - silent;
      }
      boot_ += std::chrono::milliseconds(below(4000));
      const auto left = attempts_.stop_unserved();
      const bool over = away_since && boot_ - *away_since >= limit;
      EXPECT_EQ(stops(number) > 0, over);
      if (away_since && !over) {
        EXPECT_EQ(left, limit - (boot_ - *away_since));
      }
    }
    if (away_since) attempts_.welcomed({});
    end_by_stop(number);
    attempts_.handle(Close{id(number)});
  }
}

}  // namespace
}  // namespace runbook::connection
