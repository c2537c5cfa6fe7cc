// runbook-agent as a program: enroll, run, status, against a controller in the test's process.
#include <csignal>
#include <fstream>

#include "tests/integration/agent/agent_program.hpp"

namespace runbook::connection {
namespace {

using std::chrono_literals::operator""s;

TEST_F(AgentProgram, EnrolsOnceAndKeepsItsKeyToItself) {
  EXPECT_EQ(enroll(), 0);
  EXPECT_EQ(mode(state_), 0700U);
  EXPECT_EQ(mode(state_ + "/agent.key"), 0600U);
  std::ifstream file(state_ + "/agent.json");
  const std::string json((std::istreambuf_iterator<char>(file)), {});
  EXPECT_TRUE(contains(json, R"("name":"web-1")")) << json;
  EXPECT_TRUE(contains(json, R"("role":"web")")) << json;

  ChildProgram again(enrolment("token-2"));
  EXPECT_EQ(enroll(again), 1);
  EXPECT_TRUE(contains(again.output(), "enrolled already"));
  controller_.token = "token-2";
  ChildProgram replaced(enrolment("token-2", {"--replace"}));
  EXPECT_EQ(enroll(replaced), 0);
}

TEST_F(AgentProgram, SaysWhyAnEnrolmentFailed) {
  ChildProgram wrong_token(enrolment("guess"));
  EXPECT_EQ(enroll(wrong_token), 1);
  EXPECT_EQ(wrong_token.output(), "The controller refused the enrolment: The token is unknown or used.\n");

  auto arguments = enrolment("token-1");
  *(std::find(arguments.begin(), arguments.end(), "--ca-sha256") + 1) = std::string(64, 'a');
  ChildProgram wrong_ca(arguments);
  EXPECT_EQ(enroll(wrong_ca), 1);
  EXPECT_TRUE(contains(wrong_ca.output(), "does not have a certificate of the CA")) << wrong_ca.output();
  EXPECT_EQ(controller_.token, "token-1");  // not shown to a stranger

  const auto [code, text] = simple({"enroll", "--controller", "https://127.0.0.1:1", "--token", "t",
                                    "--ca-sha256", std::string(64, 'a'), "--state-dir", state_});
  EXPECT_EQ(code, 1);
  EXPECT_TRUE(contains(text, "cannot be reached: Connection refused")) << text;
  EXPECT_FALSE(std::filesystem::exists(state_ + "/agent.json"));
}

TEST_F(AgentProgram, NamesWrongUsage) {
  EXPECT_EQ(simple({}).first, 2);
  EXPECT_EQ(simple({"fly"}).first, 2);
  EXPECT_EQ(simple({"enroll"}).first, 2);
  EXPECT_EQ(simple({"--help"}).first, 0);
  const auto bad = [&](const std::string& url, const std::string& digest, const std::string& labels) {
    return simple({"enroll", "--controller", url, "--token", "t", "--ca-sha256", digest, "--labels", labels,
                   "--state-dir", state_});
  };
  const std::string digest(64, 'a');
  EXPECT_TRUE(contains(bad("http://h:1", digest, "").second, "is not the address of a controller"));
  EXPECT_TRUE(contains(bad("https://h:1", "abc", "").second, "64 hex digits"));
  EXPECT_TRUE(contains(bad("https://h:1", digest, "role").second, "\"role\" in --labels is not KEY=VALUE"));
  EXPECT_EQ(bad("https://h:1", digest, "a=b,a=c").first, 2);
}

TEST_F(AgentProgram, NeedsAnIdentityToRun) {
  const auto [code, text] = simple({"run", "--state-dir", state_});
  EXPECT_EQ(code, 1);
  EXPECT_TRUE(contains(text, "enrol this host first")) << text;
  EXPECT_EQ(simple({"status", "--state-dir", state_}).first, 1);
}

TEST_F(AgentProgram, RunsCommandsUntilItIsStoppedAndReportsTheirEnd) {
  ASSERT_EQ(enroll(), 0);
  EXPECT_EQ(simple({"status", "--state-dir", state_}).first, 1);
  ChildProgram agent(words({"run", "--state-dir", state_}));
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });

  const auto second = simple({"run", "--state-dir", state_});
  EXPECT_EQ(second.first, 1);
  EXPECT_TRUE(contains(second.second, "Another agent is running on the state directory")) << second.second;

  RunCommand run;
  run.attempt = runtime::new_uuid();
  run.argv = {"/bin/sh"};
  run.script = "echo $HOME; trap 'echo stopping; exit 5' TERM; echo ready; while :; do sleep 0.01; done";
  run.timeout = 60s;
  run.stop_grace = 60s;
  run.expires_at = present() + 30s;
  controller_.send(run);
  const auto& stored = controller_.stored[run.attempt];
  run_until([&] { return contains(stored.out, "ready\n"); });
  run_until(
      [&] { return simple({"status", "--state-dir", state_}).second.ends_with("commands running: 1.\n"); });
  EXPECT_EQ(simple({"status", "--state-dir", state_}).first, 0);
  EXPECT_EQ(mode(state_ + "/status.json"), 0600U);

  agent.signal(SIGTERM);
  run_until([&] { return agent.ended(); });
  EXPECT_EQ(agent.wait(), 0);
  EXPECT_TRUE(contains(stored.out, "ready\nstopping\n"));
  ASSERT_TRUE(stored.finished);
  EXPECT_EQ(stored.finished->cause, EndCause::kStop);
  EXPECT_EQ(stored.finished->exit_code, 5);
  EXPECT_EQ(simple({"status", "--state-dir", state_}).first, 1);
}

TEST_F(AgentProgram, KillsAtOnceAtTheSecondSignal) {
  ASSERT_EQ(enroll(), 0);
  ChildProgram agent(words({"run", "--state-dir", state_}));
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  RunCommand run;
  run.attempt = runtime::new_uuid();
  run.argv = {"/bin/sh"};
  run.script = "trap 'echo termed' TERM; echo ready; while :; do sleep 0.01; done";
  run.timeout = 60s;
  run.stop_grace = 60s;
  run.expires_at = present() + 30s;
  controller_.send(run);
  const auto& stored = controller_.stored[run.attempt];
  run_until([&] { return contains(stored.out, "ready\n"); });
  agent.signal(SIGINT);
  run_until([&] { return contains(stored.out, "termed\n"); });
  agent.signal(SIGINT);
  run_until([&] { return agent.ended(); });
  ASSERT_TRUE(stored.finished);
  EXPECT_EQ(stored.finished->signal, SIGKILL);
}

TEST_F(AgentProgram, KeepsStreamsApartWhenItWasStartedWithoutStandardDescriptors) {
  ASSERT_EQ(enroll(), 0);
  const std::string line =
      "exec '" + std::string(RUNBOOK_AGENT_PROGRAM) + "' run --state-dir '" + state_ + "' <&- >&- 2>&-";
  ChildProgram agent({"/bin/sh", "-c", line});
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  RunCommand run;
  run.attempt = runtime::new_uuid();
  run.argv = {"/bin/sh"};
  run.script = "echo out; echo err >&2; ls /proc/self/fd | wc -l";
  run.timeout = 60s;
  run.expires_at = present() + 30s;
  controller_.send(run);
  const auto& stored = controller_.stored[run.attempt];
  run_until([&] { return stored.finished.has_value(); });
  EXPECT_EQ(stored.out, "out\n4\n");
  EXPECT_EQ(stored.err, "err\n");
  agent.signal(SIGTERM);
  run_until([&] { return agent.ended(); });
}

// A recording of a dispatch, played to the agent's next process, which knows nothing of the last one.
TEST_F(AgentProgram, RunsARecordedCommandNotEvenAfterItsRestart) {
  ASSERT_EQ(enroll(), 0);
  std::optional<RunCommand> recorded;
  controller_.alter = [&recorded](RunCommand& run) { recorded = run; };
  {
    ChildProgram agent(words({"run", "--state-dir", state_}));
    run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
    RunCommand run;
    run.attempt = runtime::new_uuid();
    run.argv = {"/bin/sh"};
    run.script = "echo once";
    run.timeout = 60s;
    run.expires_at = present() + 30s;
    controller_.send(run);
    run_until([&] { return controller_.stored[run.attempt].finished.has_value(); });
    agent.signal(SIGTERM);
    run_until([&] { return agent.ended(); });
  }
  auto& stored = controller_.stored[recorded->attempt];
  EXPECT_EQ(stored.out, "once\n");
  controller_.hello.reset();
  ChildProgram next(words({"run", "--state-dir", state_}));
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  controller_.send(*recorded);
  run_until([&] { return stored.refused.has_value(); });
  EXPECT_EQ(stored.refused->code, "bad_signature");
  EXPECT_EQ(stored.started, 1);
  next.signal(SIGTERM);
  run_until([&] { return next.ended(); });
}

}  // namespace
}  // namespace runbook::connection
