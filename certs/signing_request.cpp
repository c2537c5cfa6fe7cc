#include "certs/signing_request.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include <array>

#include "certs/authority.hpp"

namespace runbook::certs {
namespace {

constexpr int kRsaExponentBitsMax = 64;

bool strong_curve(EVP_PKEY* key) {
  int explicit_parameters = 0;
  if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters) ==
          1 &&
      explicit_parameters != 0)
    return false;  // a curve spelled out is one somebody may have weakened
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return false;
  const std::string_view curve(name.data(), size);
  return curve == "prime256v1" || curve == "P-256" || curve == "secp384r1" || curve == "P-384" ||
         curve == "secp521r1" || curve == "P-521";
}

bool strong_rsa(EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < kRsaBitsMin || bits > kRsaBitsMax) return false;
  BIGNUM* exponent = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1) return false;
  const BignumPtr owned(exponent);
  // A huge exponent makes every check of a signature slow for us.
  return BN_is_odd(exponent) == 1 && BN_is_one(exponent) == 0 && BN_num_bits(exponent) <= kRsaExponentBitsMax;
}

bool strong_key(EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC: return strong_curve(key);
    case EVP_PKEY_RSA: return strong_rsa(key);
    case EVP_PKEY_ED25519: return true;
    default: return false;
  }
}

bool strong_signature(const X509_REQ* request) {
  int digest = NID_undef;
  if (OBJ_find_sigid_algs(X509_REQ_get_signature_nid(request), &digest, nullptr) != 1) return false;
  return digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512 ||
         digest == NID_undef;  // Ed25519 and RSA-PSS name theirs elsewhere
}

RequestPtr request_from_pem(const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  require(bio != nullptr, "no memory for a signing request");
  RequestPtr request(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return request;
}

}  // namespace

Result<KeyPtr> proven_key(const std::string& csr_pem) {
  if (csr_pem.size() > kSigningRequestBytes)
    return failure(ErrorCode::kTooLarge, "The signing request is longer than 16 KiB.");
  const RequestPtr request = request_from_pem(csr_pem);
  if (!request)
    return failure(ErrorCode::kInvalid, "The signing request is not a PKCS#10 request in PEM form.");
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr || !strong_key(key)) {
    ERR_clear_error();
    return failure(ErrorCode::kInvalid,
                   "The signing request's key is not accepted: use P-256, P-384, P-521, Ed25519 or RSA with "
                   "2048 to 8192 bits.");
  }
  const bool proven = strong_signature(request.get()) && X509_REQ_verify(request.get(), key) == 1;
  ERR_clear_error();
  if (!proven)
    return failure(ErrorCode::kInvalid,
                   "The signing request's signature is wrong or made with a weak digest.");
  EVP_PKEY_up_ref(key);
  return KeyPtr(key);
}

SigningRequest make_signing_request(std::string_view common_name) {
  const KeyPtr key = new_p256_key();
  const RequestPtr request(X509_REQ_new());
  require(request && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
              X509_REQ_set_pubkey(request.get(), key.get()) == 1,
          "a signing request could not be made");
  require(X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(common_name.data()),
                                     static_cast<int>(common_name.size()), -1, 0) == 1,
          "a signing request's name could not be set");
  require(X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0, "a signing request could not be signed");
  const BioPtr bio(BIO_new(BIO_s_mem()));
  require(bio && PEM_write_bio_X509_REQ(bio.get(), request.get()) == 1,
          "a signing request could not be written");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {to_pem(key.get()), std::string(data, static_cast<std::size_t>(size))};
}

}  // namespace runbook::certs
