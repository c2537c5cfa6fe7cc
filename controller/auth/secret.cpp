#include "controller/auth/secret.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <stdexcept>

#include "protocol/runtime/random.hpp"

namespace runbook::auth {

namespace {

constexpr std::string_view kKeyStart = "rbk_";
constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kPrefixLength = 12;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretLength = 43;
constexpr std::size_t kDigestBytes = 32;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool consists_of(std::string_view text, std::string_view alphabet) {
  return std::ranges::all_of(text, [&](char c) { return alphabet.find(c) != std::string_view::npos; });
}

}  // namespace

std::string sha256(std::string_view text) {
  std::string digest(kDigestBytes, '\0');
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                 EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available");
  }
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::string code(kDigestBytes, '\0');
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(),
           reinterpret_cast<unsigned char*>(code.data()), &size) == nullptr) {
    throw std::runtime_error("HMAC-SHA-256 is not available");
  }
  return code;
}

std::string hex(std::string_view text) {
  std::string digits;
  for (const char c : text) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return digits;
}

std::string base64url(std::string_view text) {
  std::string encoded;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      encoded.push_back(kBase64[(bits >> count) & 63u]);
    }
  }
  if (count > 0) encoded.push_back(kBase64[(bits << (6 - count)) & 63u]);
  return encoded;
}

bool same_secret(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

Secret new_secret() {
  auto text = runtime::random_token(kSecretBytes);
  auto digest = sha256(text);
  return {std::move(text), std::move(digest)};
}

Secret new_enrollment_token() {
  auto text = "rbe_" + runtime::random_token(kSecretBytes);
  auto digest = sha256(text);
  return {std::move(text), std::move(digest)};
}

ApiKeySecret new_api_key() {
  std::string prefix;
  for (const char c : runtime::random_bytes(kPrefixLength)) {
    prefix.push_back(kBase32[static_cast<unsigned char>(c) % kBase32.size()]);
  }
  auto text = fmt::format("{}{}_{}", kKeyStart, prefix, runtime::random_token(kSecretBytes));
  auto digest = sha256(text);
  return {std::move(text), std::move(prefix), std::move(digest)};
}

std::optional<std::string> api_key_prefix(std::string_view key) {
  if (key.size() != kKeyStart.size() + kPrefixLength + 1 + kSecretLength || !key.starts_with(kKeyStart)) {
    return std::nullopt;
  }
  const auto prefix = key.substr(kKeyStart.size(), kPrefixLength);
  const auto rest = key.substr(kKeyStart.size() + kPrefixLength);
  if (!consists_of(prefix, kBase32) || rest.front() != '_' || !consists_of(rest.substr(1), kBase64)) {
    return std::nullopt;
  }
  return std::string(prefix);
}

}  // namespace runbook::auth
