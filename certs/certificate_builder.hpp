// CertificateBuilder: an X.509 v3 certificate in the making. Every certificate the fleet uses is built here,
// so that subject, extensions and life are ours alone. Used on one thread; methods throw CryptoFailure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "certs/openssl.hpp"
#include "protocol/messages/time.hpp"

namespace runbook::certs {

class CertificateBuilder {
 public:
  CertificateBuilder();  // version 3 with a random serial of 127 bits

  void subject(std::string_view common_name);
  void issuer(const X509* authority);  // subject of `authority`; itself when never called
  void life(Time from, Time until);
  void public_key(EVP_PKEY* key);
  // `value` in OpenSSL's configuration syntax; it must not hold anything a stranger sent.
  void extension(int nid, const char* value, const X509* authority = nullptr);
  void names(const GENERAL_NAMES* names);  // subjectAltName, as values instead of text
  CertificatePtr sign(EVP_PKEY* authority_key);

 private:
  CertificatePtr certificate_;
  bool issued_ = false;
};

// A host's clock may be wrong by a day: a new certificate begins this long ago, or it would look like one of
// the future there.
inline constexpr std::chrono::hours kClockSkew{25};

NamesPtr no_names();
void add_uri(GENERAL_NAMES& names, std::string_view uri);
void add_dns(GENERAL_NAMES& names, std::string_view name);
void add_address(GENERAL_NAMES& names, const char* address);

}  // namespace runbook::certs
