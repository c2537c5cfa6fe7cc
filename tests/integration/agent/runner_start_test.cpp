#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "agent/runner/account.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/integration/agent/runner_fixture.hpp"

namespace runbook::runner {
namespace {

using std::chrono_literals::operator""min;

class RunnerStart : public RunnerTest {
 protected:
  void expect_refused(Command command, const std::string& code, const std::string& words) {
    const auto done = run(std::move(command));
    ASSERT_TRUE(done.seen->refused);
    EXPECT_EQ(done.seen->refused->code, code);
    EXPECT_NE(done.seen->refused->reason.find(words), std::string::npos) << done.seen->refused->reason;
    EXPECT_FALSE(done.seen->ending);
    EXPECT_EQ(done.seen->pid, 0);
  }
};

TEST_P(RunnerStart, IsRefusedWithTheReasonOfTheSystem) {
  expect_refused(program({"/no/such/program"}), "spawn_failed",
                 "\"/no/such/program\" cannot be run: No such file");
  expect_refused(program({"no-such-program"}), "spawn_failed", "No such file");
  expect_refused(program({"/etc/passwd"}), "spawn_failed", "Permission denied");
  expect_refused(program({"/"}), "spawn_failed", "Permission denied");
  Command lost = program({"true"});
  lost.working_directory = "/no/such/folder";
  expect_refused(std::move(lost), "spawn_failed", "\"/no/such/folder\" cannot be used: No such file");
}

TEST_P(RunnerStart, IsRefusedForUnknownUsersAndBadInput) {
  Command stranger = program({"true"});
  stranger.run_as = "no-such-user";
  expect_refused(std::move(stranger), "unknown_user", "no-such-user");
  expect_refused(program({}), "invalid", "no program");
  expect_refused(program({"echo", std::string("a\0b", 3)}), "invalid", "NUL");
  Command variable = program({"true"});
  variable.environment["A=B"] = "c";
  expect_refused(std::move(variable), "invalid", "environment variable");
}

TEST_P(RunnerStart, IsRefusedWhenTheStopCameFirst) {
  const auto running = start(script("echo never"));
  running.process->stop(1min);
  finish();
  ASSERT_TRUE(running.seen->refused);
  EXPECT_EQ(running.seen->refused->code, "stopped");
  EXPECT_EQ(running.seen->out, "");
}

TEST_P(RunnerStart, PassesArgumentsUntouched) {
  const auto done = run(program({"printf", "%s|", "a b", "", "$HOME", "'\"", "\xff"}));
  EXPECT_EQ(done.seen->out, "a b||$HOME|'\"|\xff|");
}

TEST_P(RunnerStart, GivesExactlyTheEnvironmentItNames) {
  ::setenv("AGENT_SECRET", "must not be seen", 1);
  Command command = program({"/usr/bin/env", "-0"});
  command.environment = {
      {"RUNBOOK_PARAM_NAME", "two\nlines"}, {"LANG", "C"}, {"RUNBOOK_ATTEMPT_ID", "forged"}};
  settings_.command_tmpdir = "/var/tmp";
  const auto done = run(std::move(command));
  const Account own = own_account();
  std::string expected;
  const auto add = [&expected](const std::string& entry) { expected += entry + '\0'; };
  add("HOME=" + own.home);
  add("LANG=C");
  add("LOGNAME=" + own.name);
  add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  add("RUNBOOK_ATTEMPT_ID=" + done.attempt.str());
  add("RUNBOOK_PARAM_NAME=two\nlines");
  add("SHELL=" + own.shell);
  add("TMPDIR=/var/tmp");
  add("USER=" + own.name);
  EXPECT_EQ(done.seen->out, expected);
}

TEST_P(RunnerStart, GivesACleanProcess) {
  const auto done = run(script(
      "exec 9<&-; ls /proc/self/fd | tr '\\n' ' '; umask; readlink /proc/self/fd/0; cat; "
      "grep -E '^(NoNewPrivs|SigBlk|SigIgn|SigPnd):' /proc/self/status | tr -s '\\t' ' '; "
      "read -r pid name state ppid group session rest < /proc/$$/stat; [ $pid = $session ] && echo leader"));
  // ls has the folder itself open as descriptor 3.
  EXPECT_EQ(done.seen->out,
            "0 1 2 3 0077\n/dev/null\nSigPnd: 0000000000000000\nSigBlk: 0000000000000000\n"
            "SigIgn: 0000000000000000\nNoNewPrivs: 1\nleader\n");
  EXPECT_EQ(done.seen->err, "");
}

TEST_P(RunnerStart, TakesTheWorkingDirectoryOrTheHome) {
  Command there = program({"pwd"});
  there.working_directory = "/usr/bin";
  EXPECT_EQ(run(std::move(there)).seen->out, "/usr/bin\n");
  const Account own = own_account();
  const std::string home = std::filesystem::is_directory(own.home) ? own.home : "/";
  EXPECT_EQ(run(program({"pwd"})).seen->out, home + "\n");
}

TEST_P(RunnerStart, ChangesTheUserWhenTheAgentIsRoot) {
  Command command =
      script("id -un; id -gn; echo $HOME $USER; grep CapEff /proc/self/status | cut -f2; cat /etc/shadow");
  command.run_as = "nobody";
  const auto done = run(std::move(command));
  if (::geteuid() != 0) {
    ASSERT_TRUE(done.seen->refused);
    EXPECT_EQ(done.seen->refused->code, "not_permitted");
    return;
  }
  EXPECT_EQ(done.seen->out, "nobody\nnogroup\n/nonexistent nobody\n0000000000000000\n");
  EXPECT_NE(done.seen->err.find("Permission denied"), std::string::npos);
}

TEST_P(RunnerStart, TakesScriptsOfAnySize) {
  for (const std::string& user : {std::string(), std::string("nobody")}) {
    if (!user.empty() && ::geteuid() != 0) continue;
    Command command = script("echo \"$0\"; dirname \"$1\"; x=1\n");
    while (command.script.size() < 3 * limits::kInlineScriptBytes)
      command.script += "x=$((x+1)) # it's padding\n";
    command.script += "echo end $x";
    command.run_as = user;
    const auto done = run(std::move(command));
    EXPECT_TRUE(done.seen->out.ends_with("end 7562\n")) << done.seen->out << done.seen->err;
    EXPECT_EQ(done.seen->ending->exit_code, 0);
  }
}

TEST_P(RunnerStart, GivesLongTextToOtherInterpretersAsAFile) {
  Command command = program({"/bin/cat", "-e"});
  command.script = std::string(limits::kInlineScriptBytes + 1, 'x');
  const auto done = run(std::move(command));
  EXPECT_EQ(done.seen->out.size(), limits::kInlineScriptBytes + 1);
}

TEST_P(RunnerStart, LeavesNoFileDescriptorZombieOrFolderBehind) {
  const auto count = [](const std::string& folder) {
    const std::filesystem::directory_iterator all(folder);
    return std::distance(begin(all), end(all));
  };
  const std::string temporary = testing::TempDir() + "/scripts-" + std::to_string(::getpid());
  std::filesystem::create_directory(temporary);
  settings_.temporary_directory = temporary;
  run(script("true"));
  const auto before = count("/proc/self/fd");
  for (int i = 0; i < 30; ++i) {
    start(script("(sleep 0 &); exit 0"));
    start(program({"/no/such/program"}));
    start(script("exit 0 #" + std::string(limits::kInlineScriptBytes, 'x')));
  }
  finish();
  EXPECT_EQ(count("/proc/self/fd"), before);
  EXPECT_EQ(count(temporary), 0);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
  std::filesystem::remove_all(temporary);
}

INSTANTIATE_TEST_SUITE_P(Trees, RunnerStart, testing::Values(TreeKind::kCgroup, TreeKind::kSweep),
                         [](const auto& kind) {
                           return kind.param == TreeKind::kCgroup ? "Cgroup" : "Sweep";
                         });

}  // namespace
}  // namespace runbook::runner
