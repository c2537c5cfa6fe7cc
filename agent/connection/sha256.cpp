#include "agent/connection/sha256.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace runbook::connection {
namespace {

void require(int done) {
  if (done != 1) throw std::runtime_error("SHA-256 cannot be computed");
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr ? EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) : 0);
}

void Sha256::update(std::string_view data) {
  require(EVP_DigestUpdate(context_.get(), data.data(), data.size()));
}

std::string Sha256::hex() const {
  const Context copy(EVP_MD_CTX_new());
  require(copy != nullptr ? EVP_MD_CTX_copy_ex(copy.get(), context_.get()) : 0);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  require(EVP_DigestFinal_ex(copy.get(), digest.data(), &length));
  std::string text;
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace runbook::connection
