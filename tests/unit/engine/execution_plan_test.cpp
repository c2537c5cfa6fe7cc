#include "controller/domain/execution/execution_plan.hpp"

#include <gtest/gtest.h>

#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::domain {
namespace {

using namespace std::chrono_literals;
using testing::command_step;
using testing::end_all;
using testing::execution_of;
using testing::instruction_step;
using testing::Surroundings;

std::size_t with_status(const StepState& step, AttemptStatus status) {
  return static_cast<std::size_t>(std::ranges::count(step.attempts, status, &AttemptState::status));
}

CommandConfig rollout(int max_parallel, int max_failures) {
  auto config = testing::plain_command();
  config.max_parallel = {max_parallel, false};
  config.max_failures = {max_failures, false};
  return config;
}

TEST(ExecutionPlan, StartsTheFirstStepOnAllItsHostsAtOnce) {
  auto state = execution_of({command_step(0), command_step(1)});
  const Surroundings around{.hosts = 3};
  const auto plan = around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kRunning);
  EXPECT_EQ(plan.changes.execution_was, ExecutionStatus::kPending);
  EXPECT_EQ(state.steps[0].status, StepStatus::kRunning);
  EXPECT_EQ(state.steps[1].status, StepStatus::kPending);
  EXPECT_EQ(with_status(state.steps[0], AttemptStatus::kDispatched), 3u);
  EXPECT_EQ(plan.changes.new_attempts.size(), 3u);
  EXPECT_TRUE(plan.changes.attempts_were.empty());
  EXPECT_EQ(dispatched_by(state, plan.changes).size(), 3u);
  EXPECT_EQ(state.steps[0].attempts[1].incarnation, testing::process_of(testing::agent_id(1)));
}

TEST(ExecutionPlan, ChangesNothingWhileCommandsRun) {
  auto state = execution_of({command_step(0)});
  const Surroundings around;
  around.advance(state);
  const auto plan = around.advance(state);
  EXPECT_FALSE(plan.changes.any());
  EXPECT_TRUE(plan.wake_at.has_value());
}

TEST(ExecutionPlan, GoesOnToTheNextStepAndCompletes) {
  auto state = execution_of({command_step(0), command_step(1)});
  const Surroundings around;
  around.advance(state);
  end_all(state.steps[0], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kSuccess);
  EXPECT_EQ(state.steps[0].exit_code, 0);
  EXPECT_EQ(state.steps[1].status, StepStatus::kRunning);
  end_all(state.steps[1], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kCompleted);
  EXPECT_EQ(state.end_time, around.now);
}

TEST(ExecutionPlan, AFailedStepSkipsTheRest) {
  auto state = execution_of({command_step(0), command_step(1), command_step(2)});
  const Surroundings around;
  around.advance(state);
  end_all(state.steps[0], AttemptStatus::kError);
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kError);
  EXPECT_EQ(state.steps[0].exit_code, 3);
  EXPECT_EQ(state.steps[1].status, StepStatus::kSkipped);
  EXPECT_EQ(state.steps[2].status, StepStatus::kSkipped);
  EXPECT_EQ(state.status, ExecutionStatus::kFailed);
}

TEST(ExecutionPlan, AFailedStepThatMayFailIsPassed) {
  auto state = execution_of({command_step(0), command_step(1)});
  state.steps[0].block.continue_on_failure = true;
  const Surroundings around;
  around.advance(state);
  end_all(state.steps[0], AttemptStatus::kError);
  around.advance(state);
  end_all(state.steps[1], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kError);
  EXPECT_EQ(state.status, ExecutionStatus::kCompleted);
}

TEST(ExecutionPlan, AnUnknownStepFailsTheExecutionAlsoWhenItMayFail) {
  auto state = execution_of({command_step(0), command_step(1)});
  state.steps[0].block.continue_on_failure = true;
  const Surroundings around;
  around.advance(state);
  end_all(state.steps[0], AttemptStatus::kUnknown);
  around.advance(state);
  end_all(state.steps[1], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kUnknown);
  EXPECT_EQ(state.steps[1].status, StepStatus::kSuccess);
  EXPECT_EQ(state.status, ExecutionStatus::kFailed);
}

TEST(ExecutionPlan, WaitsForAnInstructionToBeTickedOff) {
  auto state = execution_of({instruction_step(0, true), instruction_step(1, false)});
  const Surroundings around;
  around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kAwaitingInput);
  EXPECT_EQ(state.steps[0].status, StepStatus::kAwaitingInput);
  EXPECT_FALSE(around.advance(state).changes.any());
  state.steps[0].status = StepStatus::kSuccess;
  around.advance(state);
  EXPECT_EQ(state.steps[1].status, StepStatus::kSuccess);
  EXPECT_EQ(state.status, ExecutionStatus::kCompleted);
}

TEST(ExecutionPlan, GoesOnRunningAfterAnInstruction) {
  auto state = execution_of({instruction_step(0, true), command_step(1)});
  const Surroundings around;
  around.advance(state);
  state.steps[0].status = StepStatus::kSuccess;
  around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kRunning);
  EXPECT_EQ(state.steps[1].status, StepStatus::kRunning);
}

TEST(ExecutionPlan, AStepWithoutHostsFails) {
  auto state = execution_of({command_step(0)});
  const Surroundings around{.hosts = 0};
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kError);
  EXPECT_EQ(state.steps[0].reason, "no host matches the targets");
  EXPECT_EQ(state.status, ExecutionStatus::kFailed);
}

TEST(ExecutionPlan, RunsOnNoMoreHostsAtOnceThanAllowed) {
  auto state = execution_of({command_step(0, rollout(2, 0))});
  const Surroundings around{.hosts = 5};
  around.advance(state);
  EXPECT_EQ(with_status(state.steps[0], AttemptStatus::kDispatched), 2u);
  state.steps[0].attempts[0].status = AttemptStatus::kSuccess;
  around.advance(state);
  EXPECT_EQ(with_status(state.steps[0], AttemptStatus::kDispatched), 2u);
  EXPECT_EQ(with_status(state.steps[0], AttemptStatus::kQueued), 2u);
}

TEST(ExecutionPlan, APercentageOfHostsIsRoundedDownButNeverToNone) {
  auto config = testing::plain_command();
  config.max_parallel = {10, true};
  auto state = execution_of({command_step(0, config)});
  const Surroundings around{.hosts = 5};
  around.advance(state);
  EXPECT_EQ(with_status(state.steps[0], AttemptStatus::kDispatched), 1u);
  EXPECT_EQ(host_share({50, true}, 5), 2);
}

TEST(ExecutionPlan, StartsNoFurtherHostOnceTooManyFailed) {
  auto state = execution_of({command_step(0, rollout(1, 1))});
  const Surroundings around{.hosts = 5};
  around.advance(state);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(state.steps[0].attempts[i].status, AttemptStatus::kDispatched);
    state.steps[0].attempts[i].status = AttemptStatus::kError;
    around.advance(state);
  }
  EXPECT_EQ(with_status(state.steps[0], AttemptStatus::kNotStarted), 3u);
  EXPECT_EQ(state.steps[0].status, StepStatus::kError);
}

TEST(ExecutionPlan, AStepSucceedsWithAsManyFailedHostsAsAllowed) {
  auto state = execution_of({command_step(0, rollout(0, 1))});
  const Surroundings around{.hosts = 3};
  around.advance(state);
  state.steps[0].attempts[2].status = AttemptStatus::kTimedOut;
  end_all(state.steps[0], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kSuccess);
}

TEST(ExecutionPlan, WaitsAWhileForAnOfflineAgentAndRunsOnTheOthers) {
  auto state = execution_of({command_step(0)});
  Surroundings around;
  around.offline[testing::agent_id(0)] = true;
  auto plan = around.advance(state);
  EXPECT_EQ(state.steps[0].attempts[0].status, AttemptStatus::kQueued);
  EXPECT_EQ(state.steps[0].attempts[1].status, AttemptStatus::kDispatched);
  EXPECT_EQ(plan.wake_at, around.now + kAgentWait);
  around.now += kAgentWait - 1s;
  EXPECT_FALSE(around.advance(state).changes.any());
  around.now += 1s;
  around.advance(state);
  EXPECT_EQ(state.steps[0].attempts[0].status, AttemptStatus::kNotStarted);
  EXPECT_EQ(state.steps[0].attempts[0].reason, "agent offline");
  EXPECT_EQ(state.steps[0].status, StepStatus::kRunning);
}

TEST(ExecutionPlan, AnAgentThatComesInTimeGetsItsCommand) {
  auto state = execution_of({command_step(0)});
  Surroundings around;
  around.offline[testing::agent_id(0)] = true;
  around.advance(state);
  around.now += kAgentWait - 1s;
  around.offline.clear();
  around.advance(state);
  EXPECT_EQ(state.steps[0].attempts[0].status, AttemptStatus::kDispatched);
}

TEST(ExecutionPlan, StopEndsWhatDidNotBeginAndWaitsForTheRest) {
  auto state = execution_of({command_step(0, rollout(1, 0)), command_step(1)});
  Surroundings around;
  around.advance(state);
  state.stop_requested_at = around.now;
  const auto plan = around.advance(state);
  ASSERT_EQ(plan.stops.size(), 1u);
  EXPECT_EQ(plan.stops[0].attempt, 0u);
  EXPECT_EQ(state.steps[0].attempts[1].status, AttemptStatus::kNotStarted);
  EXPECT_EQ(state.status, ExecutionStatus::kRunning);
  end_all(state.steps[0], AttemptStatus::kStopped);
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kStopped);
  EXPECT_EQ(state.steps[1].status, StepStatus::kSkipped);
  EXPECT_EQ(state.status, ExecutionStatus::kStopped);
}

TEST(ExecutionPlan, AStopThatNobodyConfirmsIsGivenUp) {
  auto state = execution_of({command_step(0)});
  Surroundings around{.hosts = 1};
  around.advance(state);
  state.stop_requested_at = around.now;
  around.now += 10s + kStopGiveUp - 1s;
  EXPECT_FALSE(around.advance(state).changes.any());
  around.now += 1s;
  around.advance(state);
  EXPECT_EQ(state.steps[0].attempts[0].status, AttemptStatus::kUnknown);
  EXPECT_EQ(state.steps[0].status, StepStatus::kUnknown);
  EXPECT_EQ(state.status, ExecutionStatus::kStopped);
}

TEST(ExecutionPlan, StopBeforeTheStartStartsNothing) {
  auto state = execution_of({command_step(0)});
  state.stop_requested_at = Time{};
  const auto plan = Surroundings{}.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kStopped);
  EXPECT_EQ(state.steps[0].status, StepStatus::kSkipped);
  EXPECT_TRUE(plan.changes.new_attempts.empty());
}

TEST(ExecutionPlan, StopEndsAnInstructionThatWaits) {
  auto state = execution_of({instruction_step(0, true), command_step(1)});
  Surroundings around;
  around.advance(state);
  state.stop_requested_at = around.now;
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kStopped);
  EXPECT_EQ(state.status, ExecutionStatus::kStopped);
}

TEST(ExecutionPlan, AResultLongOverdueIsAskedForAndThenUnknown) {
  auto config = testing::plain_command();
  config.timeout = 60s;
  auto state = execution_of({command_step(0, config)});
  Surroundings around{.hosts = 1};
  around.advance(state);
  around.now += 60s + 10s + kResultMargin;
  const auto plan = around.advance(state);
  EXPECT_EQ(plan.stops.size(), 1u);
  EXPECT_FALSE(plan.changes.any());
  around.now += 10s + kStopGiveUp;
  around.advance(state);
  EXPECT_EQ(state.steps[0].attempts[0].status, AttemptStatus::kUnknown);
  EXPECT_EQ(state.status, ExecutionStatus::kFailed);
}

TEST(ExecutionPlan, AResultOverdueOfAnAgentThatIsGoneIsUnknownAtOnce) {
  auto config = testing::plain_command();
  config.timeout = 60s;
  auto state = execution_of({command_step(0, config)});
  Surroundings around{.hosts = 1};
  around.advance(state);
  around.offline[testing::agent_id(0)] = true;
  around.now += 60s + 10s + kResultMargin - 1s;
  EXPECT_FALSE(around.advance(state).changes.any());
  around.now += 1s;
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kUnknown);
}

TEST(ExecutionPlan, HostsAreOrderedAsPeopleCount) {
  std::vector<std::string> names = {"web10", "web2", "db1", "web02", "web", "2", "10", "web2a", ""};
  std::ranges::sort(names, host_before);
  const std::vector<std::string> expected = {"", "2", "10", "db1", "web", "web02", "web2", "web2a", "web10"};
  EXPECT_EQ(names, expected);
}

TEST(ExecutionPlan, StatusWordsComeBack) {
  for (int i = 0; i <= static_cast<int>(ExecutionStatus::kStopped); ++i) {
    const auto status = static_cast<ExecutionStatus>(i);
    EXPECT_EQ(execution_status(to_string(status)), status);
  }
  for (int i = 0; i <= static_cast<int>(StepStatus::kUnknown); ++i) {
    const auto status = static_cast<StepStatus>(i);
    EXPECT_EQ(step_status(to_string(status)), status);
  }
  EXPECT_FALSE(step_status("done").has_value());
}

}  // namespace
}  // namespace runbook::domain
