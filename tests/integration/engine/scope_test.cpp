// Executions of people whose right to execute is limited: where they run, what of others they may touch.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "controller/domain/scope.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr auto kOneCommand = R"([
  {"name": "Run", "type": "command", "config": {"command": "true", "targets": {"selector": "role=web"},
   "rollout": {"max_failures": 9}}}])";
constexpr auto kCommandAfterReading = R"([
  {"name": "Read", "type": "instruction", "config": {"text": "Look."}},
  {"name": "Run", "type": "command", "config": {"command": "true", "targets": {"selector": "role=web"}}}])";

domain::Reach hosts(const char* selector) {
  return domain::Reach({{.hosts = domain::Selector::parse(selector).value()}});
}

class ScopeTest : public EngineTest {
 protected:
  ScopeTest() {
    for (const auto* name : {"web1", "web2", "db1"}) agents_[name] = add_agent(name);
    label("web1", "staging");
    label("web2", "staging");
    label("db1", "prod");
  }

  void label(const std::string& name, const std::string& env) {
    sql(fmt::format(R"(UPDATE agent SET labels = '{{"role": "web", "env": "{}"}}' WHERE name = '{}')", env,
                    name));
  }

  Result<engine::Accepted> start_within(const Uuid& runbook, domain::Reach reach,
                                        std::vector<std::string> names) {
    auto asked = request(runbook, std::move(names));
    asked.reach = std::move(reach);
    return call(engine().execute(std::move(asked), origin()));
  }

  Result<engine::Accepted> stop_within(const Uuid& execution, domain::Reach reach) {
    const domain::Actor actor{.person = person, .name = "x", .reach = std::move(reach)};
    return call(engine().control(execution, domain::Stop{}, actor, origin()));
  }

  std::vector<std::string> hosts_of(const Uuid& execution) {
    std::vector<std::string> names;
    for (const auto& row :
         sql("SELECT DISTINCT host FROM attempt WHERE job_id = '" + execution.str() + "'")) {
      names.emplace_back(row[0].c_str());
    }
    return names;
  }

  std::map<std::string, Uuid> agents_;
};

TEST_F(ScopeTest, SelectorsSelectAmongTheHostsWithin) {
  start();
  const auto accepted = start_within(add_runbook(kOneCommand), hosts("env=staging"), {});
  ASSERT_TRUE(accepted.has_value()) << accepted.error().message;
  run_until([&] { return ended(accepted->execution); });
  EXPECT_EQ(status_of(accepted->execution), "completed");
  EXPECT_THAT(hosts_of(accepted->execution), UnorderedElementsAre("web1", "web2"));
}

TEST_F(ScopeTest, ANamedHostOutsideIsAnUnknownOne) {
  start();
  const auto runbook = add_runbook(R"([{"name": "Run", "type": "command", "config": {"command": "true"}}])");
  const auto outside = start_within(runbook, hosts("env=staging"), {"db1"});
  const auto nobody = start_within(runbook, hosts("env=staging"), {"nobody"});
  ASSERT_FALSE(outside.has_value());
  ASSERT_EQ(outside.error().faults.size(), 1U);
  EXPECT_EQ(outside.error().faults.front().code, "unknown_host");
  EXPECT_EQ(outside.error().faults.front().message, "There is no host db1.");
  EXPECT_EQ(nobody.error().faults.front().message, "There is no host nobody.");
  EXPECT_TRUE(start_within(runbook, hosts("env=prod"), {"db1"}).has_value());
}

TEST_F(ScopeTest, NobodyWithoutAnyReachStartsAnything) {
  start();
  const auto none = start_within(add_runbook(kOneCommand), {}, {});
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

TEST_F(ScopeTest, ARunbookOutsideIsNotThere) {
  start();
  const domain::Reach reach({{.runbooks = domain::Selector::parse("team=web").value()}});
  const auto runbook = add_runbook(kOneCommand);
  EXPECT_EQ(start_within(runbook, reach, {}).error().code, ErrorCode::kNotFound);
  sql("UPDATE runbook SET labels = '{\"team\": \"web\"}' WHERE id = '" + runbook.str() + "'");
  EXPECT_TRUE(start_within(runbook, reach, {}).has_value());
}

// The limit is the starter's and fixed when the execution begins; the labels are those of the moment.
TEST_F(ScopeTest, LaterStepsKeepTheStartersLimit) {
  start();
  const auto accepted = start_within(add_runbook(kCommandAfterReading), hosts("env=staging"), {});
  ASSERT_TRUE(accepted.has_value());
  const auto execution = accepted->execution;
  wait_for(execution, "awaiting_input");
  label("web2", "prod");
  label("db1", "staging");
  ASSERT_TRUE(
      control(execution, domain::Complete{step_of(execution, "read"), ""}));  // by somebody without limits
  run_until([&] { return ended(execution); });
  EXPECT_THAT(hosts_of(execution), UnorderedElementsAre("web1", "db1"));
}

TEST_F(ScopeTest, ALostControllerIsFollowedWithinTheLimit) {
  start();
  const auto accepted = start_within(add_runbook(kCommandAfterReading), hosts("env=prod"), {});
  ASSERT_TRUE(accepted.has_value());
  const auto execution = accepted->execution;
  wait_for(execution, "awaiting_input");
  crash();
  start();
  ASSERT_TRUE(control(execution, domain::Complete{step_of(execution, "read"), ""}));
  run_until([&] { return ended(execution); });
  EXPECT_THAT(hosts_of(execution), ElementsAre("db1"));
}

TEST_F(ScopeTest, WhatIsOutOfReachCannotBeControlled) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  const auto accepted = start_within(add_runbook(kOneCommand), domain::Reach::everything(), {});
  ASSERT_TRUE(accepted.has_value());
  const auto execution = accepted->execution;
  wait_for(execution, "running");
  EXPECT_EQ(stop_within(execution, hosts("env=staging")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(stop_within(execution, {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(stop_within(runtime::new_uuid(), hosts("env=staging")).error().message,
            stop_within(execution, hosts("env=staging")).error().message);
  EXPECT_TRUE(stop_within(execution, hosts("env in (staging,prod)")).has_value());
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "stopped");
}

// The same person with another key asks again: what was made is answered only where it is within reach.
TEST_F(ScopeTest, ARepeatIsAnsweredWithinReachOnly) {
  start();
  auto asked = request(add_runbook(kOneCommand), {});
  asked.idempotency_key = "once";
  const auto made = call(engine().execute(asked, origin()));
  ASSERT_TRUE(made.has_value());
  run_until([&] { return ended(made->execution); });
  asked.reach = hosts("env=staging");
  const auto limited = call(engine().execute(asked, origin()));
  ASSERT_FALSE(limited.has_value());
  EXPECT_EQ(limited.error().code, ErrorCode::kConflict);
  asked.reach = hosts("env");
  EXPECT_EQ(call(engine().execute(asked, origin()))->execution, made->execution);
}

// A host that the targets name counts before the step goes to it.
TEST_F(ScopeTest, HostsThatAreNamedCountBeforeTheyAreResolved) {
  start();
  const auto runbook = add_runbook(R"([{"name": "Read", "type": "instruction", "config": {"text": "Look."}},
      {"name": "Run", "type": "command", "config": {"command": "true"}}])");
  const auto execution = execute(runbook, {"db1"});
  wait_for(execution, "awaiting_input");
  EXPECT_TRUE(hosts_of(execution).empty());
  EXPECT_EQ(stop_within(execution, hosts("env=staging")).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(stop_within(execution, hosts("env=prod")).has_value());
}

}  // namespace
}  // namespace runbook::testing
