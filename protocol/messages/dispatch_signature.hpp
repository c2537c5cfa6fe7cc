// The controller's signature over what it asks an agent to run: Ed25519 (RFC 8032) over the SHA-256 of
// canonical JSON (RFC 8785) of the whole RunCommand but its signature, of the agent and of the agent process
// it is for. Variables and secrets enter by their digests. One key an installation; agents pin its public
// half when they are enrolled. Pure but for the making of a key. DispatchKey may be shared between threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocol/messages/control.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook {

// Whom a RunCommand is for. The incarnation makes a message that was recorded useless after the agent's
// restart, when it no longer knows what it ran.
struct DispatchTarget {
  Uuid agent;
  Uuid incarnation;  // of Hello
};

// What is signed: 64 hex digits. kInvalid when a text of the message is not UTF-8.
Result<std::string> signed_digest(const RunCommand& run, const DispatchTarget& target);

class DispatchKey {
 public:
  static DispatchKey create();
  // A private key as PEM (PKCS #8). Throws std::runtime_error when it is not one of Ed25519.
  static DispatchKey load(const std::string& pem);

  std::string pem() const;         // secret
  std::string public_key() const;  // 32 bytes, base64: what agents pin

  // The signature of `text` made for `purpose`, base64; one made for another purpose is not valid for it.
  std::string sign(std::string_view purpose, std::string_view text) const;
  bool has_signed(std::string_view purpose, std::string_view text, std::string_view signature) const;
  // Puts the signature into `run`. Throws std::runtime_error when it cannot be signed.
  void sign(RunCommand& run, const DispatchTarget& target) const;

 private:
  struct Key;
  explicit DispatchKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
  std::shared_ptr<const Key> key_;
};

// The pinned public half. Thread-safe.
class DispatchVerifier {
 public:
  // kInvalid when `public_key` is not base64 of 32 bytes.
  static Result<DispatchVerifier> of(const std::string& public_key);
  bool accepts(const RunCommand& run, const DispatchTarget& target) const;

 private:
  explicit DispatchVerifier(std::shared_ptr<const void> key) : key_(std::move(key)) {}
  std::shared_ptr<const void> key_;  // EVP_PKEY
};

}  // namespace runbook
