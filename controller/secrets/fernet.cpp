#include "controller/secrets/fernet.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <stdexcept>

#include "protocol/runtime/random.hpp"

namespace runbook::secrets {
namespace {

constexpr char kVersion = '\x80';
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kHalfKeyBytes = 16;
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kIvBytes = 16;
constexpr std::size_t kBlockBytes = 16;
constexpr std::size_t kMacBytes = 32;
constexpr std::size_t kHeadBytes = 1 + kTimeBytes + kIvBytes;
constexpr std::size_t kLeastBytes = kHeadBytes + kBlockBytes + kMacBytes;
constexpr std::chrono::seconds kClockSkew{60};
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const unsigned char* data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* data(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// With padding, as the specification writes keys and tokens (RFC 4648 section 5).
std::string encode(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  text.resize(
      static_cast<std::size_t>(EVP_EncodeBlock(data(text), data(bytes), static_cast<int>(bytes.size()))));
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

// Strict: whole groups of four, padding only at the end, no bits left over.
std::optional<std::string> decode(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>((bits >> count) & 0xFFU));
  }
  if ((bits & ((1U << count) - 1U)) != 0) return std::nullopt;
  return bytes;
}

std::string mac(std::string_view key, std::string_view bytes) {
  std::string code(kMacBytes, '\0');
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data(bytes), bytes.size(), data(code),
           &size) == nullptr) {
    throw std::runtime_error("HMAC-SHA-256 is not available");
  }
  return code;
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
enum class Way { kDecrypt = 0, kEncrypt = 1 };

// AES-128-CBC with PKCS #7 padding; nothing when the padding is wrong.
std::optional<std::string> cipher(Way way, std::string_view key, std::string_view iv,
                                  std::string_view bytes) {
  const CipherContext context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  std::string result(bytes.size() + kBlockBytes, '\0');
  int written = 0;
  int rest = 0;
  if (context == nullptr ||
      EVP_CipherInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, data(key), data(iv),
                        static_cast<int>(way)) != 1 ||
      EVP_CipherUpdate(context.get(), data(result), &written, data(bytes), static_cast<int>(bytes.size())) !=
          1) {
    throw std::runtime_error("AES-128-CBC is not available");
  }
  if (EVP_CipherFinal_ex(context.get(), data(result) + written, &rest) != 1) return std::nullopt;
  result.resize(static_cast<std::size_t>(written + rest));
  return result;
}

std::string big_endian(std::uint64_t value) {
  std::string bytes;
  for (unsigned shift = 64; shift > 0; shift -= 8)
    bytes.push_back(static_cast<char>((value >> (shift - 8)) & 0xFFU));
  return bytes;
}

bool is_fresh(std::string_view token, const FernetKeys::Freshness& freshness) {
  std::uint64_t seconds = 0;
  for (const char c : token.substr(1, kTimeBytes)) seconds = (seconds << 8U) | static_cast<unsigned char>(c);
  const auto now = std::chrono::floor<std::chrono::seconds>(freshness.now).time_since_epoch();
  // A time of 2^63 seconds and more is wrong in any case.
  if (seconds > static_cast<std::uint64_t>((now + kClockSkew).count())) return false;
  return std::chrono::seconds(static_cast<std::int64_t>(seconds)) + freshness.life >= now;
}

}  // namespace

Result<FernetKeys> FernetKeys::parse(std::string_view text) {
  constexpr std::string_view kBetween = ", \t\r\n";
  std::vector<Key> keys;
  for (auto begin = text.find_first_not_of(kBetween); begin != std::string_view::npos;
       begin = text.find_first_not_of(kBetween, begin)) {
    const auto end = std::min(text.find_first_of(kBetween, begin), text.size());
    const auto bytes = decode(text.substr(begin, end - begin));
    if (!bytes || bytes->size() != kKeyBytes) {
      return failure(ErrorCode::kInvalid,
                     "Key " + std::to_string(keys.size() + 1) +
                         " is not a Fernet key: 32 bytes as base64url, 44 characters with the final '='.");
    }
    keys.push_back({bytes->substr(0, kHalfKeyBytes), bytes->substr(kHalfKeyBytes)});
    begin = end;
  }
  if (keys.empty()) return failure(ErrorCode::kInvalid, "There is no Fernet key.");
  return FernetKeys{std::move(keys)};
}

std::string FernetKeys::seal(std::string_view plain, Time now) const {
  return seal_with(plain, now, runtime::random_bytes(kIvBytes));
}

std::string FernetKeys::seal_with(std::string_view plain, Time now, std::string_view iv) const {
  const auto& key = keys_.front();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::string bytes{kVersion};
  bytes += big_endian(static_cast<std::uint64_t>(seconds));
  bytes += iv;
  bytes += cipher(Way::kEncrypt, key.encryption, iv, plain).value();
  bytes += mac(key.signing, bytes);
  return encode(bytes);
}

std::optional<std::string> FernetKeys::open(std::string_view token,
                                            std::optional<Freshness> freshness) const {
  const auto bytes = decode(token);
  if (!bytes || bytes->size() < kLeastBytes || bytes->front() != kVersion) return std::nullopt;
  if (freshness && !is_fresh(*bytes, *freshness)) return std::nullopt;
  for (const auto& key : keys_) {
    if (auto plain = open_with(key, *bytes)) return plain;
  }
  return std::nullopt;
}

// Tokens begin with their version: no text of a fingerprint is one.
std::string FernetKeys::fingerprint(std::string_view text) const {
  return mac(keys_.front().signing, std::string("fingerprint:").append(text));
}

bool FernetKeys::is_current(std::string_view token) const {
  const auto bytes = decode(token);
  return bytes && bytes->size() >= kLeastBytes && open_with(keys_.front(), *bytes).has_value();
}

// The MAC first: what it does not vouch for is never decrypted.
std::optional<std::string> FernetKeys::open_with(const Key& key, std::string_view bytes) {
  const auto signed_part = bytes.substr(0, bytes.size() - kMacBytes);
  const auto code = mac(key.signing, signed_part);
  if (CRYPTO_memcmp(code.data(), bytes.data() + signed_part.size(), kMacBytes) != 0) return std::nullopt;
  const auto ciphertext = signed_part.substr(kHeadBytes);
  if (ciphertext.size() % kBlockBytes != 0) return std::nullopt;
  return cipher(Way::kDecrypt, key.encryption, bytes.substr(1 + kTimeBytes, kIvBytes), ciphertext);
}

}  // namespace runbook::secrets
