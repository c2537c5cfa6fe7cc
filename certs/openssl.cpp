#include "certs/openssl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <limits>

namespace runbook::certs {
namespace {

BioPtr memory_reader(const std::string& text) {
  require(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()),
          "the PEM text is too long");
  BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  require(bio != nullptr, "no memory for a PEM text");
  return bio;
}

std::string contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string hex(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(count * 2);
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4U];
    text += kDigits[bytes[i] & 15U];
  }
  return text;
}

Time time_of(const ASN1_TIME* field) {
  std::tm parts{};
  require(ASN1_TIME_to_tm(field, &parts) == 1, "a certificate's time could not be read");
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

int refuse_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

void require(bool done, const char* what) {
  if (done) return;
  ERR_clear_error();
  throw CryptoFailure(what);
}

KeyPtr new_p256_key() {
  KeyPtr key(EVP_EC_gen("P-256"));
  require(key != nullptr, "a P-256 key could not be made");
  return key;
}

KeyPtr key_from_pem(const std::string& pem) {
  const BioPtr bio = memory_reader(pem);
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_passphrase, nullptr));
  require(key != nullptr, "the private key is not a readable, unencrypted PEM key");
  return key;
}

std::string to_pem(EVP_PKEY* private_key) {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  require(bio != nullptr && PEM_write_bio_PKCS8PrivateKey(bio.get(), private_key, nullptr, nullptr, 0,
                                                          nullptr, nullptr) == 1,
          "a private key could not be written as PEM");
  return contents(bio.get());
}

std::vector<CertificatePtr> certificates_from_pem(const std::string& pem) {
  const BioPtr bio = memory_reader(pem);
  std::vector<CertificatePtr> certificates;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, refuse_passphrase, nullptr))
    certificates.emplace_back(certificate);
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  require(ended && !certificates.empty(), "the certificate is not readable PEM");
  return certificates;
}

CertificatePtr certificate_from_der(std::string_view der) {
  if (der.size() > static_cast<std::size_t>(std::numeric_limits<long>::max())) return nullptr;
  const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* position = begin;
  CertificatePtr certificate(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  ERR_clear_error();
  if (certificate && position != begin + der.size()) return nullptr;
  return certificate;
}

std::string to_pem(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  require(bio != nullptr && PEM_write_bio_X509(bio.get(), certificate) == 1,
          "a certificate could not be written");
  return contents(bio.get());
}

std::string serial_hex(const X509* certificate) {
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  require(number != nullptr, "a certificate has no readable serial number");
  std::vector<unsigned char> bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return hex(bytes.data(), bytes.size());
}

std::string sha256_hex(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  require(X509_digest(certificate, EVP_sha256(), digest.data(), &size) == 1,
          "a certificate could not be hashed");
  return hex(digest.data(), size);
}

Time not_before(const X509* certificate) { return time_of(X509_get0_notBefore(certificate)); }

Time not_after(const X509* certificate) { return time_of(X509_get0_notAfter(certificate)); }

}  // namespace runbook::certs
