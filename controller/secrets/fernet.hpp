// Fernet tokens (the specification of version 0x80): AES-128-CBC with PKCS #7 padding, then HMAC-SHA-256 over
// version, time, IV and ciphertext, all in base64url. FernetKeys is the list of a controller: the first key
// seals, each may open. Immutable after parse(), so any thread may use it. It has no clock of its own.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"

namespace runbook::secrets {

class FernetKeys {
 public:
  // Keys as base64url of 32 bytes, parted by commas or white space. kInvalid without any, or when one is not
  // a key; the message never repeats it.
  static Result<FernetKeys> parse(std::string_view text);

  std::string seal(std::string_view plain, Time now) const;
  // `iv` has 16 bytes. For the published vectors; everybody else lets seal() draw one.
  std::string seal_with(std::string_view plain, Time now, std::string_view iv) const;

  // Nothing for anything that is not a token of one of these keys, whatever is wrong with it: who asks learns
  // no more. With `life`, also for tokens older than that, or more than a minute from the future.
  struct Freshness {
    Time now{};
    std::chrono::seconds life{};
  };
  std::optional<std::string> open(std::string_view token, std::optional<Freshness> freshness = {}) const;

  // 32 bytes that tell one text from another to holders of the first key, and nothing to anybody else: a
  // plain digest of a short secret could be guessed.
  std::string fingerprint(std::string_view text) const;

  // Whether the first key made it; others wait for their rotation.
  bool is_current(std::string_view token) const;

 private:
  struct Key {
    std::string signing;     // 16 bytes
    std::string encryption;  // 16 bytes
  };
  static std::optional<std::string> open_with(const Key& key, std::string_view bytes);

  explicit FernetKeys(std::vector<Key> keys) : keys_(std::move(keys)) {}
  std::vector<Key> keys_;
};

}  // namespace runbook::secrets
