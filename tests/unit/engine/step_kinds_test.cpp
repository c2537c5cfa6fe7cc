// Approvals, timers, instructions, conditions: what begins, waits, jumps and ends.
#include <gtest/gtest.h>

#include "controller/domain/execution/controls.hpp"
#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::domain {
namespace {

using namespace std::chrono_literals;
using testing::command_step;
using testing::end_all;
using testing::execution_of;
using testing::instruction_step;
using testing::step_of;
using testing::Surroundings;

constexpr std::string_view kDigest = "digest of step_0";

Actor person(std::uint32_t number) { return {testing::numbered(0x1, number), "Ada", true}; }

CommandConfig approved_by(int required, bool other_person) {
  CommandConfig config;
  config.approval = Approval{required, other_person, 600s};
  return config;
}

Result<void> approve(ExecutionState& state, const Surroundings& around, std::uint32_t who) {
  Changes changes;
  return apply(state, changes, Approve{state.steps[0].id, std::string(kDigest), "fine"}, person(who),
               around.world().new_id, around.now);
}

TEST(Approval, BindsWhatWillRunAndWaits) {
  auto state = execution_of({command_step(0, approved_by(1, false))});
  const Surroundings around;
  const auto plan = around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kAwaitingApproval);
  ASSERT_TRUE(state.steps[0].approval.has_value());
  EXPECT_EQ(state.steps[0].approval->digest, kDigest);
  EXPECT_EQ(state.steps[0].approval->expires_at, around.now + 600s);
  EXPECT_EQ(plan.wake_at, around.now + 600s);
  EXPECT_EQ(plan.changes.new_attempts.size(), 2u);
  EXPECT_TRUE(dispatched_by(state, plan.changes).empty());
}

TEST(Approval, StartsTheCommandWhenItIsComplete) {
  auto state = execution_of({command_step(0, approved_by(2, false))});
  const Surroundings around;
  around.advance(state);
  EXPECT_TRUE(approve(state, around, 1));
  EXPECT_EQ(approve(state, around, 1).error().code, ErrorCode::kConflict) << "the same person";
  EXPECT_FALSE(around.advance(state).changes.any());
  EXPECT_TRUE(approve(state, around, 3));
  EXPECT_EQ(approve(state, around, 4).error().code, ErrorCode::kConflict) << "complete already";
  const auto plan = around.advance(state);
  EXPECT_EQ(dispatched_by(state, plan.changes).size(), 2u);
  EXPECT_EQ(state.status, ExecutionStatus::kRunning);
}

TEST(Approval, ByAnotherPersonBarsWhoStartedAndWhoWrote) {
  auto state = execution_of({command_step(0, approved_by(1, true))});
  state.preapproved = true;
  const Surroundings around;
  around.advance(state);
  EXPECT_EQ(approve(state, around, 1).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(approve(state, around, 2).error().code, ErrorCode::kForbidden);
  EXPECT_TRUE(approve(state, around, 3));
}

TEST(Approval, OfAnotherDigestIsRefused) {
  auto state = execution_of({command_step(0, approved_by(1, false))});
  const Surroundings around;
  around.advance(state);
  Changes changes;
  const auto done = apply(state, changes, Approve{state.steps[0].id, "another"}, person(3),
                          around.world().new_id, around.now);
  EXPECT_EQ(done.error().code, ErrorCode::kConflict);
}

TEST(Approval, GivenInAdvanceCountsAsTheRequesters) {
  struct Case {
    int required;
    bool other_person;
    StepStatus expected;
    std::size_t given;
  };
  for (const auto& [required, other, expected, given] :
       {Case{1, false, StepStatus::kRunning, 1}, Case{2, false, StepStatus::kAwaitingApproval, 1},
        Case{1, true, StepStatus::kAwaitingApproval, 0}}) {
    auto state = execution_of({command_step(0, approved_by(required, other))});
    state.preapproved = true;
    Surroundings{}.advance(state);
    EXPECT_EQ(state.steps[0].status, expected);
    EXPECT_EQ(state.steps[0].approval->given.size(), given);
  }
}

TEST(Approval, ThatComesTooLateEndsTheExecution) {
  auto state = execution_of({command_step(0, approved_by(1, false)), command_step(1)});
  Surroundings around;
  around.advance(state);
  around.now += 600s;
  EXPECT_EQ(approve(state, around, 3).error().code, ErrorCode::kConflict);
  around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kStopped);
  EXPECT_EQ(state.steps[0].status, StepStatus::kStopped);
  EXPECT_EQ(state.steps[0].reason, "nobody approved it within 600 s");
  EXPECT_EQ(state.steps[0].attempts[0].status, AttemptStatus::kNotStarted);
  EXPECT_EQ(state.steps[1].skip_cause, SkipCause::kStop);
}

TEST(Approval, RefusedEndsTheExecutionAtOnce) {
  auto state = execution_of({command_step(0, approved_by(1, false)), command_step(1)});
  const Surroundings around;
  around.advance(state);
  Changes changes;
  EXPECT_TRUE(apply(state, changes, Reject{state.steps[0].id, "wrong host"}, person(3), around.world().new_id,
                    around.now));
  EXPECT_EQ(state.status, ExecutionStatus::kStopped);
  EXPECT_EQ(state.steps[0].reason, "rejected by Ada: wrong host");
  EXPECT_EQ(state.steps[1].skip_cause, SkipCause::kStop);
}

TEST(Approval, GivenWhilePausedStartsTheCommandAfterTheResume) {
  auto state = execution_of({command_step(0, approved_by(1, false))});
  Surroundings around;
  around.advance(state);
  state.status = ExecutionStatus::kPaused;
  EXPECT_TRUE(approve(state, around, 3));
  around.now += 1h;
  EXPECT_FALSE(around.advance(state).changes.any()) << "it does not expire any more either";
  state.status = ExecutionStatus::kRunning;
  around.advance(state);
  EXPECT_EQ(state.steps[0].attempts[0].status, AttemptStatus::kDispatched);
}

TEST(Approval, OperatorsApproveInWhatTheyStarted) {
  for (const std::uint32_t who : {1u, 3u}) {
    auto state = execution_of({command_step(0, approved_by(1, false))});
    const Surroundings around;
    around.advance(state);
    Changes changes;
    auto actor = person(who);
    actor.may_approve_any = false;
    const auto done = apply(state, changes, Approve{state.steps[0].id, std::string(kDigest)}, actor,
                            around.world().new_id, around.now);
    EXPECT_EQ(done.has_value(), who == 1);
    if (!done) EXPECT_EQ(done.error().code, ErrorCode::kForbidden);
  }
}

TEST(Timer, EndsWhenItIsDue) {
  auto state = execution_of({step_of(0, TimerConfig{90s, {}})});
  Surroundings around;
  EXPECT_EQ(around.advance(state).wake_at, around.now + 90s);
  EXPECT_EQ(state.steps[0].due, around.now + 90s);
  around.now += 89s;
  EXPECT_FALSE(around.advance(state).changes.any());
  around.now += 1s;
  around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kCompleted);
}

TEST(Timer, RunsOnWhilePausedAndCanBeStopped) {
  auto state = execution_of({step_of(0, TimerConfig{90s, {}}), command_step(1)});
  Surroundings around;
  around.advance(state);
  state.status = ExecutionStatus::kPaused;
  around.now += 90s;
  around.advance(state);
  EXPECT_EQ(state.steps[0].status, StepStatus::kSuccess);
  EXPECT_EQ(state.status, ExecutionStatus::kPaused);
  state.stop_requested_at = around.now;
  around.advance(state);
  EXPECT_EQ(state.status, ExecutionStatus::kStopped);
}

ExecutionState decided(Branch::Kind kind, bool value, std::string slug = {}) {
  ConditionConfig config;
  (value ? config.then : config.otherwise) = Branch{kind, std::move(slug)};
  (value ? config.otherwise : config.then) = Branch{Branch::Kind::kFail};
  auto state = execution_of({step_of(0, config), instruction_step(1, false), instruction_step(2, false)});
  state.steps[0].block.continue_on_failure = true;
  Surroundings around;
  around.prepared["step_0"].condition = value;
  around.advance(state);
  return state;
}

TEST(Condition, LeadsWhereItsBranchSays) {
  struct Case {
    Branch::Kind kind;
    ExecutionStatus execution;
    StepStatus own;
    std::optional<SkipCause> next;
    std::optional<SkipCause> last;
  };
  const std::vector<Case> cases = {
      {Branch::Kind::kContinue, ExecutionStatus::kCompleted, StepStatus::kSuccess, {}, {}},
      {Branch::Kind::kEnd, ExecutionStatus::kCompleted, StepStatus::kSuccess, SkipCause::kJump,
       SkipCause::kJump},
      {Branch::Kind::kFail, ExecutionStatus::kFailed, StepStatus::kError, SkipCause::kFailure,
       SkipCause::kFailure},
      {Branch::Kind::kGoto, ExecutionStatus::kCompleted, StepStatus::kSuccess, SkipCause::kJump, {}}};
  for (const auto& one : cases) {
    for (const bool value : {true, false}) {
      const auto state = decided(one.kind, value, "step_2");
      EXPECT_EQ(state.status, one.execution);
      EXPECT_EQ(state.steps[0].status, one.own);
      EXPECT_EQ(state.steps[0].frozen.at("value"), value);
      EXPECT_EQ(state.steps[1].skip_cause, one.next);
      EXPECT_EQ(state.steps[2].skip_cause, one.last);
    }
  }
}

TEST(Retry, RunsTheFailedHostsAndWhatTheFailureSkipped) {
  auto state = execution_of({command_step(0), command_step(1)});
  const Surroundings around{.hosts = 3};
  around.advance(state);
  state.steps[0].attempts[2].status = AttemptStatus::kError;
  end_all(state.steps[0], AttemptStatus::kSuccess);
  around.advance(state);
  ASSERT_EQ(state.status, ExecutionStatus::kFailed);
  Changes changes;
  EXPECT_TRUE(apply(state, changes, Retry{state.steps[0].id}, person(1), around.world().new_id, around.now));
  EXPECT_EQ(state.status, ExecutionStatus::kRunning);
  EXPECT_FALSE(state.end_time.has_value());
  EXPECT_EQ(changes.execution_was, ExecutionStatus::kFailed);
  EXPECT_EQ(changes.new_steps, std::vector<std::size_t>{2});
  EXPECT_EQ(changes.steps_were.at(1), StepStatus::kSkipped);
  EXPECT_EQ(state.steps[1].status, StepStatus::kPending);
  ASSERT_EQ(state.steps[2].attempts.size(), 1u);
  EXPECT_EQ(state.steps[2].attempts[0].host, "host2");
  around.advance(state);
  EXPECT_EQ(state.steps[2].status, StepStatus::kRunning);
  EXPECT_EQ(state.steps[2].frozen.at("script"), "step_0") << "it is prepared again";
  end_all(state.steps[2], AttemptStatus::kSuccess);
  around.advance(state);
  EXPECT_EQ(state.steps[1].status, StepStatus::kRunning);
}

TEST(Retry, OfNamedHostsTakesNamesAndIdsAndRefusesOthers) {
  struct Case {
    std::vector<std::string> hosts;
    std::optional<std::size_t> expected;
  };
  const std::vector<Case> cases = {{{"host0"}, 1},
                                   {{"host0", testing::agent_id(1).str()}, 2},
                                   {{"host0", "host0"}, 1},
                                   {{"host7"}, std::nullopt}};
  for (const auto& [hosts, expected] : cases) {
    auto state = execution_of({command_step(0)});
    const Surroundings around{.hosts = 3};
    around.advance(state);
    end_all(state.steps[0], AttemptStatus::kError);
    around.advance(state);
    Changes changes;
    const auto done =
        apply(state, changes, Retry{state.steps[0].id, hosts}, person(1), around.world().new_id, around.now);
    EXPECT_EQ(done.has_value(), expected.has_value());
    if (expected) EXPECT_EQ(state.steps[1].attempts.size(), *expected);
    if (!done) EXPECT_EQ(done.error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace runbook::domain
