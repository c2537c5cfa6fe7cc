#include <gtest/gtest.h>

#include "certs/tls.hpp"

#include "certs/certificate_facts.hpp"
#include "certs/identity.hpp"
#include "tests/unit/certs/forged_certificates.hpp"
#include "tests/unit/certs/handshake.hpp"

namespace runbook::certs {
namespace {

const Uuid kAgent = *Uuid::parse("8b6d4a7e-0c1f-4e2a-9d3b-5f6a7b8c9d0e");

struct LeafShape {
  const char* usage = "clientAuth";
  Time from = now() - std::chrono::hours{1};
  Time until = now() + std::chrono::hours{1};
  const char* dns = nullptr;
};

// A certificate our authority would not issue, signed with its key all the same.
Leaf forged(const FleetAuthority& authority, const LeafShape& shape) {
  const auto issuer = std::move(certificates_from_pem(authority.certificate_pem()).front());
  const KeyPtr issuer_key = key_from_pem(authority.key_pem());
  const KeyPtr key = new_p256_key();
  CertificateBuilder builder;
  builder.subject("forged");
  builder.issuer(issuer.get());
  builder.life(shape.from, shape.until);
  builder.public_key(key.get());
  builder.extension(NID_basic_constraints, "critical,CA:FALSE");
  builder.extension(NID_key_usage, "critical,digitalSignature");
  builder.extension(NID_ext_key_usage, shape.usage);
  builder.extension(NID_subject_key_identifier, "hash");
  builder.extension(NID_authority_key_identifier, "keyid:always", issuer.get());
  const NamesPtr names = no_names();
  if (shape.dns != nullptr) {
    add_dns(*names, shape.dns);
  } else {
    add_uri(*names, agent_uri(kAgent));
  }
  builder.names(names.get());
  return {to_pem(builder.sign(issuer_key.get()).get()), to_pem(key.get())};
}

class Tls : public testing::Test {
 protected:
  SslContext listener() const {
    return agent_listener(controller_.certificate.pem, controller_.key_pem, authority_.certificate_pem());
  }
  SslContext link(const Leaf& leaf) const {
    return agent_link(leaf.pem, leaf.key, authority_.certificate_pem());
  }
  Leaf agent(const FleetAuthority& authority) const {
    const SigningRequest request = make_signing_request("host-1");
    return {authority.issue_agent(request.csr_pem, kAgent, now())->pem, request.key_pem};
  }

  FleetAuthority authority_ = FleetAuthority::create();
  FleetAuthority other_ = FleetAuthority::create();
  FleetAuthority::KeyPair controller_ = authority_.issue_controller(now());
};

TEST_F(Tls, AgentAndControllerMeetOverTls13) {
  const Outcome outcome = connect(listener(), link(agent(authority_)));
  EXPECT_TRUE(outcome);
  EXPECT_FALSE(outcome.client_certificate.empty());
  EXPECT_EQ(outcome.version, "TLSv1.3");
}

TEST_F(Tls, ListenerRefusesBadClientCertificates) {
  EXPECT_FALSE(connect(listener(), link(agent(other_))).server) << "wrong authority";
  EXPECT_FALSE(
      connect(listener(), link(forged(authority_, {.until = now() - std::chrono::minutes{1}}))).server)
      << "expired";
  EXPECT_FALSE(
      connect(listener(), link(forged(authority_, {.from = now() + std::chrono::minutes{30}}))).server)
      << "not valid yet";
  EXPECT_FALSE(connect(listener(), link(forged(authority_, {.usage = "serverAuth"}))).server) << "a server's";
  EXPECT_FALSE(connect(listener(), link({controller_.certificate.pem, controller_.key_pem})).server)
      << "the controller's own";
  EXPECT_FALSE(connect(listener(), link({authority_.certificate_pem(), authority_.key_pem()})).server)
      << "the authority itself";
}

TEST_F(Tls, AuthoritiesOfARolloverAreTrustedTogether) {
  const auto both =
      FleetAuthority::load(authority_.certificate_pem() + other_.certificate_pem(), authority_.key_pem());
  const SslContext server =
      agent_listener(controller_.certificate.pem, controller_.key_pem, both.trusted_pem());
  EXPECT_TRUE(connect(server, link(agent(authority_))));
  EXPECT_TRUE(connect(server, link(agent(other_))));
  const auto theirs = other_.issue_controller(now());
  const SslContext next = agent_listener(theirs.certificate.pem, theirs.key_pem, other_.certificate_pem());
  const Leaf leaf = agent(other_);
  EXPECT_TRUE(connect(next, agent_link(leaf.pem, leaf.key, both.trusted_pem())));
  EXPECT_FALSE(connect(next, agent_link(leaf.pem, leaf.key, authority_.certificate_pem())).client);
}

TEST_F(Tls, ListenerLetsOneWithoutCertificateIn) {
  const Outcome outcome = connect(listener(), pinned_client(authority_.sha256()));
  EXPECT_TRUE(outcome);
  EXPECT_TRUE(outcome.client_certificate.empty());
}

TEST_F(Tls, PinnedClientTakesTheDigestInCapitalsToo) {
  std::string digest = authority_.sha256();
  for (char& c : digest) c = static_cast<char>(std::toupper(c));
  EXPECT_TRUE(connect(listener(), pinned_client(digest)));
}

TEST_F(Tls, PinnedClientRefusesEverythingElse) {
  EXPECT_FALSE(connect(listener(), pinned_client(other_.sha256())).client) << "another authority's digest";
  EXPECT_FALSE(connect(listener(), pinned_client(certificate_sha256(controller_.certificate.pem))).client)
      << "the digest of the leaf";
  const auto serve = [&](const LeafShape& shape) {
    const Leaf leaf = forged(authority_, shape);
    return connect(agent_listener(leaf.pem, leaf.key, authority_.certificate_pem()),
                   pinned_client(authority_.sha256()))
        .client;
  };
  EXPECT_TRUE(serve({.usage = "serverAuth", .dns = "controller.runbook.internal"}));
  EXPECT_FALSE(serve({.usage = "serverAuth", .dns = "other.runbook.internal"})) << "wrong name";
  EXPECT_FALSE(serve({.usage = "serverAuth", .dns = "*.runbook.internal"})) << "wildcard";
  EXPECT_FALSE(serve({.usage = "clientAuth", .dns = "controller.runbook.internal"})) << "no serverAuth";
  EXPECT_FALSE(serve({.usage = "serverAuth",
                      .until = now() - std::chrono::minutes{1},
                      .dns = "controller.runbook.internal"}))
      << "expired";
}

TEST_F(Tls, PinnedClientRefusesALeafOfAnotherAuthorityBesideThePinnedOne) {
  const auto impostor = other_.issue_controller(now());
  const SslContext context = agent_listener(impostor.certificate.pem + authority_.certificate_pem(),
                                            impostor.key_pem, authority_.certificate_pem());
  EXPECT_FALSE(connect(context, pinned_client(authority_.sha256())).client);
}

TEST_F(Tls, LinkRefusesOtherServers) {
  const auto impostor = other_.issue_controller(now());
  const SslContext wrong_authority =
      agent_listener(impostor.certificate.pem, impostor.key_pem, authority_.certificate_pem());
  EXPECT_FALSE(connect(wrong_authority, link(agent(authority_))).client);
  const Leaf agent_as_server = agent(authority_);
  const SslContext not_a_server =
      agent_listener(agent_as_server.pem, agent_as_server.key, authority_.certificate_pem());
  EXPECT_FALSE(connect(not_a_server, link(agent(authority_))).client);
}

TEST_F(Tls, AgentListenerSpeaksNothingOlderThan13) {
  const SslContext client = pinned_client(authority_.sha256());
  SSL_CTX_set_min_proto_version(client.get(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(client.get(), TLS1_2_VERSION);
  EXPECT_FALSE(connect(listener(), client));
}

TEST_F(Tls, PublicListenerSpeaks12And13ButNotOlder) {
  const SslContext server =
      public_listener(controller_.certificate.pem + authority_.certificate_pem(), controller_.key_pem);
  const auto with = [&](int version) {
    const SslContext client = pinned_client(authority_.sha256());
    SSL_CTX_set_security_level(client.get(), 0);
    SSL_CTX_set_min_proto_version(client.get(), version);
    SSL_CTX_set_max_proto_version(client.get(), version);
    return static_cast<bool>(connect(server, client));
  };
  EXPECT_TRUE(with(TLS1_3_VERSION));
  EXPECT_TRUE(with(TLS1_2_VERSION));
  EXPECT_FALSE(with(TLS1_1_VERSION));
  EXPECT_FALSE(with(TLS1_VERSION));
}

TEST_F(Tls, UnusableTextsAreRefused) {
  EXPECT_THROW(pinned_client("abc"), std::runtime_error);
  EXPECT_THROW(pinned_client(std::string(64, 'g')), std::runtime_error);
  EXPECT_THROW(
      agent_listener(controller_.certificate.pem, authority_.key_pem(), authority_.certificate_pem()),
      std::runtime_error);
  EXPECT_THROW(agent_listener(controller_.certificate.pem, controller_.key_pem, ""), std::runtime_error);
  EXPECT_THROW(public_listener("", controller_.key_pem), std::runtime_error);
}

}  // namespace
}  // namespace runbook::certs
