// Executions from request to end, against PostgreSQL and a fake fleet.
#include <boost/asio/co_spawn.hpp>

#include <numeric>

#include "controller/store/execution_views.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

constexpr auto kTwoCommands = R"([
  {"name": "First", "type": "command", "config": {"command": "true"}},
  {"name": "Second", "type": "command", "config": {"command": "true"}}])";

using Words = std::vector<std::string>;

class ExecutionTest : public EngineTest {
 protected:
  ExecutionTest() {
    web2 = add_agent("web2");
    web10 = add_agent("web10");
  }

  Uuid run_to_end(const Uuid& runbook, std::vector<std::string> hosts = {"web2", "web10"}) {
    const auto execution = execute(runbook, std::move(hosts));
    run_until([&] { return ended(execution); });
    return execution;
  }

  Uuid web2;
  Uuid web10;
};

TEST_F(ExecutionTest, RunsEveryStepOnEveryHost) {
  script = [](const RunCommand&) {
    return Script{.output = {{Stream::kStdout, "hello\n"}, {Stream::kStderr, "oh\n"}}};
  };
  start();
  const auto execution = run_to_end(add_runbook(kTwoCommands));
  EXPECT_EQ(status_of(execution), "completed");
  EXPECT_EQ(step_statuses(execution), (Words{"success", "success"}));
  const auto steps = step_ids(execution);
  const EngineTest::Outcome expected{"success", "hello\n", "oh\n", true};
  EXPECT_EQ(outcomes(steps[0]), (std::map<std::string, Outcome>{{"web2", expected}, {"web10", expected}}));
  EXPECT_EQ(fleet.repeated_runs(), 0u);
  run_until([&] { return fleet.open_attempts() == 0; });
}

TEST_F(ExecutionTest, NumbersEveryEventOnceAndEndsWithTheExecution) {
  start();
  const auto execution = run_to_end(add_runbook(kTwoCommands));
  const auto& events = observer.events[execution];
  std::int64_t expected = 1;
  for (const auto& [seq, event] : events) EXPECT_EQ(seq, expected++);
  EXPECT_EQ(events.rbegin()->second.kind, "execution");
  EXPECT_EQ(events.rbegin()->second.data.at("status").as_string(), "completed");
  EXPECT_EQ(db::integer(sql("SELECT seq FROM execution")[0][0]), events.rbegin()->first);
}

TEST_F(ExecutionTest, AFailedHostFailsTheStepAndSkipsTheRest) {
  script = [](const RunCommand& command) {
    return Script{.exit_code = command.environment.at("RUNBOOK_HOST") == "web2" ? 3 : 0};
  };
  start();
  const auto execution = run_to_end(add_runbook(kTwoCommands));
  EXPECT_EQ(status_of(execution), "failed");
  EXPECT_EQ(step_statuses(execution), (Words{"error", "skipped"}));
  EXPECT_EQ(outcomes(step_ids(execution)[0]).at("web10").status, "success");
}

TEST_F(ExecutionTest, AStepThatMayFailIsPassed) {
  script = [](const RunCommand&) { return Script{.exit_code = 1}; };
  start();
  const auto execution = run_to_end(add_runbook(R"([
    {"name": "First", "type": "command", "on_failure": "continue", "config": {"command": "false"}},
    {"name": "Read", "type": "instruction", "config": {"text": "look", "acknowledge": false}}])"));
  EXPECT_EQ(status_of(execution), "completed");
  EXPECT_EQ(step_statuses(execution), (Words{"error", "success"}));
}

TEST_F(ExecutionTest, ARefusedCommandWasNotStarted) {
  script = [](const RunCommand&) { return Script{.refused = "no such user"}; };
  start();
  const auto execution = run_to_end(add_runbook(kTwoCommands), {"web2"});
  EXPECT_EQ(status_of(execution), "failed");
  EXPECT_EQ(outcomes(step_ids(execution)[0]).at("web2").status, "not_started");
}

TEST_F(ExecutionTest, SendsTheEnvironmentOfTheContract) {
  start();
  auto asked = request(add_runbook(R"([{"name": "First", "type": "command",
    "config": {"command": "env", "environment": {"MINE": "1"}}}])"),
                       {"web2"});
  const auto accepted = call(engine().execute(asked, origin()));
  ASSERT_TRUE(accepted.has_value()) << accepted.error().message;
  run_until([&] { return ended(accepted->execution); });
  ASSERT_EQ(fleet.runs().size(), 1u);
  const auto& environment = fleet.runs()[0].environment;
  EXPECT_EQ(environment.at("MINE"), "1");
  EXPECT_EQ(environment.at("RUNBOOK_HOST"), "web2");
  EXPECT_EQ(environment.at("RUNBOOK_HOST_LABEL_ROLE"), "web");
  EXPECT_EQ(environment.at("RUNBOOK_EXECUTION_ID"), accepted->execution.str());
  EXPECT_EQ(fleet.runs()[0].script, "env");
  EXPECT_EQ(fleet.runs()[0].argv, (Words{"/bin/sh", "-c"}));
}

TEST_F(ExecutionTest, StopEndsRunningCommandsAndStartsNothingMore) {
  script = [](const RunCommand&) {
    return Script{.output = {{Stream::kStdout, "working\n"}}, .hangs = true};
  };
  start();
  const auto execution = execute(add_runbook(kTwoCommands), {"web2", "web10"});
  run_until([&] { return observer.pieces.size() == 2; });
  const auto stopped = control(execution, domain::Stop{});
  ASSERT_TRUE(stopped.has_value());
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "stopped");
  EXPECT_EQ(step_statuses(execution), (Words{"stopped", "skipped"}));
  EXPECT_EQ(outcomes(step_ids(execution)[0]).at("web2").standard_output, "working\n");
  const auto& last = observer.events[execution].rbegin()->second.data;
  EXPECT_EQ(last.at("stop").at("of").as_int64(), 2);
  EXPECT_EQ(last.at("stop").at("confirmed").as_int64(), 2);
  const auto again = control(execution, domain::Stop{});
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
}

TEST_F(ExecutionTest, ASecondStopIsAcceptedAgain) {
  script = [](const RunCommand&) { return Script{.hangs = true, .ignores_stop = true}; };
  start();
  const auto execution = execute(add_runbook(kTwoCommands), {"web2"});
  run_until([&] { return fleet.runs().size() == 1; });
  EXPECT_TRUE(control(execution, domain::Stop{}).has_value());
  EXPECT_TRUE(control(execution, domain::Stop{}).has_value());
  EXPECT_EQ(status_of(execution), "running");
}

TEST_F(ExecutionTest, AStopReachesAnAgentThatWasAwayBeforeAnythingElse) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  const auto execution = execute(add_runbook(kTwoCommands), {"web2"});
  run_until([&] { return fleet.runs().size() == 1; });
  fleet.disconnect(web2);
  ASSERT_TRUE(control(execution, domain::Stop{}).has_value());
  fleet.connect(web2);
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "stopped");
  EXPECT_EQ(fleet.runs().size(), 1u);
}

TEST_F(ExecutionTest, AnInstructionWaitsToBeTickedOff) {
  start();
  const auto execution = execute(add_runbook(R"([
    {"name": "Read", "type": "instruction", "config": {"text": "look"}},
    {"name": "Run", "type": "command", "config": {"command": "true"}}])"),
                                 {"web2"});
  run_until_stored([&] { return status_of(execution) == "awaiting_input"; });
  const auto step = step_ids(execution)[0];
  EXPECT_TRUE(control(execution, domain::Complete{step, "done"}).has_value());
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "completed");
  const auto again = control(execution, domain::Complete{step, "done"});
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
}

TEST_F(ExecutionTest, AnAgentThatComesLateGetsItsCommand) {
  start();
  run_until([&] { return fleet.incarnation(web2).has_value(); });
  fleet.disconnect(web2);
  const auto execution = execute(add_runbook(kTwoCommands), {"web2"});
  run_until_stored([&] { return status_of(execution) == "running"; });
  fleet.connect(web2);
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "completed");
}

TEST_F(ExecutionTest, WhatARestartedAgentRanIsUnknown) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  const auto execution = execute(add_runbook(kTwoCommands), {"web2"});
  run_until([&] { return fleet.runs().size() == 1; });
  fleet.restart(web2);
  fleet.connect(web2);
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "failed");
  EXPECT_EQ(step_statuses(execution), (Words{"unknown", "skipped"}));
}

TEST_F(ExecutionTest, RefusesWhatCannotBeRunAndNamesEveryFault) {
  start();
  auto asked = request(add_runbook(kTwoCommands), {"nobody"});
  asked.approval = "maybe";
  asked.from = "third";
  asked.parameters["color"] = "red";
  const auto refused = call(engine().execute(asked, origin()));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  std::map<std::string, std::string> faults;
  for (const auto& fault : refused.error().faults) faults[fault.pointer] = fault.code;
  EXPECT_EQ(faults["/approval"], "bad_value");
  EXPECT_EQ(faults["/steps/from"], "unknown_step");
  EXPECT_EQ(faults["/targets/hosts/0"], "unknown_host");
  EXPECT_TRUE(faults.contains("/parameters/color"));
  EXPECT_EQ(db::integer(sql("SELECT count(*) FROM execution")[0][0]), 0);
}

TEST_F(ExecutionTest, NeedsHostsForCommandsWithoutTargetsOfTheirOwn) {
  start();
  const auto refused = call(engine().execute(request(add_runbook(kTwoCommands), {}), origin()));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().faults.at(0).pointer, "/targets");
}

TEST_F(ExecutionTest, RunsOnlyTheStepsAskedFor) {
  start();
  auto asked = request(add_runbook(kTwoCommands), {"web2"});
  asked.from = "second";
  const auto accepted = call(engine().execute(asked, origin()));
  ASSERT_TRUE(accepted.has_value());
  run_until([&] { return ended(accepted->execution); });
  EXPECT_EQ(step_statuses(accepted->execution), (Words{"skipped", "success"}));
  EXPECT_EQ(column(accepted->execution, "first", "skip_cause"), "range");
}

TEST_F(ExecutionTest, ADryRunStoresNothing) {
  start();
  const auto preview = call(engine().dry_run(request(add_runbook(kTwoCommands), {"web10", "web2"})));
  ASSERT_TRUE(preview.has_value());
  const auto& blocks = preview->at("blocks").as_array();
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0].at("command").as_string(), "true");
  EXPECT_EQ(blocks[0].at("hosts").at(0).at("host").as_string(), "web2");
  EXPECT_EQ(blocks[0].at("approval").at("required").as_int64(), 1);
  EXPECT_FALSE(blocks[0].at("approval").at("waits").as_bool());  // approved in advance
  const auto& unreachable = preview->at("unreachable").as_array();
  ASSERT_EQ(unreachable.size(), 2u);
  EXPECT_EQ(unreachable[0].at("status").as_string(), "offline");
  EXPECT_EQ(db::integer(sql("SELECT count(*) FROM execution")[0][0]), 0);
}

TEST_F(ExecutionTest, ADryRunShowsEveryTypeAsItIsWritten) {
  start();
  auto asked = request(add_runbook(R"([
    {"name": "Read", "type": "instruction", "config": {"text": "look"}},
    {"name": "Choose", "type": "condition", "when": "true",
     "config": {"expression": "1 < 2", "then": {"goto": "ask"}}},
    {"name": "Wait", "type": "timer", "config": {"seconds": 60}},
    {"name": "Ask", "type": "api", "config": {"url": "http://example.com/${{ params }}"}},
    {"name": "Two", "type": "command", "on_failure": "continue",
     "config": {"argv": ["true", "x"], "approval": {"required": 2, "other_person": true}}}])"),
                       {"web2"});
  const auto preview = call(engine().dry_run(asked));
  ASSERT_TRUE(preview.has_value()) << preview.error().message;
  const auto& blocks = preview->at("blocks").as_array();
  ASSERT_EQ(blocks.size(), 5u);
  EXPECT_EQ(blocks[0].at("text").as_string(), "look");
  EXPECT_EQ(blocks[1].at("then").at("goto").as_string(), "ask");
  EXPECT_EQ(blocks[1].at("else").as_string(), "continue");
  EXPECT_EQ(blocks[1].at("when").as_string(), "true");
  EXPECT_EQ(blocks[2].at("seconds").as_int64(), 60);
  EXPECT_EQ(blocks[3].at("url").as_string(), "http://example.com/${{ params }}");
  EXPECT_EQ(blocks[4].at("argv").at(1).as_string(), "x");
  EXPECT_EQ(blocks[4].at("on_failure").as_string(), "continue");
  EXPECT_TRUE(blocks[4].at("approval").at("waits").as_bool());
  EXPECT_EQ(db::integer(sql("SELECT count(*) FROM execution")[0][0]), 0);
}

TEST_F(ExecutionTest, ADryRunOfADocumentNeedsNoSavedRunbook) {
  start();
  const auto document = boost::json::parse(R"({"title": "Unsaved", "blocks": [
    {"name": "One", "type": "command", "config": {"command": "true"}},
    {"name": "Two", "type": "command",
     "config": {"command": "false", "targets": {"hosts": ["web2", "nowhere"]}}}]})");
  const auto judged = domain::judge_runbook(document, &runtime::new_uuid);
  ASSERT_TRUE(judged.has_value());
  engine::ExecuteRequest asked = request({}, {"web10"});
  asked.to = "one";
  const auto preview = call(engine().dry_run_document(asked, *judged));
  ASSERT_TRUE(preview.has_value()) << preview.error().message;
  EXPECT_EQ(preview->at("title").as_string(), "Unsaved");
  EXPECT_FALSE(preview->contains("version_number"));
  EXPECT_EQ(preview->at("blocks").at(0).at("hosts").at(0).at("host").as_string(), "web10");
  asked.to.reset();
  asked.targets = {};
  const auto refused = call(engine().dry_run_document(asked, *judged));
  ASSERT_FALSE(refused.has_value());
  std::vector<std::string> faults;
  for (const auto& fault : refused.error().faults) faults.push_back(fault.pointer + " " + fault.code);
  EXPECT_EQ(faults, (Words{"/targets required"}));
  asked.from = "two";
  const auto unknown = call(engine().dry_run_document(asked, *judged));
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().faults.front().pointer, "/runbook/blocks/1/config/targets/hosts/1");
  EXPECT_EQ(db::integer(sql("SELECT count(*) FROM runbook")[0][0]), 0);
}

TEST_F(ExecutionTest, AHundredRequestsWithOneKeyMakeOneExecution) {
  start();
  auto asked = request(add_runbook(kTwoCommands), {"web2"});
  asked.idempotency_key = "once";
  std::vector<Uuid> answers;
  for (int i = 0; i < 100; ++i) {
    auto one = [](engine::Engine& engine, engine::ExecuteRequest repeated, store::Origin by,
                  std::vector<Uuid>& into) -> boost::asio::awaitable<void> {
      const auto accepted = co_await engine.execute(std::move(repeated), std::move(by));
      EXPECT_TRUE(accepted.has_value());
      if (accepted) into.push_back(accepted->execution);
    };
    boost::asio::co_spawn(io(), one(engine(), asked, origin(), answers), [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
  }
  run_until([&] { return answers.size() == 100; });
  EXPECT_EQ(std::set<Uuid>(answers.begin(), answers.end()).size(), 1u);
  EXPECT_EQ(db::integer(sql("SELECT count(*) FROM execution")[0][0]), 1);
  asked.request_digest = std::string(32, 'x');
  const auto other = call(engine().execute(asked, origin()));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
  EXPECT_EQ(other.error().faults.at(0).code, "idempotency_key_reused");
}

TEST_F(ExecutionTest, IsShownAsTheContractSays) {
  script = [](const RunCommand&) {
    return Script{.output = {{Stream::kStdout, std::string(70'000, 'x') + "end\n"}}};
  };
  start();
  const auto execution = run_to_end(add_runbook(kTwoCommands));
  store::ExecutionViews views(life_database());
  const auto shown = call(views.get(execution, false, domain::Reach::everything()));
  ASSERT_TRUE(shown.has_value());
  EXPECT_EQ(shown->at("status").as_string(), "completed");
  EXPECT_EQ(shown->at("requested_by_name").as_string(), "Ada");
  EXPECT_TRUE(shown->at("stop").is_null());
  const auto& step = shown->at("steps").at(0);
  EXPECT_EQ(step.at("slug").as_string(), "first");
  EXPECT_EQ(step.at("output_bytes").to_number<std::int64_t>(), 2 * 70'004);
  EXPECT_TRUE(step.at("output_truncated").as_bool());
  EXPECT_EQ(step.at("output").as_string().size(), 65'536u);
  EXPECT_TRUE(step.at("output").as_string().ends_with("xend\n"));
  EXPECT_EQ(step.at("host_counts").at("success").as_int64(), 2);
  EXPECT_EQ(step.at("hosts").at(0).at("host").as_string(), "web2");
  EXPECT_EQ(step.at("hosts").at(1).at("host").as_string(), "web10");
  const auto summary = call(views.get(execution, true, domain::Reach::everything()));
  ASSERT_TRUE(summary.has_value());
  EXPECT_FALSE(summary->at("steps").at(0).as_object().contains("output"));
  EXPECT_FALSE(summary->at("steps").at(0).as_object().contains("hosts"));
  const auto hosts =
      call(views.hosts(execution, step_ids(execution)[0], 1, std::nullopt, domain::Reach::everything()));
  ASSERT_TRUE(hosts.has_value());
  EXPECT_EQ(hosts->at("items").as_array().size(), 1u);
  const std::string cursor(hosts->at("next_cursor").as_string());
  const auto rest =
      call(views.hosts(execution, step_ids(execution)[0], 1, cursor, domain::Reach::everything()));
  EXPECT_EQ(rest->at("items").at(0).at("host").as_string(), "web10");
  EXPECT_TRUE(rest->at("next_cursor").is_null());
  store::ExecutionFilter all;
  all.reach = domain::Reach::everything();
  const auto list = call(views.list(all));
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->at("items").as_array().size(), 1u);
}

TEST_F(ExecutionTest, AnAgentNamingAnotherAgentsAttemptIsRefused) {
  script = [](const RunCommand&) { return Script{.hangs = true}; };
  start();
  execute(add_runbook(kTwoCommands), {"web2"});
  run_until([&] { return fleet.runs().size() == 1; });
  Hello hello;
  hello.incarnation = web10;
  hello.attempts.push_back({.attempt = fleet.runs()[0].attempt});
  EXPECT_FALSE(call(engine().connected(web10, hello)).has_value());
  const auto drops = fleet.drops();
  engine().output(web10, {fleet.runs()[0].attempt, Stream::kStdout, 0, "forged"});
  EXPECT_EQ(fleet.drops(), drops + 1);
}

}  // namespace
}  // namespace runbook::testing
