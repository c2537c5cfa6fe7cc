// Credentials of runbook-agent as a program, and what becomes of them when it is killed.
#include <csignal>
#include <filesystem>

#include "tests/integration/agent/agent_program.hpp"

namespace runbook::connection {
namespace {

using std::chrono_literals::operator""s;

class AgentProgramSecrets : public AgentProgram {
 protected:
  RunCommand with_credential(std::string script) const {
    RunCommand run;
    run.attempt = runtime::new_uuid();
    run.argv = {"/bin/sh"};
    run.script = std::move(script);
    run.timeout = 60s;
    run.stop_grace = 60s;
    run.expires_at = present() + 30s;
    run.credentials = {{Uuid{{1}}, "deploy_key", "the key itself\n"}};
    run.secrets = {"hunter2-and-more"};
    return run;
  }

  // Without its line end.
  static std::string first_line(const std::string& output) { return output.substr(0, output.find('\n')); }
};

TEST_F(AgentProgramSecrets, ReachTheCommandAndAreMaskedInItsOutput) {
  ASSERT_EQ(enroll(), 0);
  ChildProgram agent(words({"run", "--state-dir", state_}));
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  const auto run = with_credential(
      R"(file="$RUNBOOK_CREDENTIAL_DEPLOY_KEY"; echo "$file"; cat "$file"; echo hunter2-and-more >&2)");
  controller_.send(run);
  const auto& stored = controller_.stored[run.attempt];
  run_until([&] { return stored.finished.has_value(); });
  const auto path = first_line(stored.out);
  EXPECT_TRUE(path.ends_with("/deploy_key")) << path;
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(stored.out, path + "\n******\n");
  EXPECT_EQ(stored.err, "******\n");
  EXPECT_EQ(stored.finished->stdout_bytes, stored.out.size());
  agent.signal(SIGTERM);
  run_until([&] { return agent.ended(); });
  EXPECT_FALSE(contains(agent.output(), "hunter2"));
  EXPECT_FALSE(contains(agent.output(), "the key itself"));
}

TEST_F(AgentProgramSecrets, LeftByAKilledAgentAreRemovedAtItsNextStart) {
  ASSERT_EQ(enroll(), 0);
  ChildProgram killed(words({"run", "--state-dir", state_}));
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  // The command ends by itself when its credential is gone.
  const auto run = with_credential(
      R"(file="$RUNBOOK_CREDENTIAL_DEPLOY_KEY"; echo "$file"; while [ -e "$file" ]; do sleep 0.01; done)");
  controller_.send(run);
  const auto& stored = controller_.stored[run.attempt];
  run_until([&] { return contains(stored.out, "\n"); });
  killed.signal(SIGKILL);
  run_until([&] { return killed.ended() && !controller_.connected(); });
  const auto path = first_line(stored.out);
  ASSERT_TRUE(std::filesystem::exists(path)) << path;
  ChildProgram again(words({"run", "--state-dir", state_}));
  run_until([&] { return controller_.connected(); });
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(path).parent_path()));
  again.signal(SIGTERM);
  run_until([&] { return again.ended(); });
}

}  // namespace
}  // namespace runbook::connection
