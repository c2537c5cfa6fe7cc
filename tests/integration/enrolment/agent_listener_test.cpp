#include "controller/fleet/agent_listener.hpp"

#include <openssl/pem.h>

#include "certs/openssl.hpp"
#include "protocol/messages/control.hpp"
#include "tests/integration/enrolment/fleet_fixture.hpp"

namespace runbook::fleet {
namespace {

// Counts who came; the real hub has tests of its own.
class CountingHub : public AgentHub {
 public:
  std::optional<Uuid> incarnation(const Uuid&) const override { return std::nullopt; }
  bool send(const Uuid&, const ControllerMessage&) override { return false; }
  void drop(const Uuid&, std::string_view) override {}
  void connect_events(engine::AgentEvents&) override {}
  void connect_observer(engine::AgentObserver&) override {}
  boost::asio::awaitable<void> serve(transport::WebSocketChannel) override {
    ++served;
    co_return;
  }
  void disconnect(const Uuid&) override {}
  std::size_t connected() const override { return served; }
  boost::asio::awaitable<void> stop() override { co_return; }

  std::size_t served = 0;
};

class AgentListenerTest : public FleetTest {
 protected:
  http::Response ask(const http::Request& request, const std::string& body = "") {
    TextBody text(body);
    return testing::await(handler_(request, text));
  }

  http::Request agent_request() const {
    http::Request request;
    request.path = "/agent";
    request.upgrade = true;
    request.headers = {{"sec-websocket-protocol", "other, runbook-agent.v1"}};
    request.peer_certificate = certificate_;
    request.secure = true;
    return request;
  }

  std::string agent_certificate() const {
    const auto issued = authority_.issue_agent(
        certs::make_signing_request("x").csr_pem, runtime::new_uuid(),
        std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()));
    return der(issued->pem);
  }

  static std::string der(const std::string& pem) {
    const auto certificate = std::move(certs::certificates_from_pem(pem).front());
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate.get(), &bytes);
    std::string text(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return text;
  }

  CountingHub hub_;
  std::string certificate_ = agent_certificate();
  http::Handler handler_ = agent_listener(enrolment_, renewal_, hub_);
};

TEST_F(AgentListenerTest, EnrolsThoseWithAToken) {
  EXPECT_EQ(ask(request(), boost::json::serialize(wish(token(), "web-1"))).status, 201U);
}

TEST_F(AgentListenerTest, AcceptsAnAgentsCertificateAndSubprotocol) {
  const http::Response response = ask(agent_request());
  EXPECT_TRUE(response.websocket != nullptr);
  EXPECT_EQ(response.websocket_subprotocol, kSubprotocol);
}

TEST_F(AgentListenerTest, RefusesWhoHasNoAgentsCertificate) {
  http::Request nobody = agent_request();
  nobody.peer_certificate.clear();
  EXPECT_EQ(ask(nobody).status, 401U);
  http::Request authority = agent_request();
  authority.peer_certificate = der(authority_.certificate_pem());
  EXPECT_EQ(ask(authority).status, 401U);
  // Names in headers are no identity.
  http::Request pretender = nobody;
  pretender.headers.emplace_back("x-agent-id", runtime::new_uuid().str());
  pretender.headers.emplace_back("x-client-cert", "web-1");
  EXPECT_EQ(ask(pretender).status, 401U);
}

TEST_F(AgentListenerTest, NeedsTheUpgradeAndTheSubprotocol) {
  http::Request plain = agent_request();
  plain.upgrade = false;
  EXPECT_EQ(ask(plain).status, 426U);
  for (const char* offered : {"", "other", "runbook-agent.v2", "runbook-agent.v1x"}) {
    http::Request other = agent_request();
    other.headers = {{"sec-websocket-protocol", offered}};
    EXPECT_EQ(ask(other).status, 426U) << offered;
  }
}

TEST_F(AgentListenerTest, ServesNothingElse) {
  for (const char* path : {"/", "/agent/", "/enroll/x", "/ui/", "/runbooks", "/healthz"}) {
    http::Request other = agent_request();
    other.path = path;
    EXPECT_EQ(ask(other).status, 404U) << path;
  }
  http::Request got = request();
  got.method = http::Method::kGet;
  const http::Response refused = ask(got);
  EXPECT_EQ(refused.status, 405U);
  const std::pair<std::string, std::string> allow("Allow", "POST");
  EXPECT_EQ(std::ranges::count(refused.headers, allow), 1);
}

}  // namespace
}  // namespace runbook::fleet
