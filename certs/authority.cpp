#include "certs/authority.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "certs/certificate_builder.hpp"
#include "certs/identity.hpp"
#include "certs/openssl.hpp"
#include "certs/signing_request.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::certs {
namespace {

constexpr std::chrono::hours kAuthorityLife{24 * 3652};
constexpr std::chrono::hours kControllerLife{24 * 90};
Time present() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

Certificate describe(X509* certificate) {
  return {to_pem(certificate), serial_hex(certificate), not_after(certificate)};
}

}  // namespace

struct FleetAuthority::Impl {
  CertificatePtr certificate;
  KeyPtr key;
  std::vector<CertificatePtr> others;  // trusted beside it

  void trust(CertificatePtr other);
  std::vector<std::string> trusted() const;  // digests
  CertificatePtr issue(CertificateBuilder& builder, EVP_PKEY* public_key, Time now,
                       Time::duration life) const;
};

// What leaf certificates have in common. They never outlive the authority.
CertificatePtr FleetAuthority::Impl::issue(CertificateBuilder& builder, EVP_PKEY* public_key, Time now,
                                           Time::duration life) const {
  builder.issuer(certificate.get());
  builder.life(now - kClockSkew, std::min(now + life, certs::not_after(certificate.get())));
  builder.public_key(public_key);
  builder.extension(NID_basic_constraints, "critical,CA:FALSE");
  builder.extension(NID_key_usage, "critical,digitalSignature");
  builder.extension(NID_subject_key_identifier, "hash");
  builder.extension(NID_authority_key_identifier, "keyid:always", certificate.get());
  return builder.sign(key.get());
}

FleetAuthority FleetAuthority::create() {
  FleetAuthority authority;
  authority.impl_ = std::make_unique<Impl>();
  authority.impl_->key = new_p256_key();
  const Time now = present();
  CertificateBuilder builder;
  builder.subject("Runbook Studio fleet authority");
  builder.life(now - kClockSkew, now + kAuthorityLife);
  builder.public_key(authority.impl_->key.get());
  builder.extension(NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  builder.extension(NID_key_usage, "critical,keyCertSign,cRLSign");
  builder.extension(NID_subject_key_identifier, "hash");
  builder.extension(NID_authority_key_identifier, "keyid:always");
  authority.impl_->certificate = builder.sign(authority.impl_->key.get());
  return authority;
}

FleetAuthority FleetAuthority::load(const std::string& certificate_pem, const std::string& key_pem) {
  FleetAuthority authority;
  authority.impl_ = std::make_unique<Impl>();
  auto certificates = certificates_from_pem(certificate_pem);
  authority.impl_->certificate = std::move(certificates.front());
  authority.impl_->key = key_from_pem(key_pem);
  X509* certificate = authority.impl_->certificate.get();
  require(X509_check_private_key(certificate, authority.impl_->key.get()) == 1,
          "the fleet authority's certificate and key do not belong together");
  require(X509_check_ca(certificate) == 1, "the fleet authority's certificate is not one of an authority");
  for (std::size_t i = 1; i < certificates.size(); ++i) authority.impl_->trust(std::move(certificates[i]));
  return authority;
}

FleetAuthority::FleetAuthority() = default;
FleetAuthority::FleetAuthority(FleetAuthority&&) noexcept = default;
FleetAuthority& FleetAuthority::operator=(FleetAuthority&&) noexcept = default;
FleetAuthority::~FleetAuthority() = default;

std::string FleetAuthority::certificate_pem() const { return to_pem(impl_->certificate.get()); }

std::string FleetAuthority::key_pem() const { return to_pem(impl_->key.get()); }

std::string FleetAuthority::sha256() const { return sha256_hex(impl_->certificate.get()); }

Time FleetAuthority::not_after() const { return certs::not_after(impl_->certificate.get()); }

void FleetAuthority::Impl::trust(CertificatePtr other) {
  require(X509_check_ca(other.get()) == 1, "a certificate to be trusted is not one of an authority");
  const auto known = trusted();
  if (std::ranges::find(known, sha256_hex(other.get())) != known.end()) return;
  require(known.size() < limits::kFleetAuthorities, "too many authorities are to be trusted");
  others.push_back(std::move(other));
}

std::vector<std::string> FleetAuthority::Impl::trusted() const {
  std::vector<std::string> digests{sha256_hex(certificate.get())};
  for (const auto& other : others) digests.push_back(sha256_hex(other.get()));
  return digests;
}

std::string FleetAuthority::trusted_pem() const {
  std::string text = certificate_pem();
  for (const auto& other : impl_->others) text += to_pem(other.get());
  return text;
}

std::vector<std::string> FleetAuthority::trusted_sha256() const { return impl_->trusted(); }

Result<Certificate> FleetAuthority::issue_agent(const std::string& csr_pem, const Uuid& agent,
                                                Time now) const {
  auto key = proven_key(csr_pem);
  if (!key) return std::unexpected(std::move(key).error());
  CertificateBuilder builder;
  builder.subject(agent.str());
  builder.extension(NID_ext_key_usage, "clientAuth");
  const NamesPtr names = no_names();
  add_uri(*names, agent_uri(agent));
  builder.names(names.get());
  const CertificatePtr made = impl_->issue(builder, key->get(), now, limits::kAgentCertificateLife);
  return describe(made.get());
}

FleetAuthority::KeyPair FleetAuthority::issue_controller(Time now) const {
  const KeyPtr key = new_p256_key();
  CertificateBuilder builder;
  builder.subject(kControllerName);
  builder.extension(NID_ext_key_usage, "serverAuth");
  const NamesPtr names = no_names();
  add_dns(*names, kControllerName);
  add_dns(*names, "localhost");
  add_address(*names, "127.0.0.1");
  builder.names(names.get());
  const CertificatePtr made = impl_->issue(builder, key.get(), now, kControllerLife);
  return {describe(made.get()), to_pem(key.get())};
}

}  // namespace runbook::certs
