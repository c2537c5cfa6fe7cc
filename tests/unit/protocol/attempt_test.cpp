#include "protocol/messages/attempt.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

namespace runbook {
namespace {

using S = AttemptStatus;
using E = AttemptEvent;

constexpr std::array kStatuses = {S::kQueued,   S::kDispatched, S::kRunning,    S::kSuccess, S::kError,
                                  S::kTimedOut, S::kStopped,    S::kNotStarted, S::kUnknown};
constexpr std::array kEvents = {E::kDispatched, E::kStarted, E::kSucceeded,  E::kFailed,
                                E::kTimedOut,   E::kStopped, E::kNotStarted, E::kLost};

// One row a status, one column an event, in the order of the two arrays; "-" is refused.
constexpr std::array<std::array<std::string_view, kEvents.size()>, kStatuses.size()> kTable = {{
    {"dispatched", "-", "-", "-", "-", "-", "not_started", "-"},
    {"-", "running", "success", "error", "timed_out", "stopped", "not_started", "unknown"},
    {"-", "-", "success", "error", "timed_out", "stopped", "-", "unknown"},
    {"-", "-", "-", "-", "-", "-", "-", "-"},
    {"-", "-", "-", "-", "-", "-", "-", "-"},
    {"-", "-", "-", "-", "-", "-", "-", "-"},
    {"-", "-", "-", "-", "-", "-", "-", "-"},
    {"-", "-", "-", "-", "-", "-", "-", "-"},
    {"-", "-", "success", "error", "timed_out", "stopped", "-", "-"},
}};

TEST(Attempt, EveryEventInEveryStatusIsDecided) {
  for (std::size_t row = 0; row < kStatuses.size(); ++row) {
    for (std::size_t column = 0; column < kEvents.size(); ++column) {
      const auto after = next(kStatuses[row], kEvents[column]);
      EXPECT_EQ(after ? to_string(*after) : "-", kTable[row][column])
          << to_string(kStatuses[row]) << " and event " << column;
    }
  }
}

TEST(Attempt, WordsGoBothWays) {
  for (const S status : kStatuses) EXPECT_EQ(attempt_status(to_string(status)), status);
  EXPECT_FALSE(attempt_status("unreachable"));
  EXPECT_FALSE(attempt_status(""));
}

TEST(Attempt, TerminalStatusesAreThoseWithAResult) {
  for (const S status : {S::kQueued, S::kDispatched, S::kRunning}) EXPECT_FALSE(is_terminal(status));
  for (const S status : {S::kSuccess, S::kError, S::kTimedOut, S::kStopped, S::kNotStarted, S::kUnknown}) {
    EXPECT_TRUE(is_terminal(status));
  }
}

TEST(Attempt, ALateResultResolvesUnknownOnceOnly) {
  const auto resolved = next(S::kUnknown, E::kSucceeded);
  ASSERT_EQ(resolved, S::kSuccess);
  EXPECT_FALSE(next(*resolved, E::kFailed));
}

}  // namespace
}  // namespace runbook
