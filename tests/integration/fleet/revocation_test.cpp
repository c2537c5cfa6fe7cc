// A revocation cuts the live link within 5 s, whichever controller it was made on; what comes after it under
// the same name is another agent.
#include "certs/certificate_facts.hpp"
#include "controller/store/agent_view_store.hpp"
#include "tests/integration/fleet/real_fleet.hpp"

namespace runbook::testing {
namespace {

using std::chrono_literals::operator""s;
using Clock = std::chrono::steady_clock;

constexpr auto kCutWithin = 5s;

class RevocationTest : public RealFleet {
 protected:
  // As a controller does it that has no link to the agent.
  void revoke(Controller& by, const Uuid& agent) {
    store::AgentViewStore agents(by.database);
    ASSERT_TRUE(call(agents.revoke(agent, domain::Reach::everything(), audit_.origin())).has_value());
    call(by.engine->agent_revoked(agent));
    by.hub->disconnect(agent);
  }
  RunCommand order_for(Controller& controller, TestAgent& agent) {
    const auto runbook = add_runbook(
        R"([{"name": "Do", "type": "command", "config": {"command": "sleep 60", "approval": "none"}}])");
    execution_ = execute(controller, runbook, {agent.name});
    return call(agent.hear_run()).value();
  }
  void expect_refused(TestAgent& agent) {
    for (const auto& controller : controllers) {
      EXPECT_FALSE(call(agent.greet(controller->url())));
      const auto renewed = call(connection::renew_certificate(
          connection::parse_address(controller->url()).value(), agent.certificate, agent.id));
      EXPECT_FALSE(renewed.has_value());
    }
  }

  Uuid execution_;
};

TEST_F(RevocationTest, CutsTheLinkDuringARunAtOnce) {
  auto& controller = start_controller();
  auto agent = add_agent("web-1");
  ASSERT_TRUE(call(agent.greet(controller.url())));
  const auto order = order_for(controller, agent);
  agent.say(Started{order.attempt, 1, {}});
  run_until([&] { return status_of_attempt(order.attempt) == "running"; });

  const auto begin = Clock::now();
  revoke(controller, agent.id);
  EXPECT_TRUE(call(agent.cut_within(kCutWithin)));
  RecordProperty(
      "milliseconds",
      static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count()));
  EXPECT_EQ(agent.close_code(), static_cast<std::uint16_t>(transport::CloseCode::kPolicy));
  run_until([&] { return status_of_attempt(order.attempt) == "unknown"; });
  expect_refused(agent);
}

TEST_F(RevocationTest, CutsTheLinkToAnotherControllerWithinFiveSeconds) {
  auto& first = start_controller();
  auto& second = start_controller();
  auto agent = add_agent("web-1");
  auto bystander = add_agent("web-2");
  ASSERT_TRUE(call(agent.greet(second.url())));
  ASSERT_TRUE(call(bystander.greet(second.url())));
  const auto order = order_for(second, agent);
  agent.say(Started{order.attempt, 1, {}});
  run_until([&] { return status_of_attempt(order.attempt) == "running"; });

  const auto begin = Clock::now();
  revoke(first, agent.id);
  EXPECT_TRUE(call(agent.cut_within(kCutWithin)));
  RecordProperty(
      "milliseconds",
      static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count()));
  run_until([&] { return status_of_attempt(order.attempt) == "unknown"; });
  EXPECT_FALSE(second.hub->incarnation(agent.id).has_value());
  EXPECT_TRUE(second.hub->incarnation(bystander.id).has_value());
  run_until([&] {
    return sql("SELECT status FROM execution WHERE id = '" + execution_.str() + "'")[0][0]
               .as<std::string>() == "failed";
  });
  expect_refused(agent);
}

// It does not read, so it never answers the closing handshake.
TEST_F(RevocationTest, CutsALinkWhoseAgentDoesNotAnswer) {
  auto& first = start_controller();
  auto& second = start_controller();
  auto agent = add_agent("web-1");
  ASSERT_TRUE(call(agent.greet(second.url())));
  ASSERT_EQ(second.hub->connected(), 1U);
  revoke(first, agent.id);
  run_until([&] { return second.hub->connected() == 0; }, kCutWithin);
}

TEST_F(RevocationTest, ALinkEndsWithTheCertificateItWasOpenedWith) {
  auto& controller = start_controller();
  auto agent = add_agent("web-1");
  ASSERT_TRUE(call(agent.greet(controller.url())));
  const auto order = order_for(controller, agent);
  // The agent has another one, which does not keep this link alive.
  sql("INSERT INTO agent_certificate (serial, agent_id, not_after) VALUES ('newer', '" + agent.id.str() +
      "', now() + interval '1 day')");
  sql("UPDATE agent SET certificate_serial = 'newer'");
  sql("UPDATE agent_certificate SET not_after = now() - interval '1 second' WHERE serial <> 'newer'");
  EXPECT_TRUE(call(agent.cut_within(kCutWithin)));
  EXPECT_EQ(agent.close_code(), static_cast<std::uint16_t>(transport::CloseCode::kTryAgainLater));
  EXPECT_EQ(status_of_attempt(order.attempt), "dispatched") << "nobody was revoked";
}

TEST_F(RevocationTest, AnAgentThatIsEnrolledAgainInheritsNothing) {
  auto& controller = start_controller();
  auto before = add_agent("web-1");
  ASSERT_TRUE(call(before.greet(controller.url())));
  const auto order = order_for(controller, before);
  revoke(controller, before.id);

  auto after = add_agent("web-1");
  ASSERT_NE(after.id, before.id);
  const auto welcome = call(after.greet(controller.url()));
  ASSERT_TRUE(welcome);
  EXPECT_TRUE(welcome->resume.empty());
  EXPECT_TRUE(welcome->close.empty());
  EXPECT_EQ(count("SELECT count(*) FROM attempt WHERE agent_id = '" + after.id.str() + "'"), 0);

  // Nothing that was meant for the other: the first order it gets is its own.
  const auto own = order_for(controller, after);
  EXPECT_NE(own.attempt, order.attempt);
  EXPECT_NE(own.execution, order.execution);

  // And what the other ran is none of its business.
  auto hello = after.hello();
  hello.attempts.push_back({.attempt = order.attempt, .started = true});
  ASSERT_TRUE(call(after.connect(controller.url())));
  after.say(hello);
  EXPECT_TRUE(call(after.cut_within(kCutWithin)));
  EXPECT_EQ(after.close_code(), static_cast<std::uint16_t>(transport::CloseCode::kPolicy));
}

}  // namespace
}  // namespace runbook::testing
