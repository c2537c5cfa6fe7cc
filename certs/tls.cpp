#include "certs/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <tuple>

#include "certs/authority.hpp"
#include "certs/openssl.hpp"

namespace runbook::certs {
namespace {

constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr const char* kSuites13 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* kSuites12 = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL";
constexpr int kSecurityLevel = 2;  // 112 bits: no SHA-1 signatures, no RSA below 2048
constexpr int kChainDepth = 1;

// What every context has. No session tickets and no cache: an identity is proven at each connection, and
// thousands of idle ones keep nothing for a resumption.
SslContext base_context(const SSL_METHOD* method, int lowest_version) {
  SSL_CTX* made = SSL_CTX_new(method);
  require(made != nullptr, "no memory for a TLS context");
  SslContext context(made, SSL_CTX_free);
  SSL_CTX_set_security_level(made, kSecurityLevel);
  SSL_CTX_set_options(made, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(
      made, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  require(SSL_CTX_set_num_tickets(made, 0) == 1 && SSL_CTX_set_min_proto_version(made, lowest_version) == 1 &&
              SSL_CTX_set_max_proto_version(made, TLS1_3_VERSION) == 1 &&
              SSL_CTX_set1_groups_list(made, kGroups) == 1 &&
              SSL_CTX_set_ciphersuites(made, kSuites13) == 1 && SSL_CTX_set_cipher_list(made, kSuites12) == 1,
          "the TLS settings are not available in this OpenSSL");
  return context;
}

void present_certificate(SSL_CTX* context, const std::vector<CertificatePtr>& chain,
                         const std::string& key_pem) {
  const KeyPtr key = key_from_pem(key_pem);
  require(SSL_CTX_use_certificate(context, chain.front().get()) == 1,
          "the certificate cannot be used for TLS");
  require(SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1,
          "the certificate and its key do not belong together");
  for (std::size_t i = 1; i < chain.size(); ++i)
    require(SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1, "the certificate's chain cannot be used");
}

// The authority goes along: an agent that enrols knows only its digest and must see it.
std::vector<CertificatePtr> with_authority(const std::string& certificate_pem,
                                           const std::vector<CertificatePtr>& authorities) {
  auto chain = certificates_from_pem(certificate_pem);
  if (chain.size() > 1) return chain;
  require(X509_up_ref(authorities.front().get()) == 1, "no memory for a chain");
  chain.emplace_back(authorities.front().get());
  return chain;
}

// Verification at its strictest; the peer must be `purpose` (X509_PURPOSE_SSL_CLIENT or _SERVER).
void verify_strictly(SSL_CTX* context, int purpose) {
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_depth(parameters, kChainDepth);
  require(X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT) == 1 &&
              X509_VERIFY_PARAM_set_purpose(parameters, purpose) == 1,
          "the TLS verification cannot be set");
}

// Beyond OpenSSL's own checks: a peer's own certificate is never one of an authority, whatever its key may
// do.
int refuse_authority_as_leaf(int verified, X509_STORE_CTX* verification) noexcept {
  if (verified != 1 || X509_STORE_CTX_get_error_depth(verification) != 0) return verified;
  X509* leaf = X509_STORE_CTX_get_current_cert(verification);
  if (leaf == nullptr || (X509_get_extension_flags(leaf) & (EXFLAG_CA | EXFLAG_PROXY)) == 0) return verified;
  X509_STORE_CTX_set_error(verification, X509_V_ERR_INVALID_PURPOSE);
  return 0;
}

void expect_controller(SSL_CTX* context) {
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  require(X509_VERIFY_PARAM_set1_host(parameters, kControllerName.data(), kControllerName.size()) == 1,
          "the controller's name cannot be set");
}

void trust_only(SSL_CTX* context, const std::vector<CertificatePtr>& authorities) {
  for (const CertificatePtr& authority : authorities)
    require(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get()) == 1,
            "the authority's certificate cannot be trusted");
}

void free_pin(void*, void* pin, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<std::string*>(pin); }

int pin_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_pin);
  return index;
}

const std::string* pin_of(X509_STORE_CTX* verification) {
  const auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  if (ssl == nullptr) return nullptr;
  return static_cast<const std::string*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), pin_index()));
}

struct TrustedFreer {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};

// Takes the presented certificate with the pinned digest as the only trust anchor and then verifies as usual:
// chain, times, purpose and name are all still checked.
int verify_pinned(X509_STORE_CTX* verification, void*) noexcept {
  const std::string* pin = pin_of(verification);
  STACK_OF(X509)* presented = X509_STORE_CTX_get0_untrusted(verification);
  const std::unique_ptr<STACK_OF(X509), TrustedFreer> trusted(sk_X509_new_null());
  if (pin == nullptr || !trusted) return 0;
  for (int i = 0; i < sk_X509_num(presented); ++i) {
    X509* certificate = sk_X509_value(presented, i);
    if (X509_check_ca(certificate) == 1 && sha256_hex(certificate) == *pin)
      sk_X509_push(trusted.get(), certificate);
  }
  if (sk_X509_num(trusted.get()) == 0) {
    X509_STORE_CTX_set_error(verification, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN);
    return 0;
  }
  X509_STORE_CTX_set0_trusted_stack(verification, trusted.get());
  return X509_verify_cert(verification) == 1 ? 1 : 0;
}

std::string lower_hex(const std::string& digest) {
  std::string lower = digest;
  for (char& c : lower)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  require(lower.size() == 64 && lower.find_first_not_of("0123456789abcdef") == std::string::npos,
          "a certificate's SHA-256 has 64 hexadecimal digits");
  return lower;
}

}  // namespace

SslContext agent_listener(const std::string& certificate_pem, const std::string& key_pem,
                          const std::string& ca_pem) {
  const SslContext context = base_context(TLS_server_method(), TLS1_3_VERSION);
  const auto authorities = certificates_from_pem(ca_pem);
  present_certificate(context.get(), with_authority(certificate_pem, authorities), key_pem);
  trust_only(context.get(), authorities);
  verify_strictly(context.get(), X509_PURPOSE_SSL_CLIENT);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER,
                     refuse_authority_as_leaf);  // an absent certificate may still enrol
  return context;
}

void present_instead(const SslContext& listener, const std::string& certificate_pem,
                     const std::string& key_pem, const std::string& ca_pem) {
  const auto chain = ca_pem.empty() ? certificates_from_pem(certificate_pem)
                                    : with_authority(certificate_pem, certificates_from_pem(ca_pem));
  SSL_CTX_clear_chain_certs(listener.get());
  present_certificate(listener.get(), chain, key_pem);
}

SslContext public_listener(const std::string& certificate_pem, const std::string& key_pem) {
  const SslContext context = base_context(TLS_server_method(), TLS1_2_VERSION);
  present_certificate(context.get(), certificates_from_pem(certificate_pem), key_pem);
  return context;
}

SslContext agent_link(const std::string& certificate_pem, const std::string& key_pem,
                      const std::string& ca_pem) {
  const SslContext context = base_context(TLS_client_method(), TLS1_3_VERSION);
  present_certificate(context.get(), certificates_from_pem(certificate_pem), key_pem);
  trust_only(context.get(), certificates_from_pem(ca_pem));
  verify_strictly(context.get(), X509_PURPOSE_SSL_SERVER);
  expect_controller(context.get());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, refuse_authority_as_leaf);
  return context;
}

SslContext pinned_client(const std::string& ca_sha256) {
  const SslContext context = base_context(TLS_client_method(), TLS1_3_VERSION);
  auto pin = std::make_unique<std::string>(lower_hex(ca_sha256));
  require(SSL_CTX_set_ex_data(context.get(), pin_index(), pin.get()) == 1, "no memory for a pinned digest");
  std::ignore = pin.release();  // freed with the context
  verify_strictly(context.get(), X509_PURPOSE_SSL_SERVER);
  expect_controller(context.get());
  SSL_CTX_set_cert_verify_callback(context.get(), verify_pinned, nullptr);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, refuse_authority_as_leaf);
  return context;
}

}  // namespace runbook::certs
