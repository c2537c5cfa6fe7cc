// An agent's link and renewal through a rollover of the fleet's authority, with a command under way from the
// first step to the last. (Renewal under a real process: integration_agent_program.)
#include "agent/connection/host_facts.hpp"
#include "agent/connection/link.hpp"
#include "certs/certificate_facts.hpp"
#include "certs/tls.hpp"
#include "protocol/runtime/task_group.hpp"
#include "tests/integration/fleet/real_fleet.hpp"
#include "tests/unit/agent/fake_runner.hpp"

namespace runbook::testing {
namespace {

namespace asio = boost::asio;
using std::chrono_literals::operator""s;
using connection::AgentCertificate;

// What agent::AgentProcess is made of, in the test's thread and with nothing on a disk.
class WholeAgent {
 public:
  // `ahead`: of its clock.
  WholeAgent(asio::io_context& io, const TestAgent& identity, const std::string& url,
             std::chrono::hours ahead = std::chrono::hours{0})
      : attempts_(runner, {}, connection::host_clocks(), runner::allow_all, [this] { link_.wake(); }),
        link_(io.get_executor(), link_settings(identity, url), attempts_, [] {}),
        renewal_(io.get_executor(), renewal_settings(identity, url, ahead)),
        tasks_(io.get_executor(), "agent") {
    link_.on_welcome([this](const Welcome& welcome) { renewal_.told(welcome.authorities); });
    tasks_.spawn("link", link_.run());
    tasks_.spawn("renewal", renewal_.run());
  }
  bool connected() const { return link_.state().connected; }
  const AgentCertificate& certificate() const { return renewal_.certificate(); }
  asio::awaitable<void> stop() {
    link_.close();
    co_await tasks_.stop();
  }

  int renewals = 0;
  runner::FakeRunner runner;

 private:
  static connection::LinkSettings link_settings(const TestAgent& identity, const std::string& url) {
    connection::LinkSettings settings;
    settings.controller = connection::parse_address(url).value();
    const auto& own = identity.certificate;
    settings.tls = certs::agent_link(own.certificate_pem, own.key_pem, own.ca_pem);
    settings.hello = connection::host_facts();
    settings.hello.incarnation = identity.incarnation;
    settings.random_unit = [] { return 0.0; };
    return settings;
  }
  connection::RenewalSettings renewal_settings(const TestAgent& identity, const std::string& url,
                                               std::chrono::hours ahead) {
    connection::RenewalSettings settings;
    settings.controller = connection::parse_address(url).value();
    settings.agent = identity.id;
    settings.certificate = identity.certificate;
    settings.now = [ahead] {
      return std::chrono::floor<Time::duration>(std::chrono::system_clock::now() + ahead);
    };
    settings.random_unit = [] { return 0.0; };
    settings.store = [](AgentCertificate) -> asio::awaitable<Result<void>> { co_return Result<void>(); };
    settings.use = [this](const AgentCertificate& renewed) {
      link_.use(certs::agent_link(renewed.certificate_pem, renewed.key_pem, renewed.ca_pem));
      ++renewals;
    };
    return settings;
  }

  connection::Attempts attempts_;
  connection::Link link_;
  connection::CertificateRenewal renewal_;
  runtime::TaskGroup tasks_;
};

class RolloverTest : public RealFleet {
 protected:
  // One step: every controller of the fleet starts again with other settings, at the same address.
  Controller& restart(const certs::FleetAuthority& trusted) {
    stop_controllers();
    return start_controller(trusted, port_);
  }
  std::string newest(const char* column) {
    return sql(std::string("SELECT c.") + column +
               "::text FROM agent g JOIN agent_certificate c ON c.serial = g.certificate_serial")[0][0]
        .as<std::string>();
  }

  unsigned short port_ = 0;
};

TEST_F(RolloverTest, AgentsFollowIt) {
  const auto next = certs::FleetAuthority::create();
  const auto prepared =
      certs::FleetAuthority::load(authority.certificate_pem() + next.certificate_pem(), authority.key_pem());
  const auto switched =
      certs::FleetAuthority::load(next.certificate_pem() + authority.certificate_pem(), next.key_pem());

  auto* controller = &start_controller();
  port_ = controller->server.local_endpoint().port();
  const auto identity = add_agent("web-1");
  WholeAgent agent(io, identity, controller->url());
  run_until([&] { return controller->hub->incarnation(identity.id).has_value(); });
  const auto runbook = add_runbook(
      R"([{"name": "Do", "type": "command", "config": {"command": "work", "approval": "none"}}])");
  const auto execution = execute(*controller, runbook, {"web-1"});
  run_until([&] { return agent.runner.starts.size() == 1; });
  const auto attempt = agent.runner.starts.begin()->first;
  auto& process = agent.runner.of(attempt);
  process.events->started(7, std::chrono::floor<Time::duration>(std::chrono::system_clock::now()));
  process.events->output(Stream::kStdout, "begin\n");
  run_until([&] { return status_of_attempt(attempt) == "running"; });

  restart(prepared);
  run_until([&] { return agent.renewals == 1; });
  EXPECT_EQ(newest("issuer"), authority.sha256());
  EXPECT_NE(newest("trusts").find(next.sha256()), std::string::npos);

  restart(switched);
  run_until([&] { return agent.renewals == 2; });
  EXPECT_EQ(newest("issuer"), next.sha256());

  controller = &restart(next);
  run_until([&] { return controller->hub->incarnation(identity.id).has_value(); });
  run_until([&] { return agent.renewals == 3; });  // it forgets the old authority
  EXPECT_EQ(certs::certificate_digests(agent.certificate().ca_pem), next.trusted_sha256());

  process.events->output(Stream::kStdout, "end\n");
  agent.runner.end(attempt, 0);
  run_until([&] {
    return sql("SELECT status FROM execution WHERE id = '" + execution.str() + "'")[0][0].as<std::string>() ==
           "completed";
  });
  EXPECT_EQ(agent.runner.starts.at(attempt), 1);
  EXPECT_TRUE(process.stops.empty());
  EXPECT_EQ(
      sql("SELECT string_agg(convert_from(data, 'UTF8'), '' ORDER BY start_offset) FROM output_chunk")[0][0]
          .as<std::string>(),
      "begin\nend\n");
  call(agent.stop());
}

// Each new certificate looks as if its time had come.
TEST_F(RolloverTest, AClockThatIsWeeksAheadRenewsOnce) {
  auto& controller = start_controller();
  const auto identity = add_agent("web-1");
  WholeAgent agent(io, identity, controller.url(), std::chrono::hours{24 * 25});
  run_until([&] { return agent.renewals == 1; });
  auto other = add_agent("web-2");
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(call(other.greet(controller.url())));  // time enough for five more
  }
  EXPECT_EQ(agent.renewals, 1);
  EXPECT_EQ(count("SELECT count(*) FROM audit_event WHERE action = 'agent.renew'"), 1);
  call(agent.stop());
}

}  // namespace
}  // namespace runbook::testing
