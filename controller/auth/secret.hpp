// Secrets that prove who someone is: made here, compared here, stored as SHA-256 only. Pure but for the
// randomness of the kernel. The one place that compares them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runbook::auth {

std::string sha256(std::string_view text);                             // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view text);  // 32 bytes
std::string hex(std::string_view bytes);                               // lower case
std::string base64url(std::string_view bytes);                         // without padding

// In constant time for equal lengths.
bool same_secret(std::string_view one, std::string_view other);

struct Secret {
  std::string text;    // shown once
  std::string digest;  // SHA-256 of text
};

// 256 random bits as 43 characters: session cookies, sign-in links.
Secret new_secret();

// "rbe_" and 43 characters. Letters, digits, '-' and '_' only: it is pasted into shells.
Secret new_enrollment_token();

// "rbk_<prefix>_<43 characters>"; the prefix is public and finds the row.
struct ApiKeySecret {
  std::string text;
  std::string prefix;
  std::string digest;
};
ApiKeySecret new_api_key();

// The prefix of a well-formed key, nothing for anything else.
std::optional<std::string> api_key_prefix(std::string_view key);

}  // namespace runbook::auth
