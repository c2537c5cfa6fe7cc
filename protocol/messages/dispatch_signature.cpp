#include "protocol/messages/dispatch_signature.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <optional>
#include <stdexcept>

#include "protocol/messages/dispatch_digest.hpp"

namespace runbook {
namespace {

namespace json = boost::json;

constexpr std::string_view kPurpose = "runbook-dispatch.v1";
constexpr std::size_t kPublicBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

struct Free {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;
using ContextPtr = std::unique_ptr<EVP_MD_CTX, Free>;
using BioPtr = std::unique_ptr<BIO, Free>;

void require(bool done, const char* what) {
  ERR_clear_error();
  if (!done) throw std::runtime_error(what);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string text(((size + 2) / 3 * 4) + 1, '\0');  // EVP_EncodeBlock ends it with a NUL
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

// Exactly the one spelling of exactly `size` bytes.
std::optional<std::string> from_base64(std::string_view text, std::size_t size) {
  if (text.size() != (size + 2) / 3 * 4) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                     static_cast<int>(text.size()));
  if (length < 0 || static_cast<std::size_t>(length) < size) return std::nullopt;
  bytes.resize(size);
  if (base64(bytes_of(bytes), bytes.size()) != text) return std::nullopt;
  return bytes;
}

std::string message_of(std::string_view purpose, std::string_view text) {
  std::string message(purpose);
  message.push_back('\n');
  message += text;
  return message;
}

bool is_valid(EVP_PKEY* key, std::string_view message, std::string_view signature) {
  const auto bytes = from_base64(signature, kSignatureBytes);
  if (!bytes) return false;
  const ContextPtr context(EVP_MD_CTX_new());
  const bool valid = EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
                     EVP_DigestVerify(context.get(), bytes_of(*bytes), bytes->size(), bytes_of(message),
                                      message.size()) == 1;
  ERR_clear_error();
  return valid;
}

json::array to_json(const std::vector<CommandCredential>& credentials) {
  json::array array;
  for (const auto& credential : credentials) {
    array.push_back(json::object{
        {"id", credential.id.str()}, {"name", credential.name}, {"secret", sha256_hex(credential.secret)}});
  }
  return array;
}

}  // namespace

Result<std::string> signed_digest(const RunCommand& run, const DispatchTarget& target) {
  json::object environment;
  for (const auto& [name, value] : run.environment) environment[name] = sha256_hex(value);
  json::array secrets;
  for (const auto& secret : run.secrets) secrets.emplace_back(sha256_hex(secret));
  json::object object = {{"agent", target.agent.str()},
                         {"incarnation", target.incarnation.str()},
                         {"attempt", run.attempt.str()},
                         {"execution", run.execution.str()},
                         {"step", run.step.str()},
                         {"argv", json::array(run.argv.begin(), run.argv.end())},
                         {"script", run.script},
                         {"environment", std::move(environment)},
                         {"working_directory", run.working_directory},
                         {"run_as", run.run_as},
                         {"timeout_seconds", run.timeout.count()},
                         {"stop_grace_seconds", run.stop_grace.count()},
                         {"stop_after_seconds", nullptr},
                         {"expires_at", rfc3339(run.expires_at)},
                         {"credentials", to_json(run.credentials)},
                         {"secrets", std::move(secrets)},
                         {"root", run.root},
                         {"leaf", run.leaf}};
  if (run.stop_after) object["stop_after_seconds"] = run.stop_after->count();
  const auto text = canonical_json(object);
  if (!text) return std::unexpected(text.error());
  return sha256_hex(*text);
}

struct DispatchKey::Key {
  KeyPtr pair;
};

DispatchKey DispatchKey::create() {
  KeyPtr pair(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  require(pair != nullptr, "a key for dispatches cannot be made");
  return DispatchKey(std::make_shared<const Key>(std::move(pair)));
}

DispatchKey DispatchKey::load(const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto no_passphrase = [](char*, int, int, void*) { return -1; };
  KeyPtr pair(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  require(pair && EVP_PKEY_is_a(pair.get(), "ED25519") == 1, "this is not a private Ed25519 key as PEM");
  return DispatchKey(std::make_shared<const Key>(std::move(pair)));
}

std::string DispatchKey::pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PrivateKey(bio.get(), key_->pair.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "the key for dispatches cannot be written");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string DispatchKey::public_key() const {
  std::array<unsigned char, kPublicBytes> bytes{};
  std::size_t size = bytes.size();
  require(EVP_PKEY_get_raw_public_key(key_->pair.get(), bytes.data(), &size) == 1 && size == bytes.size(),
          "the key for dispatches cannot be read");
  return base64(bytes.data(), size);
}

std::string DispatchKey::sign(std::string_view purpose, std::string_view text) const {
  const std::string message = message_of(purpose, text);
  std::array<unsigned char, kSignatureBytes> bytes{};
  std::size_t size = bytes.size();
  const ContextPtr context(EVP_MD_CTX_new());
  const bool done =
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->pair.get()) == 1 &&
      EVP_DigestSign(context.get(), bytes.data(), &size, bytes_of(message), message.size()) == 1;
  require(done, "a dispatch cannot be signed");
  return base64(bytes.data(), size);
}

bool DispatchKey::has_signed(std::string_view purpose, std::string_view text,
                             std::string_view signature) const {
  return is_valid(key_->pair.get(), message_of(purpose, text), signature);
}

void DispatchKey::sign(RunCommand& run, const DispatchTarget& target) const {
  const auto digest = signed_digest(run, target);
  require(digest.has_value(), "a dispatch that is not UTF-8 cannot be signed");
  run.signature = sign(kPurpose, *digest);
}

Result<DispatchVerifier> DispatchVerifier::of(const std::string& public_key) {
  const auto bytes = from_base64(public_key, kPublicBytes);
  if (!bytes) return failure(ErrorCode::kInvalid, "The controller's key for dispatches is damaged.");
  EVP_PKEY* key =
      EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes_of(*bytes), bytes->size());
  ERR_clear_error();
  if (key == nullptr) return failure(ErrorCode::kInvalid, "The controller's key for dispatches is damaged.");
  return DispatchVerifier(std::shared_ptr<const void>(KeyPtr(key)));
}

bool DispatchVerifier::accepts(const RunCommand& run, const DispatchTarget& target) const {
  const auto digest = signed_digest(run, target);
  // EVP_DigestVerifyInit takes the key without const and does not change it.
  auto* key = static_cast<EVP_PKEY*>(const_cast<void*>(key_.get()));
  return digest && is_valid(key, message_of(kPurpose, *digest), run.signature);
}

}  // namespace runbook
