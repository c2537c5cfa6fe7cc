// runbook-agent as a program: enroll, run, status, against a controller in the test's process.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "protocol/runtime/random.hpp"
#include "tests/integration/agent/child_program.hpp"
#include "tests/integration/agent/fake_controller.hpp"

namespace runbook::connection {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;

Time now() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

class AgentProgram : public testing::Test {
 protected:
  AgentProgram() {
    std::string pattern = testing::TempDir() + "/agent-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    state_ = root_ + "/state/agent";
  }
  ~AgentProgram() override { std::filesystem::remove_all(root_); }

  static std::vector<std::string> words(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), RUNBOOK_AGENT_PROGRAM);
    return arguments;
  }
  std::vector<std::string> enrolment(const std::string& token, std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {
        "enroll", "--controller", controller_.url(), "--token", token, "--ca-sha256", authority_.sha256(),
        "--name", "web-1",        "--state-dir",     state_};
    all.insert(all.end(), more.begin(), more.end());
    return words(all);
  }
  template <class F>
  void run_until(const F& done) {
    const auto limit = std::chrono::steady_clock::now() + 1min;
    io_.restart();
    while (!done() && std::chrono::steady_clock::now() < limit)
      io_.run_one_for(std::chrono::milliseconds(20));
    EXPECT_TRUE(done());
  }
  int enroll(ChildProgram& program) {
    run_until([&] { return program.ended(); });
    return program.wait();
  }
  int enroll() {
    ChildProgram program(enrolment("token-1", {"--labels", "role=web,env=test"}));
    return enroll(program);
  }
  // Exit code and text of a command that needs no controller.
  static std::pair<int, std::string> simple(std::vector<std::string> arguments) {
    ChildProgram program(words(std::move(arguments)));
    const int code = program.wait();
    return {code, program.output()};
  }
  static mode_t mode(const std::string& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
  }
  static bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  std::string root_;
  std::string state_;
  certs::FleetAuthority authority_ = certs::FleetAuthority::create();
  boost::asio::io_context io_{1};
  FakeController controller_{io_, authority_};
};

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
  run.expires_at = now() + 30s;
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
  run.expires_at = now() + 30s;
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
  run.expires_at = now() + 30s;
  controller_.send(run);
  const auto& stored = controller_.stored[run.attempt];
  run_until([&] { return stored.finished.has_value(); });
  EXPECT_EQ(stored.out, "out\n4\n");
  EXPECT_EQ(stored.err, "err\n");
  agent.signal(SIGTERM);
  run_until([&] { return agent.ended(); });
}

}  // namespace
}  // namespace runbook::connection
