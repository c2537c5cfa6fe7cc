// Executions of people whose right to execute is limited: where they run, what of others they may touch.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <optional>
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

  Result<engine::Accepted> act_within(const Uuid& execution, domain::Control control, domain::Reach reach,
                                      std::optional<Uuid> who = {}) {
    const domain::Actor actor{.person = who.value_or(other_), .name = "x", .reach = std::move(reach)};
    return call(engine().control(execution, std::move(control), actor, origin()));
  }

  Result<engine::Accepted> stop_within(const Uuid& execution, domain::Reach reach) {
    return act_within(execution, domain::Stop{}, std::move(reach));
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
  const Uuid other_ = add_person("other");  // than who starts them
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
  const auto accepted = start_within(runbook, hosts("env=prod"), {"db1"});
  ASSERT_TRUE(accepted.has_value());
  wait_for(accepted->execution, "awaiting_input");
  EXPECT_TRUE(hosts_of(accepted->execution).empty());
  EXPECT_EQ(stop_within(accepted->execution, hosts("env=staging")).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(stop_within(accepted->execution, hosts("env=prod")).has_value());
}

// Where a command may go that has no hosts yet is known by the starter's limit only: whoever is limited
// otherwise would make it run somewhere out of their reach.
TEST_F(ScopeTest, HostsThatAreNotKnownYetAreOutOfReach) {
  start();
  const auto runbook = add_runbook(kCommandAfterReading);
  const auto by_all = start_within(runbook, domain::Reach::everything(), {});
  const auto by_prod = start_within(runbook, hosts("env=prod"), {});
  const auto by_staging = start_within(runbook, hosts("env=staging"), {});
  for (const auto* each : {&by_all, &by_prod, &by_staging}) wait_for((*each)->execution, "awaiting_input");
  const auto complete_within = [&](const Uuid& execution, const char* selector) {
    return act_within(execution, domain::Complete{step_of(execution, "read"), ""}, hosts(selector));
  };
  for (const auto& execution : {by_all->execution, by_prod->execution}) {
    const auto refused = complete_within(execution, "env=staging");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
    EXPECT_EQ(status_of(execution), "awaiting_input");
  }
  EXPECT_TRUE(complete_within(by_staging->execution, "env=staging").has_value());
  run_until([&] { return ended(by_staging->execution); });
  EXPECT_THAT(hosts_of(by_staging->execution), UnorderedElementsAre("web1", "web2"));
}

// What is skipped gets no hosts, and what has some counts by them.
TEST_F(ScopeTest, CommandsThatGetNoHostsDoNotCount) {
  start();
  const auto execution =
      start_within(add_runbook(kCommandAfterReading), domain::Reach::everything(), {})->execution;
  wait_for(execution, "awaiting_input");
  EXPECT_EQ(stop_within(execution, hosts("env=staging")).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(control(execution, domain::Skip{step_of(execution, "run"), ""}));
  EXPECT_TRUE(stop_within(execution, hosts("env=staging")).has_value());
}

// To retry reopens what the failure skipped: commands whose hosts nobody knows yet.
TEST_F(ScopeTest, ARetryThatLeadsToUnknownHostsIsRefused) {
  bool fails = true;
  script = [&fails](const RunCommand&) { return Script{.exit_code = fails ? 1 : 0}; };
  start();
  const auto runbook = add_runbook(R"([
      {"name": "First", "type": "command", "config": {"command": "true", "targets": {"hosts": ["web1"]}}},
      {"name": "Then", "type": "command", "config": {"command": "true", "targets": {"hosts": ["db1"]}}}])");
  const auto execution = start_within(runbook, domain::Reach::everything(), {})->execution;
  run_until([&] { return ended(execution); });
  ASSERT_EQ(status_of(execution), "failed");
  const domain::Retry retry{step_of(execution, "first")};
  const auto refused = act_within(execution, retry, hosts("env=staging"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(status_of(execution), "failed");
  fails = false;
  EXPECT_TRUE(act_within(execution, retry, domain::Reach::everything()).has_value());
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "completed");
}

// A host is labelled anew while its command hangs: whoever started that must still be able to stop it.
TEST_F(ScopeTest, WhoStartedAnExecutionMayAlwaysStopIt) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  const auto execution = start_within(add_runbook(kOneCommand), hosts("env=staging"), {})->execution;
  wait_for(execution, "running");
  label("web1", "prod");
  EXPECT_EQ(act_within(execution, domain::Resume{}, hosts("env=staging"), person).error().code,
            ErrorCode::kNotFound);
  for (const domain::Control& control : {domain::Control(domain::Pause{}), domain::Control(domain::Stop{})}) {
    EXPECT_EQ(act_within(execution, control, hosts("env=staging")).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(act_within(execution, control, {}, person).error().code, ErrorCode::kNotFound);
    EXPECT_TRUE(act_within(execution, control, hosts("env=staging"), person).has_value());
  }
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "stopped");
}

}  // namespace
}  // namespace runbook::testing
