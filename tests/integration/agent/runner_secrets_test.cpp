// Credentials and secrets of commands: in files only while they run, and never in what they print.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "agent/runner/credential_files.hpp"
#include "tests/integration/agent/runner_fixture.hpp"

namespace runbook::runner {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kKey = "-----BEGIN KEY-----\nline one of it\nline two of it\n-----END KEY-----\n";

class RunnerSecrets : public RunnerTest {
 protected:
  RunnerSecrets() {
    std::string folder = "/tmp/runbook-secrets-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = folder;
    settings_.credential_directory = folder_;
    settings_.credential_prefix = "credentials-of-test";
  }
  ~RunnerSecrets() override { std::filesystem::remove_all(folder_); }

  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) names.push_back(entry.path());
    return names;
  }

  static Command with_credentials(std::string text) {
    Command command = script(std::move(text));
    command.credentials = {{Uuid{{1}}, "deploy_key", kKey}, {Uuid{{2}}, "token", "t0ken-of-the-api"}};
    return command;
  }

  std::string folder_;
};

TEST_P(RunnerSecrets, CredentialsAreFilesOfTheCommandWhileItRuns) {
  const auto done = run(with_credentials(R"sh(
      stat -c '%a %u' "$RUNBOOK_CREDENTIAL_DEPLOY_KEY" "$RUNBOOK_CREDENTIAL_TOKEN"
      wc -c < "$RUNBOOK_CREDENTIAL_DEPLOY_KEY"; wc -c < "$RUNBOOK_CREDENTIAL_TOKEN"
      dirname "$RUNBOOK_CREDENTIAL_TOKEN"; ls "$(dirname "$RUNBOOK_CREDENTIAL_TOKEN")")sh"));
  ASSERT_TRUE(done.seen->ending) << done.seen->refused->reason;
  const auto own = fmt::format("600 {}\n", ::geteuid());
  EXPECT_THAT(done.seen->out, ::testing::StartsWith(own + own + fmt::format("{}\n16\n", kKey.size())));
  EXPECT_THAT(done.seen->out, HasSubstr(folder_ + "/credentials-of-test-"));
  EXPECT_THAT(done.seen->out, ::testing::EndsWith("\ndeploy_key\ntoken\n"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_P(RunnerSecrets, CredentialsAreGoneWhenTheEndIsTold) {
  for (const std::string how : {"exit 0", "exit 3", "kill -9 $$", "sleep 60"}) {
    Command command = with_credentials(how);
    command.timeout = std::chrono::milliseconds(how == "sleep 60" ? 100 : 60'000);
    const auto running = start(std::move(command));
    std::vector<std::string> at_end = {"not told"};
    running.seen->on_over = [&] { at_end = left(); };
    finish();
    EXPECT_THAT(at_end, IsEmpty()) << how;
  }
}

TEST_P(RunnerSecrets, CredentialsAreGoneWhenACommandCannotStart) {
  Command command = with_credentials("");
  command.script.clear();
  command.argv = {"/no/such/program"};
  EXPECT_EQ(run(std::move(command)).seen->refused->code, "spawn_failed");
  command = with_credentials("true");
  command.credentials[0].name = "../escape";
  EXPECT_EQ(run(std::move(command)).seen->refused->code, "invalid");
  EXPECT_THAT(left(), IsEmpty());
}

TEST_P(RunnerSecrets, NeitherArgumentsNorEnvironmentHoldACredential) {
  const auto done =
      run(with_credentials(R"(tr '\000' '\n' < /proc/self/environ; tr '\000' ' ' < /proc/$$/cmdline;
                                            echo; env | grep -c t0ken)"));
  EXPECT_THAT(done.seen->out, Not(HasSubstr("******")));  // it would have been masked
  EXPECT_THAT(done.seen->out, ::testing::EndsWith("\n0\n"));
}

// What a killed agent left behind goes when it starts again; nothing else does.
TEST_P(RunnerSecrets, AStartRemovesWhatAnEarlierProcessLeft) {
  const auto account = own_account();
  std::filesystem::create_directory(folder_ + "/credentials-of-test-aaaaaa");
  std::ofstream(folder_ + "/credentials-of-test-aaaaaa/token") << "t0ken";
  std::filesystem::create_directory(folder_ + "/credentials-of-other-aaaaaa");
  std::filesystem::create_directory(folder_ + "/kept");
  std::ofstream(folder_ + "/kept/file") << "kept";
  std::filesystem::create_directory_symlink(folder_ + "/kept", folder_ + "/credentials-of-test-linked");
  remove_left_credentials(folder_, "credentials-of-test");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/credentials-of-test-aaaaaa"));
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/credentials-of-other-aaaaaa"));
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/kept/file"));
  remove_left_credentials(folder_ + "/none", "credentials-of-test");
}

TEST_P(RunnerSecrets, OfAnotherUserIsLeftAlone) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const auto folder = folder_ + "/credentials-of-test-foreign";
  std::filesystem::create_directory(folder);
  ASSERT_EQ(::chown(folder.c_str(), 65534, 65534), 0);
  remove_left_credentials(folder_, "credentials-of-test");
  EXPECT_TRUE(std::filesystem::exists(folder));
}

TEST_P(RunnerSecrets, AnotherUserCanReadItsOwnCredentialsOnly) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(::chmod(folder_.c_str(), 0711), 0);
  Command command = with_credentials(R"(wc -c < "$RUNBOOK_CREDENTIAL_TOKEN"
      stat -c '%a %U' "$RUNBOOK_CREDENTIAL_TOKEN"; touch "$(dirname "$RUNBOOK_CREDENTIAL_TOKEN")/x" 2>&1)");
  command.run_as = "nobody";
  const auto done = run(std::move(command));
  EXPECT_THAT(done.seen->out, ::testing::StartsWith("16\n600 nobody\n"));
  EXPECT_THAT(done.seen->out, HasSubstr("denied"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_P(RunnerSecrets, OutputOfBothStreamsIsMasked) {
  Command command =
      with_credentials(R"(cat "$RUNBOOK_CREDENTIAL_DEPLOY_KEY" "$RUNBOOK_CREDENTIAL_TOKEN"; echo;
      base64 "$RUNBOOK_CREDENTIAL_DEPLOY_KEY"; printf 'pin=%s\n' "$PIN" >&2; printf %s "$PIN" | base64 >&2)");
  command.environment["PIN"] = "hunter2&more";
  command.secrets = {"hunter2&more"};
  const auto done = run(std::move(command));
  EXPECT_EQ(done.seen->out, "******\n******\n******\n");
  EXPECT_EQ(done.seen->err, "pin=******\n******\n");
}

TEST_P(RunnerSecrets, ASecretWrittenByteByByteIsMasked) {
  Command command = script(R"(for c in h u n t e r 2 - s e c r e t; do printf %s "$c"; done; echo .)");
  command.secrets = {"hunter2-secret"};
  EXPECT_EQ(run(std::move(command)).seen->out, "******.\n");
}

TEST_P(RunnerSecrets, WhatLooksLikeASecretIsHeldNoLongerThanNeeded) {
  Command command = script("printf 'ask> hun'; sleep 60");
  command.secrets = {"hunter2-secret"};
  const auto running = start(std::move(command));
  stop_at(running, "ask> ", std::chrono::milliseconds(0));
  finish();
  EXPECT_EQ(running.seen->out, "ask> hun");
}

TEST_P(RunnerSecrets, MaskedOutputFitsIntoTheRoomThereIs) {
  Command command =
      script("for i in 1 2 3 4 5 6 7 8 9; do printf 'x%s-hunter2-secre' $i; done; echo hunter2-secret");
  command.secrets = {"hunter2-secret"};
  const auto running = start(std::move(command));
  Recorder& seen = *running.seen;
  seen.room_left = 3;
  seen.on_output = [&] {
    if (seen.room_left > 0) return;
    boost::asio::post(io_, [&seen, process = running.process] {
      seen.room_left = 3;
      process->read_on();
    });
  };
  finish();
  std::string expected;
  for (int i = 1; i <= 9; ++i) expected += fmt::format("x{}-hunter2-secre", i);
  EXPECT_EQ(seen.out, expected + "******\n");
}

TEST_P(RunnerSecrets, AReasonIsMaskedToo) {
  Command command = program({"/no/such/hunter2-secret"});
  command.secrets = {"hunter2-secret"};
  const auto done = run(std::move(command));
  EXPECT_THAT(done.seen->refused->reason, HasSubstr("/no/such/******"));
}

TEST(MemoryDirectory, IsInMemoryWhereTheHostHasSuchAPlace) {
  const auto found = memory_directory("/otherwise");
  EXPECT_TRUE(found == "/dev/shm" || found == "/run" || found == "/otherwise");
  if (found != "/otherwise") EXPECT_EQ(::access(found.c_str(), W_OK), 0);
}

INSTANTIATE_TEST_SUITE_P(Trees, RunnerSecrets, ::testing::Values(TreeKind::kCgroup, TreeKind::kSweep));

}  // namespace
}  // namespace runbook::runner
