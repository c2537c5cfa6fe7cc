// Who an agent is, is its certificate: neither what it says nor what it sends along counts, and what is not
// its own closes the link and is told of.
#include <openssl/ssl.h>

#include "agent/connection/dial.hpp"
#include "agent/connection/http_post.hpp"
#include "certs/tls.hpp"
#include "protocol/messages/frame.hpp"
#include "tests/integration/fleet/real_fleet.hpp"

namespace runbook::testing {
namespace {

using std::chrono_literals::operator""s;
namespace asio = boost::asio;

class AgentIdentityTest : public RealFleet {
 protected:
  std::int64_t refusals(const Uuid& agent) {
    return count(
        "SELECT count(*) FROM audit_event WHERE action = 'agent.refused' AND result = 'refused' AND "
        "object_id = '" +
        agent.str() + "'");
  }
  // Two agents on a controller; each has an attempt of its own.
  void start_two() {
    controller_ = &start_controller();
    one_ = add_agent("one");
    two_ = add_agent("two");
    ASSERT_TRUE(call(one_.greet(controller_->url())));
    ASSERT_TRUE(call(two_.greet(controller_->url())));
    const auto runbook = add_runbook(
        R"([{"name": "Do", "type": "command", "config": {"command": "true", "approval": "none"}}])");
    execute(*controller_, runbook, {"one", "two"});
    ones_ = call(one_.hear_run()).value().attempt;
    twos_ = call(two_.hear_run()).value().attempt;
  }
  // What a good agent's certificate gets on other ways than the link.
  static asio::awaitable<int> asked(std::string url, connection::AgentCertificate certificate,
                                    std::string path, std::string host) {
    const auto tls = certs::agent_link(certificate.certificate_pem, certificate.key_pem, certificate.ca_pem);
    const auto stream = co_await connection::dial(connection::parse_address(url).value(), tls);
    const auto answer = co_await connection::http_post(*stream, host, path, "{}");
    stream->close();
    co_return answer ? answer->status : 0;
  }
  // How many TLS sessions a later connection could take up.
  static asio::awaitable<int> resumable(std::string url, connection::AgentCertificate certificate) {
    const auto address = connection::parse_address(url).value();
    const auto tls = certs::agent_link(certificate.certificate_pem, certificate.key_pem, certificate.ca_pem);
    int sessions = 0;
    SSL_CTX_set_app_data(tls.get(), &sessions);
    SSL_CTX_set_session_cache_mode(tls.get(), SSL_SESS_CACHE_CLIENT);
    SSL_CTX_clear_options(tls.get(), SSL_OP_NO_TICKET);
    SSL_CTX_sess_set_new_cb(tls.get(), [](SSL* ssl, SSL_SESSION*) {
      ++*static_cast<int*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
      return 0;
    });
    const auto stream = co_await connection::dial(address, tls);
    const auto answer =
        co_await connection::http_post(*stream, "controller.runbook.internal", "/renew", "{}");
    stream->close();
    EXPECT_TRUE(answer.has_value());
    co_return sessions;
  }

  Controller* controller_ = nullptr;
  TestAgent one_;
  TestAgent two_;
  Uuid ones_;
  Uuid twos_;
};

TEST_F(AgentIdentityTest, IsNotWhatAHelloSays) {
  auto& controller = start_controller();
  auto one = add_agent("one");
  auto two = add_agent("two");
  auto pretends = one.hello();
  pretends.hostname = two.name;
  pretends.boot_id = two.id.str();
  ASSERT_TRUE(call(one.connect(controller.url())));
  auto text = encode(AgentMessage(pretends));
  text.insert(1, R"("agent_id":")" + two.id.str() + R"(","agent":")" + two.id.str() + R"(",)");
  one.say_text(text);
  ASSERT_TRUE(call(one.hear()));
  EXPECT_TRUE(controller.hub->incarnation(one.id).has_value());
  EXPECT_FALSE(controller.hub->incarnation(two.id).has_value());
  EXPECT_EQ(count("SELECT count(*) FROM agent WHERE name = 'one'"), 1);
}

TEST_F(AgentIdentityTest, ReportsOnAnothersAttemptAreRefusedAndToldOf) {
  start_two();
  const std::string digest(64, '0');
  Finished finished;
  finished.attempt = twos_;
  finished.exit_code = 0;
  finished.stdout_sha256 = finished.stderr_sha256 = digest;
  const std::vector<std::pair<const char*, std::function<void()>>> cases = {
      {"started", [&] { one_.say(Started{twos_, 1, {}}); }},
      {"refused", [&] { one_.say(Refused{twos_, "spawn_failed", "nothing there"}); }},
      {"finished", [&] { one_.say(finished); }},
      {"output", [&] { one_.say_bytes(encode_frame(twos_, Stream::kStdout, 0, "lies")); }},
  };
  std::int64_t told = 0;
  for (const auto& [name, say] : cases) {
    SCOPED_TRACE(name);
    say();
    EXPECT_TRUE(call(one_.cut_within(20s)));
    EXPECT_EQ(one_.close_code(), static_cast<std::uint16_t>(transport::CloseCode::kPolicy));
    ++told;
    run_until([&] { return refusals(one_.id) == told; });
    EXPECT_EQ(status_of_attempt(twos_), "dispatched");
    ASSERT_TRUE(call(one_.greet(controller_->url())));
  }
  EXPECT_EQ(count("SELECT count(*) FROM output_chunk"), 0);
  EXPECT_TRUE(controller_->hub->incarnation(two_.id).has_value());
}

TEST_F(AgentIdentityTest, AHelloThatNamesAnothersAttemptIsRefusedAndToldOf) {
  start_two();
  auto hello = one_.hello();
  hello.attempts.push_back({.attempt = twos_, .started = true});
  ASSERT_TRUE(call(one_.connect(controller_->url())));
  one_.say(hello);
  EXPECT_TRUE(call(one_.cut_within(20s)));
  EXPECT_EQ(one_.close_code(), static_cast<std::uint16_t>(transport::CloseCode::kPolicy));
  run_until([&] { return refusals(one_.id) == 1; });
  EXPECT_EQ(status_of_attempt(twos_), "dispatched");
}

TEST_F(AgentIdentityTest, HeadersNameNobody) {
  auto& controller = start_controller();
  auto one = add_agent("one");
  auto two = add_agent("two");
  // A Host header is all of a request that this client lets a test choose: enough to put more lines in.
  const auto host = "controller.runbook.internal\r\nX-Agent-Id: " + two.id.str() +
                    "\r\nX-Client-Cert: " + two.id.str() + "\r\nX-SSL-Client-S-DN: CN=" + two.id.str() +
                    "\r\nX-Forwarded-Client-Cert: URI=spiffe://runbook/agent/" + two.id.str();
  EXPECT_EQ(call(asked(controller.url(), one.certificate, "/renew", host)), 422);  // no signing request
  EXPECT_EQ(call(asked(controller.url(), one.certificate, "/agent", host)), 405);
  EXPECT_EQ(call(asked(controller.url(), one.certificate, "/agents/" + two.id.str(), host)), 404);
}

TEST_F(AgentIdentityTest, IsProvenAtEachConnectionBecauseNoSessionIsTakenUp) {
  auto& controller = start_controller();
  const auto one = add_agent("one");
  EXPECT_EQ(call(resumable(controller.url(), one.certificate)), 0);
}

TEST_F(AgentIdentityTest, CertificatesOfNobodyAreRefusedAndToldOf) {
  auto& controller = start_controller();
  auto one = add_agent("one");
  const auto refused = [&](TestAgent& agent, const char* name) {
    SCOPED_TRACE(name);
    const auto before = refusals(agent.id);
    EXPECT_FALSE(call(agent.greet(controller.url())));
    run_until([&] { return refusals(agent.id) == before + 1; });
    EXPECT_EQ(call(asked(controller.url(), agent.certificate, "/renew", "controller.runbook.internal")), 422);
    EXPECT_FALSE(controller.hub->incarnation(agent.id).has_value());
  };
  TestAgent stranger = add_agent("stranger");
  sql("DELETE FROM agent_certificate WHERE agent_id = '" + stranger.id.str() + "'");
  refused(stranger, "of no serial that was issued");
  TestAgent borrowed = add_agent("borrowed");
  sql("UPDATE agent_certificate SET agent_id = '" + one.id.str() + "' WHERE agent_id = '" +
      borrowed.id.str() + "'");
  refused(borrowed, "of another agent's serial");
  TestAgent replaced = add_agent("replaced");
  sql("UPDATE agent_certificate SET ended_at = now() WHERE agent_id = '" + replaced.id.str() + "'");
  refused(replaced, "replaced");
  TestAgent ended = add_agent("ended");
  sql("UPDATE agent_certificate SET not_after = now() - interval '1 second' WHERE agent_id = '" +
      ended.id.str() + "'");
  refused(ended, "ended");
  TestAgent revoked = add_agent("revoked");
  sql("UPDATE agent SET revoked_at = now() WHERE id = '" + revoked.id.str() + "'");
  refused(revoked, "revoked");
}

}  // namespace
}  // namespace runbook::testing
