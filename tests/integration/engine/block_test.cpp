// Every type of block from its beginning to its end, with values of earlier steps in place.
#include "db/parameters.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {
namespace {

using Words = std::vector<std::string>;

class BlockTest : public EngineTest {
 protected:
  BlockTest() {
    web1 = add_agent("web1");
    add_agent("web2");
  }

  Uuid run_to_end(const std::string& blocks, std::vector<std::string> hosts = {"web1"}) {
    const auto execution = execute(add_runbook(blocks), std::move(hosts));
    run_until([&] { return ended(execution); });
    return execution;
  }

  Uuid web1;
};

TEST_F(BlockTest, AnInstructionShowsItsValuesAndKeepsWhoTickedItOff) {
  start();
  const auto execution = execute(add_runbook(R"([
    {"name": "Read", "type": "instruction",
     "config": {"text": "Version ${{ execution.version_number }} of ${{ execution.title }}"}}])"),
                                 {});
  wait_for(execution, "awaiting_input");
  EXPECT_EQ(column(execution, "read", "frozen->>'text'"), "Version 1 of Test");
  const auto bob = add_person("Bob");
  ASSERT_TRUE(control(execution, domain::Complete{step_of(execution, "read"), "looks fine"}, bob));
  wait_for(execution, "completed");
  EXPECT_EQ(column(execution, "read", "note"), "looks fine");
  EXPECT_EQ(column(execution, "read", "completed_by"), bob.str());
  EXPECT_NE(column(execution, "read", "end_time"), "");
}

TEST_F(BlockTest, ACommandGetsValuesAsVariablesNeverAsText) {
  script = [](const RunCommand& command) {
    if (command.script == "one") return Script{.output = {{Stream::kStdout, "$(reboot) '\"\n"}}};
    return Script{};
  };
  start();
  const auto execution = run_to_end(R"([
    {"name": "First", "type": "command", "config": {"command": "one"}},
    {"name": "Second", "type": "command",
     "config": {"command": "echo ${{ steps.first.stdout }}",
                "environment": {"X": "is ${{ steps.first.exit_code }}"}}}])");
  EXPECT_EQ(status_of(execution), "completed") << column(execution, "second", "reason");
  ASSERT_EQ(fleet.runs().size(), 2u);
  const auto& run = fleet.runs()[1];
  EXPECT_EQ(run.script, "echo \"$RUNBOOK_VALUE_1\"");
  EXPECT_EQ(run.environment.at("RUNBOOK_VALUE_1"), "$(reboot) '\"\n");
  EXPECT_EQ(run.environment.at("X"), "is 0");
}

// It stays in memory and in every answer: a thousand steps of a megabyte each filled the controller's.
TEST_F(BlockTest, TextsThatAreSubstitutedAreBoundedTogether) {
  script = [](const RunCommand&) {
    return Script{.output = {{Stream::kStdout, std::string(1'000'000, 'x')}}};
  };
  start();
  std::string blocks = R"([{"name": "Big", "type": "command", "config": {"command": "big"}})";
  for (int i = 0; i < 17; ++i) {
    blocks += fmt::format(R"(, {{"name": "Show {}", "type": "instruction",
                            "config": {{"text": "${{{{ steps.big.stdout }}}}", "acknowledge": false}}}})",
                          i);
  }
  const auto execution = run_to_end(blocks + "]");
  EXPECT_EQ(status_of(execution), "failed");
  EXPECT_EQ(column(execution, "show_15", "status"), "success");
  EXPECT_EQ(column(execution, "show_16", "status"), "error");
  EXPECT_EQ(column(execution, "show_16", "reason"),
            "the values substituted in this execution take more than 16 MiB");
}

TEST_F(BlockTest, SeveralHostsAreSeenByName) {
  script = [](const RunCommand& command) {
    return Script{.output = {{Stream::kStdout, command.environment.at("RUNBOOK_HOST")}},
                  .exit_code = command.environment.at("RUNBOOK_HOST") == "web2" ? 4 : 0};
  };
  start();
  const auto execution = run_to_end(R"([
    {"name": "Ask", "type": "command", "on_failure": "continue", "config": {"command": "x"}},
    {"name": "Good", "type": "condition", "config": {"then": "continue", "else": "fail",
     "expression": "[steps.ask.exit_code, steps.ask.hosts['web2'].exit_code] == [4, 4]"}},
    {"name": "Named", "type": "condition", "config": {"else": "fail",
     "expression": "!has(steps.ask.stdout) && steps.ask.hosts.web1.stdout == 'web1'"}}])",
                                    {"web1", "web2"});
  EXPECT_EQ(status_of(execution), "completed") << column(execution, "good", "reason");
  EXPECT_EQ(step_statuses(execution), (Words{"error", "success", "success"}));
}

TEST_F(BlockTest, AFalseWhenSkipsAndAnErrorInItIsShownWithItsPlace) {
  start();
  const auto execution = run_to_end(R"([
    {"name": "Skip", "type": "command", "when": "1 > 2", "config": {"command": "x"}},
    {"name": "Wrong", "type": "command", "when": "steps.skip.stdout == ''", "config": {"command": "x"}}])");
  EXPECT_EQ(status_of(execution), "failed");
  EXPECT_EQ(step_statuses(execution), (Words{"skipped", "error"}));
  EXPECT_EQ(column(execution, "skip", "skip_cause"), "when");
  EXPECT_NE(column(execution, "wrong", "reason").find("line 1"), std::string::npos)
      << column(execution, "wrong", "reason");
  EXPECT_TRUE(fleet.runs().empty());
}

TEST_F(BlockTest, AConditionJumpsForward) {
  start();
  const auto execution = run_to_end(R"([
    {"name": "Choose", "type": "condition", "config": {"expression": "true", "then": {"goto": "last"}}},
    {"name": "Over", "type": "command", "config": {"command": "x"}},
    {"name": "Last", "type": "condition", "config": {"expression": "1 == 2", "then": "fail", "else": "end"}},
    {"name": "Never", "type": "command", "config": {"command": "x"}}])");
  EXPECT_EQ(status_of(execution), "completed");
  EXPECT_EQ(step_statuses(execution), (Words{"success", "skipped", "success", "skipped"}));
  EXPECT_EQ(column(execution, "over", "skip_cause"), "jump");
  EXPECT_TRUE(fleet.runs().empty());
}

TEST_F(BlockTest, ATimerEndsAtItsTimeOverARestart) {
  start();
  const auto execution = execute(add_runbook(R"([
    {"name": "Wait", "type": "timer", "config": {"seconds": 1}}])"),
                                 {});
  run_until_stored([&] { return column(execution, "wait", "due") != ""; });
  const auto due = column(execution, "wait", "due");
  crash();
  start();
  wait_for(execution, "completed");
  EXPECT_EQ(column(execution, "wait", "due"), due);
  EXPECT_EQ(column(execution, "wait", "(end_time >= due AND end_time < due + interval '5 seconds')::text"),
            "true");
}

TEST_F(BlockTest, ARequestIsMadeAndItsAnswerIsSeen) {
  api.answer = [](const domain::ApiRequest&) { return answered(201, R"({"id": 7, "names": ["a"]})"); };
  start();
  const auto execution = run_to_end(R"([
    {"name": "Ask", "type": "api", "config": {"method": "POST",
     "url": "http://example.com/${{ execution.title }}", "body": {"number": "${{ 1 + 1 }}"}}},
    {"name": "Check", "type": "condition", "config": {"else": "fail",
     "expression": "steps.ask.http_status == 201 && steps.ask.json == {'id': 7, 'names': ['a']}"}}])");
  EXPECT_EQ(status_of(execution), "completed")
      << column(execution, "ask", "reason") << column(execution, "ask", "result");
  ASSERT_EQ(api.requests.size(), 1u);
  EXPECT_EQ(api.requests[0].url, "http://example.com/Test");
  EXPECT_EQ(api.requests[0].body, R"({"number":2})");
  EXPECT_EQ(column(execution, "ask", "json_array_length(tries)"), "1");
  EXPECT_EQ(column(execution, "ask", "tries->0->>'http_status'"), "201");
}

TEST_F(BlockTest, ATransientFailureIsTriedAgainInsideTheStep) {
  int asked = 0;
  api.answer = [&asked](const domain::ApiRequest&) {
    return ++asked == 1 ? answered(503, "busy") : answered(200, "{}");
  };
  start();
  const auto execution =
      run_to_end(R"([{"name": "Ask", "type": "api", "config": {"url": "http://example.com/"}}])");
  EXPECT_EQ(status_of(execution), "completed");
  EXPECT_EQ(column(execution, "ask", "json_array_length(tries)"), "2");
  EXPECT_NE(column(execution, "ask", "tries->0->>'next_try_at'"), "");
  EXPECT_EQ(step_ids(execution).size(), 1u);
}

TEST_F(BlockTest, ARequestThatMayNotBeRepeatedIsMadeOnce) {
  api.answer = [](const domain::ApiRequest&) { return answered(503, "busy"); };
  start();
  const auto execution = run_to_end(
      R"([{"name": "Ask", "type": "api", "config": {"method": "POST", "url": "http://example.com/"}}])");
  EXPECT_EQ(status_of(execution), "failed");
  EXPECT_EQ(api.requests.size(), 1u);
}

TEST_F(BlockTest, AStopGivesARequestUp) {
  api.hangs = true;
  start();
  const auto execution = execute(
      add_runbook(R"([{"name": "Ask", "type": "api", "config": {"url": "http://example.com/"}}])"), {});
  run_until([&] { return api.requests.size() == 1; });
  ASSERT_TRUE(control(execution, domain::Stop{}));
  wait_for(execution, "stopped");
  EXPECT_EQ(api.cancelled, 1u);
  EXPECT_EQ(step_statuses(execution), Words{"stopped"});
}

TEST_F(BlockTest, AFailedCommandIsRepeatedOnTheHostsThatFailed) {
  int tries = 0;
  script = [&tries](const RunCommand& command) {
    const bool fails = command.environment.at("RUNBOOK_HOST") == "web2" && ++tries < 3;
    return Script{.exit_code = fails ? 1 : 0};
  };
  start();
  const auto execution = run_to_end(
      R"([{"name": "Run", "type": "command", "config": {"command": "x", "retries": 2}}])", {"web1", "web2"});
  EXPECT_EQ(status_of(execution), "completed");
  EXPECT_EQ(step_statuses(execution), (Words{"error", "error", "success"}));
  const auto steps = step_ids(execution);
  EXPECT_EQ(outcomes(steps[0]).size(), 2u);
  EXPECT_EQ(outcomes(steps[2]).size(), 1u);
  EXPECT_EQ(fleet.runs().size(), 4u);
}

TEST_F(BlockTest, ACommandThatWasLostBeforeItBeganIsSentAgain) {
  int sent = 0;
  script = [&sent](const RunCommand&) {
    if (++sent < 3) return Script{.refused = "too late", .refused_code = "expired"};
    return Script{};
  };
  start();
  const auto execution = run_to_end(R"([{"name": "Run", "type": "command", "config": {"command": "x"}}])");
  EXPECT_EQ(status_of(execution), "completed");
  const auto rows = sql("SELECT number, status, lost FROM attempt ORDER BY number");
  ASSERT_EQ(rows.size(), 3);
  EXPECT_EQ(db::text(rows[0]["status"]), "not_started");
  EXPECT_TRUE(db::boolean(rows[0]["lost"]));
  EXPECT_EQ(db::text(rows[2]["status"]), "success");
}

TEST_F(BlockTest, ARefusedCommandIsNotSentAgain) {
  script = [](const RunCommand&) {
    return Script{.refused = "no such user", .refused_code = "unknown_user"};
  };
  start();
  const auto execution = run_to_end(R"([{"name": "Run", "type": "command", "config": {"command": "x"}}])");
  EXPECT_EQ(status_of(execution), "failed");
  EXPECT_EQ(fleet.runs().size(), 1u);
}

TEST_F(BlockTest, HostsAndLabelsStayAsTheyWereWhenTheStepBegan) {
  start();
  auto asked =
      request(add_runbook(R"([{"name": "Run", "type": "command", "config": {"command": "x"}}])"), {"web1"});
  asked.approval = "each";
  const auto accepted = call(engine().execute(asked, origin()));
  ASSERT_TRUE(accepted.has_value());
  const auto execution = accepted->execution;
  wait_for(execution, "awaiting_approval");
  sql("UPDATE agent SET name = 'other', labels = '{\"role\": \"db\"}' WHERE name = 'web1'");
  crash();
  start();
  const auto step = step_of(execution, "run");
  ASSERT_TRUE(control(execution, domain::Approve{step, column(execution, "run", "approval->>'digest'")}));
  wait_for(execution, "completed");
  ASSERT_EQ(fleet.runs().size(), 1u);
  EXPECT_EQ(fleet.runs()[0].environment.at("RUNBOOK_HOST"), "web1");
  EXPECT_EQ(fleet.runs()[0].environment.at("RUNBOOK_HOST_LABEL_ROLE"), "web");
}

}  // namespace
}  // namespace runbook::testing
