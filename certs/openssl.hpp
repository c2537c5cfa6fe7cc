// Owners of OpenSSL's objects and the few conversions this folder shares. Failures throw CryptoFailure with
// our words: OpenSSL's own texts never leave the folder.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/time.hpp"

namespace runbook::certs {

struct CryptoFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

struct NameStackFreer {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

using BioPtr = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using BignumPtr = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freer<X509_free>>;
using RequestPtr = std::unique_ptr<X509_REQ, Freer<X509_REQ_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, NameStackFreer>;

// Throws CryptoFailure saying `what` when `done` is false, and empties OpenSSL's error queue of this thread.
void require(bool done, const char* what);

KeyPtr new_p256_key();
KeyPtr key_from_pem(const std::string& pem);  // refuses encrypted keys instead of asking for a passphrase
std::string to_pem(EVP_PKEY* private_key);

// Every certificate of a PEM text, in order. Throws when there is none.
std::vector<CertificatePtr> certificates_from_pem(const std::string& pem);
CertificatePtr certificate_from_der(
    std::string_view der);  // null unless the bytes are exactly one certificate
std::string to_pem(X509* certificate);
std::string serial_hex(const X509* certificate);  // lower case
std::string sha256_hex(const X509* certificate);  // of the DER, lower case
Time not_before(const X509* certificate);
Time not_after(const X509* certificate);

}  // namespace runbook::certs
