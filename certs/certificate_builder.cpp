#include "certs/certificate_builder.hpp"

#include <openssl/rand.h>

#include <array>

namespace runbook::certs {
namespace {

void set_time(ASN1_TIME* field, Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  require(field != nullptr && ASN1_TIME_set(field, static_cast<time_t>(seconds)) != nullptr,
          "a certificate's time could not be set");
}

void add_name(GENERAL_NAMES& names, int type, ASN1_STRING* value) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  if (name == nullptr || value == nullptr) {
    GENERAL_NAME_free(name);
    ASN1_STRING_free(value);
    require(false, "no memory for a certificate's name");
  }
  GENERAL_NAME_set0_value(name, type, value);
  if (sk_GENERAL_NAME_push(&names, name) == 0) {
    GENERAL_NAME_free(name);
    require(false, "no memory for a certificate's name");
  }
}

ASN1_STRING* ia5(std::string_view text) {
  ASN1_STRING* value = ASN1_IA5STRING_new();
  if (value != nullptr) ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
  return value;
}

}  // namespace

CertificateBuilder::CertificateBuilder() : certificate_(X509_new()) {
  require(certificate_ != nullptr && X509_set_version(certificate_.get(), X509_VERSION_3) == 1,
          "no memory for a certificate");
  std::array<unsigned char, 16> random{};
  require(RAND_bytes(random.data(), static_cast<int>(random.size())) == 1,
          "no randomness for a serial number");
  random[0] = static_cast<unsigned char>((random[0] & 0x3fU) | 0x40U);  // positive, and always 16 bytes long
  const BignumPtr number(BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr));
  require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate_.get())) != nullptr,
          "a serial number could not be set");
}

void CertificateBuilder::subject(std::string_view common_name) {
  X509_NAME* name = X509_get_subject_name(certificate_.get());
  require(
      X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>("Runbook Studio"), -1, -1, 0) == 1 &&
          X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(common_name.data()),
                                     static_cast<int>(common_name.size()), -1, 0) == 1,
      "a certificate's subject could not be set");
}

void CertificateBuilder::issuer(const X509* authority) {
  require(X509_set_issuer_name(certificate_.get(), X509_get_subject_name(authority)) == 1,
          "a certificate's issuer could not be set");
  issued_ = true;
}

void CertificateBuilder::life(Time from, Time until) {
  set_time(X509_getm_notBefore(certificate_.get()), from);
  set_time(X509_getm_notAfter(certificate_.get()), until);
}

void CertificateBuilder::public_key(EVP_PKEY* key) {
  require(X509_set_pubkey(certificate_.get(), key) == 1, "a certificate's key could not be set");
}

void CertificateBuilder::extension(int nid, const char* value, const X509* authority) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509* self = certificate_.get();
  // OpenSSL's parameter is not const, but only read.
  X509V3_set_ctx(&context, authority ? const_cast<X509*>(authority) : self, self, nullptr, nullptr, 0);
  const ExtensionPtr made(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  require(made && X509_add_ext(self, made.get(), -1) == 1, "a certificate's extension could not be set");
}

void CertificateBuilder::names(const GENERAL_NAMES* names) {
  require(X509_add1_ext_i2d(certificate_.get(), NID_subject_alt_name, const_cast<GENERAL_NAMES*>(names), 0,
                            0) == 1,
          "a certificate's names could not be set");
}

CertificatePtr CertificateBuilder::sign(EVP_PKEY* authority_key) {
  if (!issued_) issuer(certificate_.get());
  require(X509_sign(certificate_.get(), authority_key, EVP_sha256()) > 0,
          "a certificate could not be signed");
  return std::move(certificate_);
}

NamesPtr no_names() {
  NamesPtr names(sk_GENERAL_NAME_new_null());
  require(names != nullptr, "no memory for a certificate's names");
  return names;
}

void add_uri(GENERAL_NAMES& names, std::string_view uri) { add_name(names, GEN_URI, ia5(uri)); }

void add_dns(GENERAL_NAMES& names, std::string_view name) { add_name(names, GEN_DNS, ia5(name)); }

void add_address(GENERAL_NAMES& names, const char* address) {
  add_name(names, GEN_IPADD, a2i_IPADDRESS(address));
}

}  // namespace runbook::certs
