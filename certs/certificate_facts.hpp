// What certificates say, as PEM texts: for those who keep and renew them. Pure; nothing is verified here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "certs/authority.hpp"
#include "protocol/messages/time.hpp"

namespace runbook::certs {

// SHA-256 of the DER of each certificate, in order, 64 hex digits; empty when the text cannot be read.
std::vector<std::string> certificate_digests(const std::string& pem);
// The same of the first one; empty when there is none.
std::string certificate_sha256(const std::string& pem);

struct CertificateLife {
  Time issued{};
  Time until{};

  // Two thirds of its life are over.
  Time renew_at() const { return issued + (until - issued) * 2 / 3; }
  bool operator==(const CertificateLife&) const = default;
};
std::optional<CertificateLife> certificate_life(const std::string& pem);

// The digest of the one of `authorities_pem` whose key signed the certificate; empty when none did.
std::string issuer_sha256(const std::string& certificate_pem, const std::string& authorities_pem);

// agent_identity() of a PEM text.
std::optional<AgentIdentity> agent_identity_of(const std::string& certificate_pem);

}  // namespace runbook::certs
