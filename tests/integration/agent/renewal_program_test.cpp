// The agent's program renews its certificate while a command runs: neither the link nor the command notices.
#include <csignal>
#include <filesystem>
#include <fstream>

#include "certs/certificate_facts.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/agent/agent_program.hpp"

namespace runbook::connection {
namespace {

using std::chrono_literals::operator""s;

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool exists(const std::string& path) { return std::filesystem::exists(path); }

TEST_F(AgentProgram, RenewsItsCertificateUnderARunningCommand) {
  controller_.issued_ago = std::chrono::hours{24 * 21};  // past two thirds of 30 days
  ASSERT_EQ(enroll(), 0);
  const auto first = certs::agent_identity_of(contents(state_ + "/agent.crt")).value();
  controller_.hold_renewals();
  ChildProgram agent(words({"run", "--state-dir", state_}));
  run_until([&] { return controller_.connected() && controller_.hello.has_value(); });
  const std::string end = root_ + "/end";
  const auto attempt =
      order("echo before; while [ ! -e '" + end + "' ]; do sleep 0.01; done; echo after", 60s);
  const auto& stored = controller_.stored[attempt];
  run_until([&] { return stored.out == "before\n"; });
  EXPECT_EQ(controller_.renewals, 0);

  controller_.let_renew();
  run_until([&] { return exists(state_ + "/agent-b.crt") && !exists(state_ + "/agent.crt"); });
  EXPECT_EQ(controller_.renewals, 1);
  EXPECT_FALSE(exists(state_ + "/agent.key"));
  EXPECT_EQ(mode(state_ + "/agent-b.key"), 0600U);
  const auto second = certs::agent_identity_of(contents(state_ + "/agent-b.crt")).value();
  EXPECT_EQ(second.agent, first.agent);
  EXPECT_NE(second.serial, first.serial);

  std::ofstream(end) << "";
  run_until([&] { return stored.finished.has_value(); });
  EXPECT_EQ(stored.out, "before\nafter\n");
  EXPECT_EQ(stored.started, 1);
  EXPECT_EQ(controller_.connections, 1);
  EXPECT_EQ(controller_.serial, first.serial);

  controller_.cut();
  run_until([&] { return controller_.connections == 2; });
  EXPECT_EQ(controller_.serial, second.serial);
  agent.signal(SIGTERM);
  run_until([&] { return agent.ended(); });
  EXPECT_EQ(controller_.renewals, 1);
}

TEST_F(AgentProgram, StartsAgainWithItsRenewedCertificate) {
  controller_.issued_ago = std::chrono::hours{24 * 29};
  ASSERT_EQ(enroll(), 0);
  controller_.issued_ago = std::chrono::hours{0};
  {
    ChildProgram agent(words({"run", "--state-dir", state_}));
    run_until([&] { return exists(state_ + "/agent-b.crt") && !exists(state_ + "/agent.crt"); });
    agent.signal(SIGTERM);
    run_until([&] { return agent.ended(); });
  }
  const auto renewed = certs::agent_identity_of(contents(state_ + "/agent-b.crt")).value();
  // What a crash before agent.json was replaced would have left beside it.
  std::ofstream(state_ + "/agent.key") << "half of a key";
  std::ofstream(state_ + "/agent.crt") << "half of a certificate";
  const int before = controller_.connections;
  ChildProgram agent(words({"run", "--state-dir", state_}));
  run_until([&] { return controller_.connections == before + 1; });
  EXPECT_EQ(controller_.serial, renewed.serial);
  EXPECT_EQ(controller_.renewals, 1);
  agent.signal(SIGTERM);
  run_until([&] { return agent.ended(); });
}

}  // namespace
}  // namespace runbook::connection
