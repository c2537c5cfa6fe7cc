#include "certs/certificate_facts.hpp"

#include <openssl/err.h>

#include "certs/certificate_builder.hpp"
#include "certs/openssl.hpp"

namespace runbook::certs {
namespace {

std::vector<CertificatePtr> readable(const std::string& pem) {
  try {
    return certificates_from_pem(pem);
  } catch (const CryptoFailure&) {
    return {};
  }
}

std::string der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace

std::vector<std::string> certificate_digests(const std::string& pem) {
  std::vector<std::string> digests;
  for (const auto& certificate : readable(pem)) digests.push_back(sha256_hex(certificate.get()));
  return digests;
}

std::string certificate_sha256(const std::string& pem) {
  const auto certificates = readable(pem);
  return certificates.empty() ? std::string() : sha256_hex(certificates.front().get());
}

std::optional<CertificateLife> certificate_life(const std::string& pem) {
  const auto certificates = readable(pem);
  if (certificates.empty()) return std::nullopt;
  const X509* certificate = certificates.front().get();
  return CertificateLife{not_before(certificate) + kClockSkew, not_after(certificate)};
}

std::string issuer_sha256(const std::string& certificate_pem, const std::string& authorities_pem) {
  const auto certificates = readable(certificate_pem);
  if (certificates.empty()) return {};
  for (const auto& authority : readable(authorities_pem)) {
    const bool signed_by = X509_verify(certificates.front().get(), X509_get0_pubkey(authority.get())) == 1;
    ERR_clear_error();
    if (signed_by) return sha256_hex(authority.get());
  }
  return {};
}

std::optional<AgentIdentity> agent_identity_of(const std::string& certificate_pem) {
  const auto certificates = readable(certificate_pem);
  if (certificates.empty()) return std::nullopt;
  return agent_identity(der_of(certificates.front().get()));
}

}  // namespace runbook::certs
