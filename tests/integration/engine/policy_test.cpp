// The command policy where commands are carried out: versions that were saved while it was milder.
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

using Words = std::vector<std::string>;

constexpr auto kWrites = R"([
  {"name": "Before", "type": "command", "config": {"command": "true", "approval": "none"}},
  {"name": "Write", "type": "command", "config": {"command": "true\necho x > /etc/motd"}}])";

class PolicyTest : public EngineTest {
 protected:
  PolicyTest() { add_agent("web1"); }

  static domain::CommandPolicy refusing(std::string word) {
    return domain::CommandPolicy::of({.refuse = {std::move(word)}}).value();
  }
};

TEST_F(PolicyTest, AVersionSavedEarlierEndsInErrorBeforeAnybodyIsAsked) {
  start();
  auto asked = request(add_runbook(kWrites), {"web1"});
  asked.approval = "each";
  const auto execution = call(engine().execute(asked, origin()))->execution;
  wait_for(execution, "failed");
  EXPECT_EQ(step_statuses(execution), (Words{"success", "error"}));
  EXPECT_EQ(column(execution, "write", "reason"),
            "line 2, column 8: Writing to /etc/motd by a redirection is refused by the command policy: list "
            "\"write:/etc/motd\" in allow when this block is meant to do it.");
  EXPECT_EQ(column(execution, "write", "approval"), "");
  ASSERT_EQ(fleet.runs().size(), 1u);
  EXPECT_EQ(fleet.runs().front().script, "true");
}

TEST_F(PolicyTest, WhatABlockListsRuns) {
  start();
  const auto execution = execute(add_runbook(R"([{"name": "Write", "type": "command",
      "config": {"command": "echo x > /etc/motd", "allow": ["write:/etc/motd"]}}])"),
                                 {"web1"});
  wait_for(execution, "completed");
}

TEST_F(PolicyTest, AStepThatDoesNotApplyIsNotJudged) {
  start();
  const auto execution = execute(add_runbook(R"([{"name": "Write", "type": "command", "when": "false",
      "config": {"command": "echo x > /etc/motd"}}])"),
                                 {"web1"});
  wait_for(execution, "completed");
  EXPECT_EQ(step_statuses(execution), Words{"skipped"});
}

// Approved under a milder policy, carried out by a controller with a stricter one.
TEST_F(PolicyTest, WhatWasPreparedEarlierIsJudgedAgainBeforeItIsSent) {
  start();
  auto asked = request(
      add_runbook(R"([{"name": "Pipe", "type": "command", "config": {"command": "a | b"}}])"), {"web1"});
  asked.approval = "each";
  const auto execution = call(engine().execute(asked, origin()))->execution;
  wait_for(execution, "awaiting_approval");
  crash();
  policy = refusing("pipe");
  start();
  const auto digest = column(execution, "pipe", "approval->>'digest'");
  ASSERT_TRUE(control(execution, domain::Approve{step_of(execution, "pipe"), digest}));
  wait_for(execution, "failed");
  EXPECT_TRUE(fleet.runs().empty());
  EXPECT_TRUE(column(execution, "pipe", "reason").starts_with("line 1, column 3: A pipe"));
}

}  // namespace
}  // namespace runbook::testing
