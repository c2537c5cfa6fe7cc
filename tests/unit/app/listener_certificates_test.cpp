#include "controller/app/listener_certificates.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "tests/unit/certs/handshake.hpp"
#include "tests/unit/certs/made_certificates.hpp"

namespace runbook::app {
namespace {

using certs::connect;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;

constexpr auto kTwoThirds = 60 * 24h;  // of 90 days

class ListenerCertificatesTest : public testing::Test {
 protected:
  certs::SslContext agent() const {
    const auto key = certs::make_signing_request("host");
    const auto made = authority_.issue_agent(
        key.csr_pem, *Uuid::parse("8b6d4a7e-0c1f-4e2a-9d3b-5f6a7b8c9d0e"), certs::now());
    return certs::agent_link(made->pem, key.key_pem, authority_.certificate_pem());
  }
  static std::string presented(const certs::SslContext& listener) {
    return certs::sha256_hex(SSL_CTX_get0_certificate(listener.get()));
  }

  boost::asio::io_context io_;
  certs::FleetAuthority authority_ = certs::FleetAuthority::create();
  ListenerCertificates certificates_{io_.get_executor(), authority_};
};

TEST_F(ListenerCertificatesTest, AreMadeAnewAtTwoThirdsOfTheirLife) {
  const Time begin = certs::now();
  const auto agents = certificates_.for_agents(begin);
  const auto people = certificates_.for_the_public(begin);
  const auto first = presented(agents);
  certificates_.renew_when_due(begin + kTwoThirds - 1s);
  EXPECT_EQ(presented(agents), first);
  EXPECT_TRUE(connect(agents, agent()));

  certificates_.renew_when_due(begin + kTwoThirds);
  const auto second = presented(agents);
  EXPECT_NE(second, first);
  certificates_.renew_when_due(begin + kTwoThirds + 24h);
  EXPECT_EQ(presented(agents), second);
  certificates_.renew_when_due(begin + 2 * kTwoThirds);
  EXPECT_NE(presented(agents), second);
  EXPECT_NE(presented(people), presented(agents));
}

// Whoever enrols knows only the authority's digest: it has to be sent along after a renewal too.
TEST_F(ListenerCertificatesTest, AreOnesThatAgentsAndNewHostsTrust) {
  const auto agents = certificates_.for_agents(certs::now() - kTwoThirds - 1h);
  certificates_.renew_when_due(certs::now());
  EXPECT_TRUE(connect(agents, agent()));
  EXPECT_TRUE(connect(agents, certs::pinned_client(authority_.sha256())));
}

TEST_F(ListenerCertificatesTest, LeaveAHandshakeThatIsUnderWayAlone) {
  const Time begin = certs::now();
  const auto agents = certificates_.for_agents(begin);
  const certs::SslPtr opened(SSL_new(agents.get()));
  certificates_.renew_when_due(begin + kTwoThirds);
  EXPECT_NE(certs::sha256_hex(SSL_get_certificate(opened.get())), presented(agents));
}

}  // namespace
}  // namespace runbook::app
