// Forger: certificates the fleet's authority would never issue, some of them signed with its key all the
// same.
#pragma once

#include <functional>
#include <string>

#include "certs/identity.hpp"
#include "tests/unit/certs/made_certificates.hpp"

namespace runbook::certs {

inline const Uuid kForgedAgent = *Uuid::parse("8b6d4a7e-0c1f-4e2a-9d3b-5f6a7b8c9d0e");

// What a forged certificate has; the defaults are those of a good agent's.
struct Shape {
  Time from = now() - std::chrono::hours{1};
  Time until = now() + std::chrono::hours{1};
  const char* constraints = "critical,CA:FALSE";
  const char* key_usage = "critical,digitalSignature";
  const char* usage = "clientAuth";  // null: none
  std::string common_name = "forged";
  std::function<void(GENERAL_NAMES&)> names = [](GENERAL_NAMES& all) {
    add_uri(all, agent_uri(kForgedAgent));
  };
  bool named = true;
};

struct Leaf {
  std::string pem;  // with what stands between it and the authority
  std::string key;
};

class Forger {
 public:
  explicit Forger(const FleetAuthority& authority)
      : certificate_(std::move(certificates_from_pem(authority.certificate_pem()).front())),
        key_(key_from_pem(authority.key_pem())) {}

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }

  // Signed by `issuer`, the authority itself when it is null.
  CertificatePtr made(const Shape& shape, EVP_PKEY* public_key, X509* issuer = nullptr,
                      EVP_PKEY* issuer_key = nullptr) const {
    X509* above = issuer != nullptr ? issuer : certificate_.get();
    CertificateBuilder builder;
    builder.subject(shape.common_name);
    builder.issuer(above);
    builder.life(shape.from, shape.until);
    builder.public_key(public_key);
    builder.extension(NID_basic_constraints, shape.constraints);
    builder.extension(NID_key_usage, shape.key_usage);
    if (shape.usage != nullptr) builder.extension(NID_ext_key_usage, shape.usage);
    builder.extension(NID_subject_key_identifier, "hash");
    builder.extension(NID_authority_key_identifier, "keyid:always", above);
    if (shape.named) {
      const NamesPtr names = no_names();
      shape.names(*names);
      builder.names(names.get());
    }
    return builder.sign(issuer_key != nullptr ? issuer_key : key_.get());
  }

  Leaf leaf(const Shape& shape) const {
    const KeyPtr key = new_p256_key();
    return {to_pem(made(shape, key.get()).get()), to_pem(key.get())};
  }

  // A good certificate that was changed and then signed again.
  Leaf changed(const Shape& shape, const std::function<void(X509&)>& change,
               const EVP_MD* digest = EVP_sha256()) const {
    const KeyPtr key = new_p256_key();
    const CertificatePtr certificate = made(shape, key.get());
    change(*certificate);
    if (X509_sign(certificate.get(), key_.get(), digest) <= 0) throw std::runtime_error("not signed");
    return {to_pem(certificate.get()), to_pem(key.get())};
  }

  // Below another certificate of this authority's making, which is presented too.
  Leaf below(const Shape& above, const Shape& shape) const {
    const KeyPtr middle_key = new_p256_key();
    const CertificatePtr middle = made(above, middle_key.get());
    const KeyPtr key = new_p256_key();
    const CertificatePtr leaf = made(shape, key.get(), middle.get(), middle_key.get());
    return {to_pem(leaf.get()) + to_pem(middle.get()), to_pem(key.get())};
  }

  // Bytes of a good one, changed after it was signed.
  Leaf tampered(const Shape& shape, const std::function<void(std::string&)>& change) const {
    const KeyPtr key = new_p256_key();
    std::string der = der_of(made(shape, key.get()).get());
    change(der);
    const CertificatePtr read = certificate_from_der(der);
    return {read ? to_pem(read.get()) : std::string(), to_pem(key.get())};
  }

 private:
  CertificatePtr certificate_;
  KeyPtr key_;
};

inline void add_text_name(GENERAL_NAMES& names, int type, const std::string& text) {
  ASN1_STRING* value = ASN1_IA5STRING_new();
  ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
  GENERAL_NAME* name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, type, value);
  sk_GENERAL_NAME_push(&names, name);
}

inline void add_extension(X509& certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  const ExtensionPtr made(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  if (!made || X509_add_ext(&certificate, made.get(), -1) != 1) throw std::runtime_error("no such extension");
}

inline void remove_extension(X509& certificate, int nid) {
  const int place = X509_get_ext_by_NID(&certificate, nid, -1);
  X509_EXTENSION_free(X509_delete_ext(&certificate, place));
}

inline void add_critical(X509& certificate, const char* oid, const std::string& der) {
  ASN1_OBJECT* object = OBJ_txt2obj(oid, 1);
  ASN1_OCTET_STRING* data = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(data, reinterpret_cast<const unsigned char*>(der.data()),
                        static_cast<int>(der.size()));
  const ExtensionPtr made(X509_EXTENSION_create_by_OBJ(nullptr, object, 1, data));
  X509_add_ext(&certificate, made.get(), -1);
  ASN1_OCTET_STRING_free(data);
  ASN1_OBJECT_free(object);
}

// An extension nobody knows and everybody has to understand.
inline void add_unknown_critical(X509& certificate) {
  add_critical(certificate, "1.3.6.1.4.1.99999.1", std::string("\x05\x00", 2));
}

// RFC 3820: a certificate of whoever holds the one above it. Path length 1, policy "inherit all".
inline void add_proxy_info(X509& certificate) {
  add_critical(certificate, "1.3.6.1.5.5.7.1.14",
               "\x30\x0f\x02\x01\x01\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x15\x01");
}

}  // namespace runbook::certs
