// What hinders a step must not hinder the engine: texts the database does not take, hosts that are not what
// they were when the execution was asked for, a database that refuses, a stored command that was changed.
#include "db/parameters.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

using Words = std::vector<std::string>;

constexpr auto kOne = R"([{"name": "One", "type": "command", "config": {"command": "1"}}])";
constexpr auto kAfterAsking = R"([
  {"name": "Ask", "type": "instruction", "config": {"text": "Go?"}},
  {"name": "One", "type": "command", "config": {"command": "1"}}])";

class HindranceTest : public EngineTest {
 protected:
  HindranceTest() {
    add_agent("web1");
    add_agent("web2");
  }

  // Refuses to change step rows as long as `condition` holds of OLD and NEW.
  void refuse_steps(const std::string& condition) {
    sql("CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'not this'; END $$ "
        "LANGUAGE plpgsql");
    sql("CREATE TRIGGER refuse BEFORE UPDATE ON execution_step FOR EACH ROW WHEN (" + condition +
        ") EXECUTE FUNCTION refuse()");
  }

  // Started, changed by `change` while it waits for somebody, and carried on to its failure.
  std::string reason_after(const std::string& change, std::vector<std::string> hosts) {
    const auto execution = execute(add_runbook(kAfterAsking), std::move(hosts));
    wait_for(execution, "awaiting_input");
    sql(change);
    EXPECT_TRUE(control(execution, domain::Complete{step_of(execution, "ask"), ""}));
    wait_for(execution, "failed");
    EXPECT_EQ(step_statuses(execution), (Words{"success", "error"}));
    EXPECT_TRUE(fleet.runs().empty());
    return column(execution, "one", "reason");
  }
};

TEST_F(HindranceTest, AReasonThatIsNotTextIsStoredAsText) {
  start();
  const auto execution = execute(add_runbook(R"~([{"name": "Choose", "type": "condition",
    "config": {"expression": "'x'.matches('(\\u0000\\u00e9')"}}])~"),
                                 {});
  wait_for(execution, "failed");
  EXPECT_NE(column(execution, "choose", "reason").find("the pattern is not valid"), std::string::npos);
}

TEST_F(HindranceTest, ANamedHostThatDrainsIsAFault) {
  start();
  sql("UPDATE agent SET draining = true WHERE name = 'web2'");
  const auto refused = call(engine().execute(request(add_runbook(kOne), {"web1", "web2"}), origin()));
  ASSERT_FALSE(refused.has_value());
  ASSERT_EQ(refused.error().faults.size(), 1u);
  EXPECT_EQ(refused.error().faults[0].pointer, "/targets/hosts/1");
  EXPECT_EQ(refused.error().faults[0].code, "draining_host");
  EXPECT_NE(refused.error().faults[0].message.find("web2"), std::string::npos);
  auto by_label = request(add_runbook(kOne), {});
  by_label.targets.selector = "role=web";
  const auto accepted = call(engine().execute(by_label, origin()));
  ASSERT_TRUE(accepted.has_value());
  wait_for(accepted->execution, "completed");
  EXPECT_EQ(fleet.runs().size(), 1u);
}

TEST_F(HindranceTest, NoNamedHostIsDroppedSilently) {
  start();
  EXPECT_EQ(reason_after("UPDATE agent SET draining = true WHERE name = 'web2'", {"web1", "web2"}),
            "Host web2 takes no new work: it drains.");
  sql("UPDATE agent SET draining = false");
  EXPECT_EQ(reason_after("UPDATE agent SET name = 'db1' WHERE name = 'web2'", {"web1", "web2"}),
            "There is no host web2.");
}

TEST_F(HindranceTest, LabelsThatWouldBeOneVariableAreRefused) {
  start();
  EXPECT_EQ(
      reason_after(R"(UPDATE agent SET labels = '{"a-b": "1", "a.b": "2"}' WHERE name = 'web1')", {"web1"}),
      R"(The labels "a-b" and "a.b" of host web1 have the same name in the environment.)");
}

TEST_F(HindranceTest, AStepThatCannotBeStoredEndsInError) {
  start();
  refuse_steps("NEW.slug = 'one' AND NEW.status = 'success'");
  const auto execution = execute(add_runbook(R"([
    {"name": "One", "type": "command", "on_failure": "continue", "config": {"command": "1"}},
    {"name": "Two", "type": "command", "config": {"command": "2"}}])"),
                                 {"web1"});
  wait_for(execution, "completed");
  EXPECT_EQ(step_statuses(execution), (Words{"error", "success"}));
  EXPECT_NE(column(execution, "one", "reason").find("log"), std::string::npos);
}

TEST_F(HindranceTest, AnExecutionThatCannotBeStoredAtAllIsAbandoned) {
  start();
  refuse_steps("OLD.status = 'pending' AND NEW.status <> 'skipped'");
  const auto execution = execute(add_runbook(kOne), {"web1"});
  wait_for(execution, "failed");
  EXPECT_EQ(step_statuses(execution), Words{"skipped"});
  EXPECT_TRUE(fleet.runs().empty());
}

TEST_F(HindranceTest, WhatIsNotAsApprovedFailsItsStepOnceWhatRunsIsOver) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  const auto execution = execute(add_runbook(R"([{"name": "One", "type": "command", "config": {"command": "1",
    "rollout": {"max_parallel": 1, "max_failures": "100%"}}}])"),
                                 {"web1", "web2"});
  const auto step = step_of(execution, "one");
  run_until_stored([&] { return outcomes(step)["web1"].status == "running"; });
  crash();
  sql("UPDATE execution_step SET frozen = '{\"script\": \"rm -rf /\", \"values\": {}, \"environment\": {}}'");
  start();
  run_until_stored([&] { return outcomes(step)["web2"].status == "not_started"; });
  EXPECT_EQ(step_statuses(execution), Words{"running"});
  fleet.finish_all();
  wait_for(execution, "failed");
  EXPECT_EQ(step_statuses(execution), Words{"error"});
  EXPECT_EQ(column(execution, "one", "reason"), "what would run is not what was approved");
  EXPECT_EQ(fleet.runs().size(), 1u);
}

// Another controller stored the result and was lost before it judged the step.
TEST_F(HindranceTest, AResultNobodyJudgedIsJudgedWithoutARestart) {
  start();
  const auto execution = execute(add_runbook(kOne), {"web1"});
  wait_for(execution, "completed");
  crash();
  sql("UPDATE execution_step SET status = 'unknown'");
  sql("ALTER TABLE execution_step RENAME TO away");  // the first search fails
  start();
  run_handlers(20);
  sql("ALTER TABLE away RENAME TO execution_step");
  run_until_stored([&] { return step_statuses(execution) == Words{"success"}; });
}

}  // namespace
}  // namespace runbook::testing
