#include <gtest/gtest.h>

#include <fmt/format.h>

#include <functional>

#include "certs/identity.hpp"
#include "certs/signing_request.hpp"
#include "tests/unit/certs/made_certificates.hpp"

namespace runbook::certs {
namespace {

const Uuid kAgent = *Uuid::parse("8b6d4a7e-0c1f-4e2a-9d3b-5f6a7b8c9d0e");

KeyPtr rsa(unsigned bits) { return KeyPtr(EVP_RSA_gen(bits)); }
KeyPtr curve(const char* name) { return KeyPtr(EVP_EC_gen(name)); }
KeyPtr ed25519() { return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }
KeyPtr ed448() { return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448")); }

std::string signed_by_another() {
  const KeyPtr shown = new_p256_key();
  const KeyPtr other = new_p256_key();
  const RequestPtr request = request_for(shown.get());
  X509_REQ_sign(request.get(), other.get(), EVP_sha256());
  return pem_of(request.get());
}

std::string unsigned_request() {
  const KeyPtr key = new_p256_key();
  return pem_of(request_for(key.get()).get());
}

std::string changed_after_signing() {
  const KeyPtr key = new_p256_key();
  const RequestPtr request = request_for(key.get());
  X509_REQ_sign(request.get(), key.get(), EVP_sha256());
  X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "O", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("later"), -1, -1, 0);
  X509_REQ_sign(request.get(), new_p256_key().get(), EVP_sha256());
  return pem_of(request.get());
}

std::string huge_exponent() {
  BIGNUM* exponent = nullptr;
  BN_hex2bn(&exponent, "100000000000000000000000000000001");
  const BignumPtr owned(exponent);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_keygen_init(context);
  EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048);
  EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, exponent);
  EVP_PKEY_keygen(context, &key);
  EVP_PKEY_CTX_free(context);
  const KeyPtr made(key);
  return signed_request(made.get());
}

std::string explicit_curve() {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_keygen_init(context);
  EVP_PKEY_CTX_set_group_name(context, "P-256");
  EVP_PKEY_CTX_set_ec_param_enc(context, 0);
  EVP_PKEY_keygen(context, &key);
  EVP_PKEY_CTX_free(context);
  const KeyPtr made(key);
  return signed_request(made.get());
}

struct Case {
  const char* name;
  std::function<std::string()> request;
};

const std::vector<Case>& accepted() {
  static const std::vector<Case> cases = {
      {"our own agent's", [] { return make_signing_request("host-1").csr_pem; }},
      {"P-384", [] { return signed_request(curve("P-384").get(), EVP_sha384()); }},
      {"P-521", [] { return signed_request(curve("P-521").get(), EVP_sha512()); }},
      {"RSA 2048", [] { return signed_request(rsa(2048).get()); }},
      {"RSA 3072", [] { return signed_request(rsa(3072).get()); }},
      {"Ed25519", [] { return signed_request(ed25519().get(), nullptr); }},
      {"foreign common name", [] { return signed_request(new_p256_key().get(), EVP_sha256(), "admin"); }},
      {"another agent's name",
       [] {
         return signed_request(new_p256_key().get(), EVP_sha256(), "11111111-2222-4333-8444-555555555555");
       }},
      {"wants an administrator's SAN",
       [] {
         return request_wanting(new_p256_key().get(), NID_subject_alt_name,
                                "DNS:controller.runbook.internal");
       }},
      {"wants another agent's SAN",
       [] {
         return request_wanting(new_p256_key().get(), NID_subject_alt_name,
                                "URI:spiffe://runbook/agent/11111111-2222-4333-8444-555555555555");
       }},
      {"wants to be an authority",
       [] { return request_wanting(new_p256_key().get(), NID_basic_constraints, "critical,CA:TRUE"); }},
      {"wants to be a server",
       [] { return request_wanting(new_p256_key().get(), NID_ext_key_usage, "serverAuth"); }},
      {"wants to sign certificates",
       [] { return request_wanting(new_p256_key().get(), NID_key_usage, "keyCertSign,cRLSign"); }},
  };
  return cases;
}

const std::vector<Case>& refused() {
  static const std::vector<Case> cases = {
      {"empty", [] { return std::string(); }},
      {"not PEM", [] { return std::string("hello"); }},
      {"PEM of something else", [] { return FleetAuthority::create().certificate_pem(); }},
      {"a private key", [] { return make_signing_request("x").key_pem; }},
      {"cut short", [] { return make_signing_request("x").csr_pem.substr(0, 200); }},
      {"RSA 1024", [] { return signed_request(rsa(1024).get()); }},
      {"RSA 1536", [] { return signed_request(rsa(1536).get()); }},
      {"RSA with a huge exponent", huge_exponent},
      {"P-192", [] { return signed_request(curve("prime192v1").get()); }},
      {"P-224", [] { return signed_request(curve("secp224r1").get()); }},
      {"secp256k1", [] { return signed_request(curve("secp256k1").get()); }},
      {"a curve spelled out", explicit_curve},
      {"Ed448", [] { return signed_request(ed448().get(), nullptr); }},
      {"signed by another key", signed_by_another},
      {"not signed", unsigned_request},
      {"signed again by another key", changed_after_signing},
      {"SHA-1 signature", [] { return signed_request(new_p256_key().get(), EVP_sha1()); }},
      {"MD5 signature", [] { return signed_request(rsa(2048).get(), EVP_md5()); }},
  };
  return cases;
}

TEST(SigningRequest, GivesOnlyItsKey) {
  const FleetAuthority authority = FleetAuthority::create();
  for (const Case& one : accepted()) {
    SCOPED_TRACE(one.name);
    const auto issued = authority.issue_agent(one.request(), kAgent, now());
    ASSERT_TRUE(issued.has_value()) << issued.error().message;
    const auto certificate = std::move(certificates_from_pem(issued->pem).front());
    char subject[256] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, subject,
                              sizeof subject);
    EXPECT_EQ(subject, kAgent.str());
    EXPECT_EQ(X509_check_ca(certificate.get()), 0);
    EXPECT_EQ(X509_get_extended_key_usage(certificate.get()), static_cast<std::uint32_t>(XKU_SSL_CLIENT));
    EXPECT_EQ(X509_get_key_usage(certificate.get()), static_cast<std::uint32_t>(KU_DIGITAL_SIGNATURE));
    const auto identity = agent_identity(der_of(issued->pem));
    ASSERT_TRUE(identity.has_value());
    EXPECT_EQ(identity->agent, kAgent);
    EXPECT_EQ(identity->serial, issued->serial);
  }
}

TEST(SigningRequest, IsRefusedWhenWeakOrUnproven) {
  const FleetAuthority authority = FleetAuthority::create();
  for (const Case& one : refused()) {
    SCOPED_TRACE(one.name);
    const std::string request = one.request();
    const auto issued = authority.issue_agent(request, kAgent, now());
    ASSERT_FALSE(issued.has_value());
    EXPECT_EQ(issued.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(issued.error().message.find("error:"), std::string::npos);
  }
}

TEST(SigningRequest, OneByteOverTheLimitIsRefused) {
  const FleetAuthority authority = FleetAuthority::create();
  std::string request = make_signing_request("host-1").csr_pem;
  request.insert(0, kSigningRequestBytes - request.size(), '\n');
  EXPECT_TRUE(authority.issue_agent(request, kAgent, now()).has_value());
  request.insert(0, 1, '\n');
  const auto issued = authority.issue_agent(request, kAgent, now());
  ASSERT_FALSE(issued.has_value());
  EXPECT_EQ(issued.error().code, ErrorCode::kTooLarge);
  const auto huge = authority.issue_agent(std::string(1024 * 1024, 'A'), kAgent, now());
  ASSERT_FALSE(huge.has_value());
  EXPECT_EQ(huge.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace runbook::certs
