#include <gtest/gtest.h>

#include "certs/certificate_facts.hpp"
#include "certs/openssl.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/unit/certs/made_certificates.hpp"

namespace runbook::certs {
namespace {

const Uuid kAgent = *Uuid::parse("8b6d4a7e-0c1f-4e2a-9d3b-5f6a7b8c9d0e");

TEST(FleetAuthority, IsAnAuthorityForLeavesOnly) {
  const FleetAuthority authority = FleetAuthority::create();
  const auto certificate = std::move(certificates_from_pem(authority.certificate_pem()).front());
  EXPECT_EQ(X509_check_ca(certificate.get()), 1);
  EXPECT_EQ(X509_get_pathlen(certificate.get()), 0);
  EXPECT_EQ(X509_get_key_usage(certificate.get()),
            static_cast<std::uint32_t>(KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  EXPECT_GE(X509_get_ext_by_NID(certificate.get(), NID_subject_key_identifier, -1), 0);
  int days = 0;
  int seconds = 0;
  ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get()));
  EXPECT_NEAR(days, 3652, 1);
}

TEST(FleetAuthority, ComesBackFromItsPemTexts) {
  const FleetAuthority made = FleetAuthority::create();
  const FleetAuthority loaded = FleetAuthority::load(made.certificate_pem(), made.key_pem());
  EXPECT_EQ(loaded.sha256(), made.sha256());
  EXPECT_EQ(loaded.sha256(), certificate_sha256(made.certificate_pem()));
  EXPECT_EQ(loaded.sha256().size(), 64U);
}

TEST(FleetAuthority, RefusesTextsThatDoNotBelongTogether) {
  const FleetAuthority one = FleetAuthority::create();
  const FleetAuthority two = FleetAuthority::create();
  EXPECT_THROW(FleetAuthority::load(one.certificate_pem(), two.key_pem()), std::runtime_error);
  EXPECT_THROW(FleetAuthority::load("", one.key_pem()), std::runtime_error);
  EXPECT_THROW(FleetAuthority::load(one.certificate_pem(), "no key"), std::runtime_error);
  const auto leaf = one.issue_controller(now());
  EXPECT_THROW(FleetAuthority::load(leaf.certificate.pem, leaf.key_pem), std::runtime_error);
}

TEST(FleetAuthority, GivesAgentsThirtyDays) {
  const FleetAuthority authority = FleetAuthority::create();
  const Time start = now();
  const auto issued = authority.issue_agent(make_signing_request("x").csr_pem, kAgent, start);
  ASSERT_TRUE(issued.has_value());
  EXPECT_EQ(issued->not_after,
            std::chrono::floor<std::chrono::seconds>(start + limits::kAgentCertificateLife));
}

TEST(FleetAuthority, GivesEachCertificateItsOwnSerial) {
  const FleetAuthority authority = FleetAuthority::create();
  const std::string request = make_signing_request("x").csr_pem;
  const auto one = authority.issue_agent(request, kAgent, now());
  const auto two = authority.issue_agent(request, kAgent, now());
  EXPECT_NE(one->serial, two->serial);
  EXPECT_EQ(one->serial.size(), 32U);
}

TEST(FleetAuthority, IssuesNothingThatOutlivesIt) {
  const FleetAuthority authority = FleetAuthority::create();
  const Time late = now() + std::chrono::hours{24 * 3650};
  const auto issued = authority.issue_agent(make_signing_request("x").csr_pem, kAgent, late);
  ASSERT_TRUE(issued.has_value());
  EXPECT_LT(issued->not_after, late + std::chrono::hours{24 * 3});
}

TEST(FleetAuthority, ControllerIsAServerWithItsFixedName) {
  const FleetAuthority authority = FleetAuthority::create();
  const auto pair = authority.issue_controller(now());
  const auto certificate = std::move(certificates_from_pem(pair.certificate.pem).front());
  EXPECT_EQ(X509_get_extended_key_usage(certificate.get()), static_cast<std::uint32_t>(XKU_SSL_SERVER));
  EXPECT_EQ(X509_check_host(certificate.get(), kControllerName.data(), kControllerName.size(), 0, nullptr),
            1);
  EXPECT_EQ(X509_check_host(certificate.get(), "localhost", 9, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_host(certificate.get(), "example.org", 11, 0, nullptr), 0);
}

TEST(FleetAuthority, ItsCertificatesHoldOnAHostWhoseClockIsADayBehind) {
  const FleetAuthority authority = FleetAuthority::create();
  const auto issued = authority.issue_agent(make_signing_request("x").csr_pem, kAgent, now());
  const auto controller = authority.issue_controller(now());
  std::time_t yesterday = std::chrono::system_clock::to_time_t(now() - std::chrono::hours{24});
  for (const auto& pem : {authority.certificate_pem(), issued->pem, controller.certificate.pem}) {
    const auto certificate = std::move(certificates_from_pem(pem).front());
    EXPECT_LT(X509_cmp_time(X509_get0_notBefore(certificate.get()), &yesterday), 0);
  }
}

TEST(FleetAuthority, DigestOfNoCertificateIsEmpty) { EXPECT_EQ(certificate_sha256("nothing"), ""); }

TEST(FleetAuthority, IssuesWithTheFirstAndTrustsTheOthers) {
  const FleetAuthority first = FleetAuthority::create();
  const FleetAuthority second = FleetAuthority::create();
  const auto both = FleetAuthority::load(first.certificate_pem() + second.certificate_pem(), first.key_pem());
  EXPECT_EQ(both.trusted_sha256(), (std::vector<std::string>{first.sha256(), second.sha256()}));
  EXPECT_EQ(certificate_digests(both.trusted_pem()), both.trusted_sha256());
  const auto issued = both.issue_agent(make_signing_request("x").csr_pem, kAgent, now());
  EXPECT_EQ(issuer_sha256(issued->pem, both.trusted_pem()), first.sha256());
  EXPECT_EQ(issuer_sha256(issued->pem, second.certificate_pem()), "");
  const auto twice = FleetAuthority::load(first.certificate_pem() + first.certificate_pem(), first.key_pem());
  EXPECT_EQ(twice.trusted_sha256().size(), 1U);
}

TEST(FleetAuthority, TrustsEightAtMostAndOnlyAuthorities) {
  const FleetAuthority first = FleetAuthority::create();
  std::string texts = first.certificate_pem();
  for (std::size_t i = 1; i < limits::kFleetAuthorities; ++i)
    texts += FleetAuthority::create().certificate_pem();
  EXPECT_EQ(FleetAuthority::load(texts, first.key_pem()).trusted_sha256().size(), limits::kFleetAuthorities);
  texts += FleetAuthority::create().certificate_pem();
  EXPECT_THROW(FleetAuthority::load(texts, first.key_pem()), std::runtime_error);
  const auto leaf = first.issue_controller(now()).certificate.pem;
  EXPECT_THROW(FleetAuthority::load(first.certificate_pem() + leaf, first.key_pem()), std::runtime_error);
}

TEST(CertificateLife, IsCountedFromTheIssueAndDueAtTwoThirds) {
  const FleetAuthority authority = FleetAuthority::create();
  const Time start = std::chrono::floor<std::chrono::seconds>(now());
  const auto issued = authority.issue_agent(make_signing_request("x").csr_pem, kAgent, start);
  const auto life = certificate_life(issued->pem);
  ASSERT_TRUE(life.has_value());
  EXPECT_EQ(life->issued, start);
  EXPECT_EQ(life->until, start + limits::kAgentCertificateLife);
  EXPECT_EQ(life->renew_at(), start + std::chrono::hours{24 * 20});
  EXPECT_FALSE(certificate_life("nothing").has_value());
}

}  // namespace
}  // namespace runbook::certs
