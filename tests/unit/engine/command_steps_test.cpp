// Command steps beyond a plain run: repeats, what was lost before it began, hosts that are waited for,
// pauses.
#include <gtest/gtest.h>

#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::domain {
namespace {

using namespace std::chrono_literals;
using testing::command_step;
using testing::end_all;
using testing::execution_of;
using testing::plain_command;
using testing::Surroundings;

CommandConfig with_retries(int retries) {
  auto config = plain_command();
  config.retries = retries;
  return config;
}

std::size_t with_status(const StepState& step, AttemptStatus status) {
  return static_cast<std::size_t>(std::ranges::count(step.attempts, status, &AttemptState::status));
}

TEST(CommandStep, IsRepeatedOnTheHostsThatFailedOnly) {
  auto state = execution_of({command_step(0, with_retries(1)), command_step(1)});
  Surroundings around{.hosts = 3};
  around.advance(state);
  state.steps[0].attempts[1].status = AttemptStatus::kError;
  end_all(state.steps[0], AttemptStatus::kSuccess);
  const auto plan = around.advance(state);
  ASSERT_EQ(state.steps.size(), 3u);
  EXPECT_EQ(plan.changes.new_steps, std::vector<std::size_t>{2});
  EXPECT_EQ(plan.changes.new_attempts.size(), 1u);
  const auto& again = state.steps[2];
  EXPECT_EQ(state.steps[0].status, StepStatus::kError);
  EXPECT_EQ(again.attempt, 2);
  EXPECT_EQ(again.status, StepStatus::kRunning);
  EXPECT_EQ(again.frozen, state.steps[0].frozen);
  ASSERT_EQ(again.attempts.size(), 1u);
  EXPECT_EQ(again.attempts[0].agent, testing::agent_id(1));
  EXPECT_EQ(again.attempts[0].status, AttemptStatus::kDispatched);
  end_all(state.steps[2], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.steps[1].status, StepStatus::kRunning);
}

TEST(CommandStep, IsRepeatedAsOftenAsItsBlockSaysAndThenFails) {
  auto state = execution_of({command_step(0, with_retries(2))});
  const Surroundings around{.hosts = 1};
  for (int i = 0; i < 3; ++i) {
    around.advance(state);
    end_all(state.steps.back(), AttemptStatus::kError);
  }
  around.advance(state);
  EXPECT_EQ(state.steps.size(), 3u);
  EXPECT_EQ(state.status, ExecutionStatus::kFailed);
}

TEST(CommandStep, ThatIsUnknownOrStoppedIsNeverRepeated) {
  for (const bool stop : {false, true}) {
    auto state = execution_of({command_step(0, with_retries(2))});
    const Surroundings around{.hosts = 1};
    around.advance(state);
    if (stop) state.stop_requested_at = around.now;
    end_all(state.steps[0], stop ? AttemptStatus::kStopped : AttemptStatus::kUnknown);
    around.advance(state);
    EXPECT_EQ(state.steps.size(), 1u);
    EXPECT_TRUE(is_terminal(state.status));
  }
}

// The failed host made the step an error, and the repeat took the unknown host along.
TEST(CommandStep, ThatFailedOnOneHostIsNotRepeatedWhereAnotherIsUnknown) {
  auto state = execution_of({command_step(0, with_retries(2))});
  const Surroundings around{.hosts = 2};
  around.advance(state);
  end_all(state.steps[0], AttemptStatus::kError);
  state.steps[0].attempts[1].status = AttemptStatus::kUnknown;
  around.advance(state);
  EXPECT_EQ(state.steps.size(), 1u);
  EXPECT_EQ(state.steps[0].status, StepStatus::kError);
  EXPECT_EQ(state.status, ExecutionStatus::kFailed);
}

TEST(CommandStep, ThatCouldNotBePreparedIsNotRepeated) {
  auto state = execution_of({command_step(0, with_retries(2))});
  Surroundings around;
  around.prepared["step_0"].error = "1:3: no such parameter";
  around.advance(state);
  EXPECT_EQ(state.steps.size(), 1u);
  EXPECT_EQ(state.steps[0].status, StepStatus::kError);
  EXPECT_EQ(state.steps[0].reason, "1:3: no such parameter");
}

TEST(CommandStep, ARepeatMayFailOnTheShareOfAllTheBlocksHosts) {
  auto config = with_retries(1);
  config.max_failures = {20, true};
  auto state = execution_of({command_step(0, config)});
  const Surroundings around{.hosts = 10};
  around.advance(state);
  for (std::size_t i = 0; i < 3; ++i) state.steps[0].attempts[i].status = AttemptStatus::kError;
  end_all(state.steps[0], AttemptStatus::kSuccess);
  around.advance(state);
  ASSERT_EQ(state.steps.size(), 2u);
  EXPECT_EQ(state.steps[1].attempts.size(), 3u);
  state.steps[1].attempts[0].status = AttemptStatus::kError;
  state.steps[1].attempts[1].status = AttemptStatus::kError;
  end_all(state.steps[1], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.steps[1].status, StepStatus::kSuccess) << "2 of 10 may fail";
}

TEST(CommandStep, WhatWasLostBeforeItBeganIsDispatchedAgain) {
  auto state = execution_of({command_step(0)});
  const Surroundings around{.hosts = 2};
  around.advance(state);
  state.steps[0].attempts[0].status = AttemptStatus::kNotStarted;
  state.steps[0].attempts[0].lost = true;
  const auto plan = around.advance(state);
  ASSERT_EQ(state.steps[0].attempts.size(), 3u);
  const auto& again = state.steps[0].attempts[2];
  EXPECT_EQ(again.number, 2);
  EXPECT_EQ(again.host_index, 0);
  EXPECT_EQ(again.status, AttemptStatus::kDispatched);
  EXPECT_EQ(plan.changes.new_attempts.size(), 1u);
  EXPECT_EQ(current_attempts(state.steps[0]), (std::vector<std::size_t>{2, 1}));
  end_all(state.steps[0], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kCompleted);
}

TEST(CommandStep, WhatIsLostAgainAndAgainIsGivenUp) {
  auto state = execution_of({command_step(0)});
  const Surroundings around{.hosts = 1};
  around.advance(state);
  for (int i = 0; i < 20 && !is_terminal(state.status); ++i) {
    state.steps[0].attempts.back().status = AttemptStatus::kNotStarted;
    state.steps[0].attempts.back().lost = true;
    around.advance(state);
  }
  EXPECT_EQ(state.steps[0].attempts.size(), 1u + kRedispatches);
  EXPECT_EQ(state.status, ExecutionStatus::kFailed);
}

TEST(CommandStep, WhatItsHostRefusedIsNotDispatchedAgain) {
  auto state = execution_of({command_step(0)});
  const Surroundings around{.hosts = 1};
  around.advance(state);
  state.steps[0].attempts[0].status = AttemptStatus::kNotStarted;
  around.advance(state);
  EXPECT_EQ(state.steps[0].attempts.size(), 1u);
  EXPECT_EQ(state.status, ExecutionStatus::kFailed);
}

TEST(CommandStep, WaitsForOfflineHostsAsLongAsItsTimeLasts) {
  auto config = plain_command();
  config.wait_for_offline = true;
  config.timeout = 300s;
  auto state = execution_of({command_step(0, config)});
  Surroundings around{.hosts = 1};
  around.offline[testing::agent_id(0)] = true;
  EXPECT_EQ(around.advance(state).wake_at, around.now + 300s);
  around.now += 299s;
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kRunning);
  around.now += 1s;
  around.advance(state);
  EXPECT_EQ(state.steps[0].attempts[0].status, AttemptStatus::kNotStarted);
  EXPECT_EQ(state.steps[0].status, StepStatus::kError);
}

TEST(CommandStep, DispatchesNothingWhilePausedAndGoesOnAfterwards) {
  auto config = plain_command();
  config.max_parallel = {1, false};
  auto state = execution_of({command_step(0, config), command_step(1)});
  Surroundings around{.hosts = 2};
  around.advance(state);
  state.status = ExecutionStatus::kPaused;
  end_all(state.steps[0], AttemptStatus::kSuccess);
  around.now += 1h;
  EXPECT_FALSE(around.advance(state).changes.any());
  EXPECT_EQ(with_status(state.steps[0], AttemptStatus::kQueued), 1u);
  state.status = ExecutionStatus::kRunning;
  around.advance(state);
  EXPECT_EQ(with_status(state.steps[0], AttemptStatus::kDispatched), 1u);
}

TEST(CommandStep, AnExecutionOfWhichNothingIsLeftEndsEvenWhilePaused) {
  auto state = execution_of({command_step(0)});
  const Surroundings around;
  around.advance(state);
  state.status = ExecutionStatus::kPaused;
  end_all(state.steps[0], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kCompleted);
}

TEST(CommandStep, APausedExecutionStaysPausedWhileItsCommandsEnd) {
  auto state = execution_of({command_step(0), command_step(1)});
  const Surroundings around;
  around.advance(state);
  state.status = ExecutionStatus::kPaused;
  end_all(state.steps[0], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kSuccess);
  EXPECT_EQ(state.steps[1].status, StepStatus::kPending);
  EXPECT_EQ(state.status, ExecutionStatus::kPaused);
}

TEST(CommandStep, WhoseWhenIsFalseIsSkipped) {
  auto state = execution_of({command_step(0), command_step(1)});
  Surroundings around;
  around.prepared["step_0"].applies = false;
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kSkipped);
  EXPECT_EQ(state.steps[0].skip_cause, SkipCause::kWhen);
  EXPECT_EQ(state.steps[1].status, StepStatus::kRunning);
}

}  // namespace
}  // namespace runbook::domain
