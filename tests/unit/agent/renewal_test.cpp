#include "agent/connection/renewal.hpp"

#include <gtest/gtest.h>

#include "certs/authority.hpp"
#include "certs/certificate_facts.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::connection {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;

const Time kIssued = std::chrono::floor<std::chrono::seconds>(
    std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()));

class RenewalDue : public testing::Test {
 protected:
  static AgentCertificate certificate_of(const certs::FleetAuthority& authority) {
    const auto key = certs::make_signing_request("host");
    const auto made = authority.issue_agent(key.csr_pem, runtime::new_uuid(), kIssued).value();
    return {made.pem, authority.trusted_pem(), key.key_pem};
  }
  static certs::FleetAuthority both(const certs::FleetAuthority& issuing,
                                    const certs::FleetAuthority& other) {
    return certs::FleetAuthority::load(issuing.certificate_pem() + other.certificate_pem(),
                                       issuing.key_pem());
  }

  const certs::FleetAuthority old_ = certs::FleetAuthority::create();
  const certs::FleetAuthority new_ = certs::FleetAuthority::create();
};

TEST_F(RenewalDue, AtTwoThirdsOfTheLife) {
  const auto certificate = certificate_of(old_);
  EXPECT_FALSE(renewal_due(certificate, {}, kIssued));
  EXPECT_FALSE(renewal_due(certificate, {}, kIssued + 20 * 24h - 1s));
  EXPECT_TRUE(renewal_due(certificate, {}, kIssued + 20 * 24h));
  EXPECT_TRUE(renewal_due(certificate, {}, kIssued + 30 * 24h));
}

TEST_F(RenewalDue, NotWhenAControllerTellsWhatIsKnown) {
  const auto certificate = certificate_of(old_);
  EXPECT_FALSE(renewal_due(certificate, old_.trusted_sha256(), kIssued));
  const auto known = certificate_of(both(old_, new_));
  EXPECT_FALSE(renewal_due(known, both(old_, new_).trusted_sha256(), kIssued));
}

TEST_F(RenewalDue, WhenAControllerTrustsAnAuthorityMore) {
  EXPECT_TRUE(renewal_due(certificate_of(old_), both(old_, new_).trusted_sha256(), kIssued));
}

TEST_F(RenewalDue, WhenAnotherAuthorityIssues) {
  EXPECT_TRUE(renewal_due(certificate_of(both(old_, new_)), both(new_, old_).trusted_sha256(), kIssued));
}

TEST_F(RenewalDue, WhenAnAuthorityIsNoLongerTrusted) {
  EXPECT_TRUE(renewal_due(certificate_of(both(new_, old_)), new_.trusted_sha256(), kIssued));
}

TEST_F(RenewalDue, WhenTheCertificateCannotBeRead) {
  EXPECT_TRUE(renewal_due({"nothing", old_.certificate_pem(), ""}, {}, kIssued));
}

}  // namespace
}  // namespace runbook::connection
