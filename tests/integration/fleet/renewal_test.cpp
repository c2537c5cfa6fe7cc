// Certificates renewed by those who hold them, against the real listener: what is given, what stays good and
// what ends; and the fleet's authority rolled over with agents connected all the time.
#include <openssl/pem.h>

#include "agent/connection/link.hpp"
#include "agent/connection/renewal.hpp"
#include "certs/certificate_facts.hpp"
#include "certs/openssl.hpp"
#include "certs/tls.hpp"
#include "tests/integration/fleet/real_fleet.hpp"

namespace runbook::testing {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""h;
using connection::AgentCertificate;
namespace asio = boost::asio;

constexpr auto kDay = 24h;

class RenewalTest : public RealFleet {
 protected:
  Result<AgentCertificate> renew(const Controller& controller, const TestAgent& agent) {
    return call(connection::renew_certificate(connection::parse_address(controller.url()).value(),
                                              agent.certificate, agent.id));
  }
  static std::string serial(const AgentCertificate& certificate) {
    return certs::agent_identity_of(certificate.certificate_pem)->serial;
  }
  bool can_connect(const Controller& controller, TestAgent agent) {
    return call(agent.greet(controller.url())).has_value();
  }
};

TEST_F(RenewalTest, GivesTheSameAgentAnotherCertificateForThirtyDays) {
  auto& controller = start_controller();
  const auto agent = add_agent("web-1", 21 * kDay);
  const auto renewed = renew(controller, agent);
  ASSERT_TRUE(renewed.has_value()) << renewed.error().message;
  EXPECT_EQ(certs::agent_identity_of(renewed->certificate_pem)->agent, agent.id);
  EXPECT_NE(renewed->key_pem, agent.certificate.key_pem);
  const auto life = certs::certificate_life(renewed->certificate_pem).value();
  EXPECT_EQ(life.until - life.issued, limits::kAgentCertificateLife);
  EXPECT_EQ(count("SELECT count(*) FROM agent WHERE certificate_serial = '" + serial(*renewed) +
                  "' AND certificate_until > now() + interval '29 days'"),
            1);
  EXPECT_EQ(count("SELECT count(*) FROM audit_event WHERE action = 'agent.renew' AND object_id = '" +
                  agent.id.str() + "'"),
            1);
}

TEST_F(RenewalTest, LeavesTheLinkAndBothCertificatesGood) {
  auto& controller = start_controller();
  auto agent = add_agent("web-1", 21 * kDay);
  ASSERT_TRUE(call(agent.greet(controller.url())));
  auto renewed = agent;
  renewed.leave();
  renewed.certificate = renew(controller, agent).value();
  // The link of the old certificate goes on: what is sent over it arrives.
  const auto runbook = add_runbook(
      R"([{"name": "Do", "type": "command", "config": {"command": "true", "approval": "none"}}])");
  execute(controller, runbook, {"web-1"});
  EXPECT_TRUE(call(agent.hear_run()).has_value());
  auto old = agent;
  old.leave();
  EXPECT_TRUE(can_connect(controller, old));
  EXPECT_TRUE(can_connect(controller, renewed));
}

TEST_F(RenewalTest, EndsEveryCertificateButTheTwo) {
  auto& controller = start_controller();
  const auto first = add_agent("web-1", 21 * kDay);
  auto second = first;
  second.certificate = renew(controller, first).value();
  auto third = first;
  third.certificate = renew(controller, second).value();
  EXPECT_FALSE(can_connect(controller, first));
  EXPECT_FALSE(renew(controller, first).has_value());
  EXPECT_TRUE(can_connect(controller, second));
  EXPECT_TRUE(can_connect(controller, third));
}

// The answer was lost: the certificate nobody has ends with the next try.
TEST_F(RenewalTest, MayBeAskedForAgain) {
  auto& controller = start_controller();
  auto agent = add_agent("web-1", 21 * kDay);
  const auto lost = renew(controller, agent).value();
  auto renewed = agent;
  renewed.certificate = renew(controller, agent).value();
  EXPECT_TRUE(can_connect(controller, renewed));
  auto finder = agent;
  finder.certificate = lost;
  EXPECT_FALSE(can_connect(controller, finder));
}

// A copy of a certificate is worth nothing once its owner has gone on with the next one.
TEST_F(RenewalTest, AReplacedCertificateEndsWhenItsSuccessorIsUsed) {
  auto& first = start_controller();
  auto& second = start_controller();
  auto owner = add_agent("web-1", 21 * kDay);
  auto thief = owner;
  ASSERT_TRUE(call(thief.greet(first.url())));
  const auto stolen_twice = renew(first, owner).value();
  owner.certificate = renew(first, owner).value();
  ASSERT_TRUE(call(owner.greet(second.url())));
  EXPECT_TRUE(call(thief.cut_within(10s))) << "its link, on another controller";
  const auto refusals = [&] {
    return count("SELECT count(*) FROM audit_event WHERE action = 'agent.refused' AND result = 'refused'");
  };
  const auto before = refusals();
  const auto refused = renew(first, thief);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("401"), std::string::npos) << refused.error().message;
  EXPECT_EQ(refusals(), before + 1);
  EXPECT_FALSE(can_connect(first, thief));
  thief.certificate = stolen_twice;
  EXPECT_FALSE(renew(first, thief).has_value());
  EXPECT_FALSE(can_connect(first, thief));
  EXPECT_EQ(second.hub->connected(), 1U);
  owner.leave();
  EXPECT_TRUE(can_connect(second, owner));
  EXPECT_TRUE(renew(second, owner).has_value());
}

TEST_F(RenewalTest, TheOneInUseIsWhatAnAgentIsToldToHave) {
  auto& controller = start_controller();
  auto agent = add_agent("web-1", 21 * kDay);
  const auto kept = renew(controller, agent).value();
  const auto other = renew(controller, agent).value();
  agent.certificate = kept;
  EXPECT_TRUE(can_connect(controller, agent));
  EXPECT_EQ(count("SELECT count(*) FROM agent WHERE certificate_serial = '" + serial(kept) + "'"), 1);
  agent.certificate = other;
  EXPECT_FALSE(renew(controller, agent).has_value());
}

// Whatever else says that the old one is good.
TEST_F(RenewalTest, NothingIsRenewedPastTheNewestOnceThatWasUsed) {
  auto& controller = start_controller();
  const auto agent = add_agent("web-1", 21 * kDay);
  ASSERT_TRUE(renew(controller, agent).has_value());
  sql("UPDATE agent_certificate c SET used_at = now() FROM agent g WHERE g.certificate_serial = c.serial");
  const auto refused = renew(controller, agent);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("401"), std::string::npos) << refused.error().message;
}

TEST_F(RenewalTest, ATooEagerAgentIsToldToWait) {
  auto& controller = start_controller();
  auto agent = add_agent("web-1", 21 * kDay);
  for (std::size_t i = 0; i < limits::kAgentRenewals; ++i)
    agent.certificate = renew(controller, agent).value();
  const auto refused = renew(controller, agent);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("429"), std::string::npos) << refused.error().message;
  EXPECT_TRUE(can_connect(controller, agent));
}

TEST_F(RenewalTest, AnEndedCertificateRenewsNothing) {
  auto& controller = start_controller();
  const auto edge = add_agent("edge", 30 * kDay - 1h);
  EXPECT_TRUE(renew(controller, edge).has_value());
  const auto late = add_agent("late", 30 * kDay + 1h);
  EXPECT_FALSE(renew(controller, late).has_value());
  EXPECT_FALSE(can_connect(controller, late));
}

// Old, both, new: at each change of the settings controllers start again and agents come back.
TEST_F(RenewalTest, AuthorityRollsOverWithOverlap) {
  const auto next = certs::FleetAuthority::create();
  auto agent = add_agent("web-1");
  auto sleeper = add_agent("sleeper");

  auto both =
      certs::FleetAuthority::load(authority.certificate_pem() + next.certificate_pem(), authority.key_pem());
  auto* controller = &start_controller(both);
  auto welcome = call(agent.greet(controller->url()));
  ASSERT_TRUE(welcome);
  EXPECT_EQ(welcome->authorities, (std::vector<std::string>{authority.sha256(), next.sha256()}));
  const auto now = std::chrono::floor<Time::duration>(std::chrono::system_clock::now());
  EXPECT_TRUE(connection::renewal_due(agent.certificate, welcome->authorities, now));
  agent.certificate = renew(*controller, agent).value();
  EXPECT_FALSE(connection::renewal_due(agent.certificate, welcome->authorities, now));
  EXPECT_EQ(certs::certificate_digests(agent.certificate.ca_pem).size(), 2U);
  stop_controllers();

  both = certs::FleetAuthority::load(next.certificate_pem() + authority.certificate_pem(), next.key_pem());
  controller = &start_controller(both);
  welcome = call(agent.greet(controller->url()));
  ASSERT_TRUE(welcome) << "an agent that knows both trusts the new one's controllers";
  EXPECT_FALSE(can_connect(*controller, sleeper)) << "one that was away does not";
  EXPECT_TRUE(connection::renewal_due(agent.certificate, welcome->authorities, now));
  const auto of_the_old = agent;
  agent.certificate = renew(*controller, agent).value();
  EXPECT_EQ(certs::issuer_sha256(agent.certificate.certificate_pem, agent.certificate.ca_pem), next.sha256());
  EXPECT_FALSE(connection::renewal_due(agent.certificate, welcome->authorities, now));
  EXPECT_TRUE(can_connect(*controller, of_the_old)) << "the overlap";
  stop_controllers();

  controller = &start_controller(next);
  EXPECT_TRUE(call(agent.greet(controller->url())).has_value());
  EXPECT_FALSE(can_connect(*controller, of_the_old)) << "after the overlap";
  EXPECT_FALSE(renew(*controller, of_the_old).has_value());
}

}  // namespace
}  // namespace runbook::testing
