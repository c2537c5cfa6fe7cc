#include "certs/identity.hpp"

#include <openssl/err.h>

#include "certs/authority.hpp"
#include "certs/openssl.hpp"

namespace runbook::certs {
namespace {

// The agent's id when the certificate has exactly one name and it is one of ours, spelled as we spell it: a
// second name, a NUL or other capitals mean somebody else made it.
std::optional<Uuid> named_agent(const X509* certificate) {
  int critical = 0;
  const NamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
  if (!names || sk_GENERAL_NAME_num(names.get()) != 1) return std::nullopt;
  const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), 0);
  if (name->type != GEN_URI) return std::nullopt;
  const ASN1_IA5STRING* value = name->d.uniformResourceIdentifier;
  const std::string_view uri(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                             static_cast<std::size_t>(ASN1_STRING_length(value)));
  if (!uri.starts_with(kAgentUriPrefix)) return std::nullopt;
  const auto agent = Uuid::parse(uri.substr(kAgentUriPrefix.size()));
  if (!agent || agent_uri(*agent) != uri) return std::nullopt;
  return agent;
}

bool is_client_leaf(X509* certificate) {
  // Not X509_check_ca(): it calls none an authority whose key may not sign certificates, whatever it says.
  constexpr std::uint32_t kWrong = EXFLAG_CA | EXFLAG_PROXY | EXFLAG_INVALID | EXFLAG_CRITICAL;
  if ((X509_get_extension_flags(certificate) & kWrong) != 0) return false;
  // Absent extended key usage reads as "everything allowed" (UINT32_MAX) and is refused.
  return X509_get_extended_key_usage(certificate) == XKU_SSL_CLIENT;
}

}  // namespace

std::string agent_uri(const Uuid& agent) { return std::string(kAgentUriPrefix) + agent.str(); }

std::optional<AgentIdentity> agent_identity(const std::string& certificate_der) {
  const CertificatePtr certificate = certificate_from_der(certificate_der);
  if (!certificate) return std::nullopt;
  const bool leaf = is_client_leaf(certificate.get());
  const auto agent = leaf ? named_agent(certificate.get()) : std::nullopt;
  ERR_clear_error();
  if (!agent) return std::nullopt;
  return AgentIdentity{*agent, serial_hex(certificate.get())};
}

}  // namespace runbook::certs
