// Every control in every state: what CONTRACT §2 allows, and nothing else.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "controller/domain/execution/controls.hpp"
#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::domain {
namespace {

using testing::numbered;
using Statuses = std::set<std::string_view>;

const Statuses kOpen = {"pending", "running", "awaiting_approval", "awaiting_input", "paused"};
const std::vector<std::string_view> kTypes = {"instruction", "command", "api", "condition", "timer"};

StepState step_with(std::string_view type, StepStatus status) {
  auto step = testing::command_step(0);
  if (type == "instruction") step.block.config = InstructionConfig{};
  if (type == "api") step.block.config = ApiConfig{};
  if (type == "condition") step.block.config = ConditionConfig{};
  if (type == "timer") step.block.config = TimerConfig{};
  step.status = status;
  if (status == StepStatus::kAwaitingApproval && type == "command")
    step.approval = ApprovalState{.digest = "right", .expires_at = Time{std::chrono::hours{48}}};
  return step;
}

// The table: in which states of execution and step, and for which types.
struct Rule {
  std::string_view name;
  Control control;
  Statuses executions;
  std::map<std::string_view, Statuses> steps;  // type → statuses; empty: the step does not matter
};

std::vector<Rule> table() {
  const auto step = testing::command_step(0).id;
  const Statuses waiting = {"pending", "awaiting_approval", "awaiting_input"};
  const Statuses timer = {"pending", "awaiting_approval", "awaiting_input", "running"};
  const Statuses failed = {"error", "unknown"};
  std::map<std::string_view, Statuses> retry;
  std::map<std::string_view, Statuses> skip;
  std::map<std::string_view, Statuses> complete;
  for (const auto type : kTypes) {
    retry[type] = failed;
    skip[type] = type == "timer" ? timer : waiting;
    complete[type] = {"awaiting_input"};
  }
  return {{"pause", Pause{}, {"pending", "running", "awaiting_approval", "awaiting_input"}, {}},
          {"resume", Resume{}, {"paused"}, {}},
          {"stop", Stop{}, kOpen, {}},
          {"approve", Approve{step, "right"}, kOpen, {{"command", {"awaiting_approval"}}}},
          {"reject", Reject{step, "no"}, kOpen, {{"command", {"awaiting_approval"}}}},
          {"complete", Complete{step}, kOpen, complete},
          {"skip", Skip{step}, kOpen, skip},
          {"retry", Retry{step}, {"failed"}, retry}};
}

bool allows(const Rule& rule, std::string_view execution, std::string_view type, std::string_view step) {
  if (!rule.executions.contains(execution)) return false;
  if (rule.steps.empty()) return true;
  const auto found = rule.steps.find(type);
  return found != rule.steps.end() && found->second.contains(step);
}

Result<void> try_it(const Rule& rule, ExecutionState& state, Changes& changes) {
  return apply(
      state, changes, rule.control, {numbered(0x1, 3), "somebody", true}, [] { return numbered(0x9, 1); },
      Time{std::chrono::hours{24}});
}

TEST(ControlLegality, HoldsForEveryControlStateAndType) {
  int judged = 0;
  for (const auto& rule : table()) {
    for (int execution = 0; execution <= static_cast<int>(ExecutionStatus::kStopped); ++execution) {
      for (int status = 0; status <= static_cast<int>(StepStatus::kUnknown); ++status) {
        for (const auto type : kTypes) {
          auto state = testing::execution_of({step_with(type, static_cast<StepStatus>(status))});
          state.status = static_cast<ExecutionStatus>(execution);
          Changes changes;
          const auto done = try_it(rule, state, changes);
          const auto where = fmt::format("{} while the execution is {} and its {} step {}", rule.name,
                                         to_string(static_cast<ExecutionStatus>(execution)), type,
                                         to_string(static_cast<StepStatus>(status)));
          const bool expected = allows(rule, to_string(static_cast<ExecutionStatus>(execution)), type,
                                       to_string(static_cast<StepStatus>(status)));
          ++judged;
          EXPECT_EQ(done.has_value(), expected) << where;
          EXPECT_EQ(changes.any(), expected) << where;
          if (!done) EXPECT_EQ(done.error().code, ErrorCode::kConflict) << where;
        }
      }
    }
  }
  EXPECT_EQ(judged, 8 * 8 * 9 * 5);
}

TEST(ControlLegality, NothingButAnotherStopOnceAStopIsAskedFor) {
  for (const auto& rule : table()) {
    for (int status = 0; status <= static_cast<int>(StepStatus::kUnknown); ++status) {
      for (const auto type : kTypes) {
        for (const auto execution : {ExecutionStatus::kRunning, ExecutionStatus::kFailed}) {
          auto state = testing::execution_of({step_with(type, static_cast<StepStatus>(status))});
          state.status = execution;
          state.stop_requested_at = Time{};
          Changes changes;
          const bool again = rule.name == "stop" && execution == ExecutionStatus::kRunning;
          EXPECT_EQ(try_it(rule, state, changes).has_value(), again) << rule.name;
          EXPECT_FALSE(changes.any());
        }
      }
    }
  }
}

TEST(ControlLegality, AStepThatIsNotThereIsNotFound) {
  const auto nowhere = numbered(0xF, 1);
  const std::vector<Control> controls = {Approve{nowhere, ""}, Reject{nowhere, ""}, Complete{nowhere},
                                         Skip{nowhere}, Retry{nowhere}};
  for (const auto& control : controls) {
    auto state = testing::execution_of({step_with("command", StepStatus::kAwaitingApproval)});
    Changes changes;
    const auto done = try_it({"", control, {}, {}}, state, changes);
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().code, ErrorCode::kNotFound);
  }
}

}  // namespace
}  // namespace runbook::domain
