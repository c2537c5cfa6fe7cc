// Certificates and requests as a stranger could make them, for the tests of certs/.
#pragma once

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <string>

#include "certs/authority.hpp"
#include "certs/certificate_builder.hpp"
#include "certs/openssl.hpp"

namespace runbook::certs {

inline Time now() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

inline std::string der_of(const std::string& pem) {
  const auto certificate = std::move(certificates_from_pem(pem).front());
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate.get(), &bytes);
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

inline std::string der_of(X509* certificate) { return der_of(to_pem(certificate)); }

inline std::string pem_of(X509_REQ* request) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_REQ(bio.get(), request);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

inline RequestPtr request_for(EVP_PKEY* key, const char* common_name = "host-1") {
  RequestPtr request(X509_REQ_new());
  X509_REQ_set_version(request.get(), X509_REQ_VERSION_1);
  X509_REQ_set_pubkey(request.get(), key);
  X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
  return request;
}

inline std::string signed_request(EVP_PKEY* key, const EVP_MD* digest = EVP_sha256(),
                                  const char* common_name = "host-1") {
  const RequestPtr request = request_for(key, common_name);
  X509_REQ_sign(request.get(), key, digest);
  return pem_of(request.get());
}

inline std::string request_wanting(EVP_PKEY* key, int nid, const char* value) {
  const RequestPtr request = request_for(key);
  STACK_OF(X509_EXTENSION)* wanted = sk_X509_EXTENSION_new_null();
  sk_X509_EXTENSION_push(wanted, X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  X509_REQ_add_extensions(request.get(), wanted);
  sk_X509_EXTENSION_pop_free(wanted, X509_EXTENSION_free);
  X509_REQ_sign(request.get(), key, EVP_sha256());
  return pem_of(request.get());
}

}  // namespace runbook::certs
