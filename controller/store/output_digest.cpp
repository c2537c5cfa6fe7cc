#include "controller/store/output_digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace runbook::store {
namespace {

void check(int done) {
  if (done != 1) throw std::runtime_error("SHA-256 failed");
}

evp_md_ctx_st* begin() {
  auto* context = EVP_MD_CTX_new();
  if (context == nullptr) throw std::bad_alloc();
  if (EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1) {
    EVP_MD_CTX_free(context);
    throw std::runtime_error("SHA-256 is not available");
  }
  return context;
}

}  // namespace

void OutputDigest::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

OutputDigest::OutputDigest() = default;
OutputDigest::OutputDigest(OutputDigest&&) noexcept = default;
OutputDigest& OutputDigest::operator=(OutputDigest&&) noexcept = default;
OutputDigest::~OutputDigest() = default;

OutputDigest::OutputDigest(const OutputDigest& other) {
  if (!other.context_) return;
  context_.reset(begin());
  check(EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()));
}

OutputDigest& OutputDigest::operator=(const OutputDigest& other) {
  if (this != &other) *this = OutputDigest(other);
  return *this;
}

void OutputDigest::add(std::string_view data) {
  if (data.empty()) return;
  if (!context_) context_.reset(begin());
  check(EVP_DigestUpdate(context_.get(), data.data(), data.size()));
}

std::string OutputDigest::hex() const {
  OutputDigest end(*this);
  if (!end.context_) end.context_.reset(begin());
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  check(EVP_DigestFinal_ex(end.context_.get(), bytes.data(), &size));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text.push_back(kDigits[bytes[i] >> 4]);
    text.push_back(kDigits[bytes[i] & 15]);
  }
  return text;
}

}  // namespace runbook::store
