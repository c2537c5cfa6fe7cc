#include "controller/auth/authenticator.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "controller/auth/rights.hpp"
#include "controller/auth/secret.hpp"

namespace runbook::auth {

using boost::asio::awaitable;

namespace {

constexpr std::chrono::milliseconds kRememberFor{300};
constexpr std::chrono::minutes kTouchEvery{1};
constexpr std::chrono::hours kSessionLife{12};
constexpr std::size_t kRememberAtMost = 10'000;
constexpr std::string_view kBearer = "bearer ";
constexpr std::string_view kCsrfPurpose = "runbook csrf token";

std::unexpected<Error> refused() {
  return failure(ErrorCode::kUnauthenticated, "Send a valid API key as X-API-KEY or Authorization: Bearer.");
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The token of "Bearer <token>", scheme in any case.
std::string bearer_token(std::string_view value) {
  if (value.size() <= kBearer.size()) return {};
  for (std::size_t i = 0; i < kBearer.size(); ++i) {
    if (lower(value[i]) != kBearer[i]) return {};
  }
  value.remove_prefix(kBearer.size());
  while (value.starts_with(' ')) value.remove_prefix(1);
  return std::string(value);
}

bool is_own_origin(const Credentials& credentials) {
  if (credentials.origins.size() != 1 || credentials.host.empty()) return false;
  return credentials.origins.front() ==
         fmt::format("{}://{}", credentials.secure ? "https" : "http", credentials.host);
}

// A cookie is sent by the browser whether the page wanted it or not; these show that our own page asked.
bool is_forged(const Credentials& credentials, std::string_view cookie) {
  if (credentials.access == Access::kRead) return false;
  if (credentials.access == Access::kLive) return !is_own_origin(credentials);
  if (!credentials.origins.empty() && !is_own_origin(credentials)) return true;
  const auto expected = base64url(hmac_sha256(cookie, kCsrfPurpose));
  return credentials.csrf_tokens.size() != 1 || !same_secret(credentials.csrf_tokens.front(), expected);
}

Principal principal_of(const store::StoredKey& key, bool by_session) {
  return {key.person, key.person_name, key.id, key.name, grants_of(key.roles), by_session};
}

}  // namespace

Authenticator::Authenticator(store::ApiKeyStore& keys, store::SessionStore& sessions,
                             std::uint16_t public_port, Clock now)
    : keys_(keys), sessions_(sessions), public_port_(public_port), now_(std::move(now)) {}

const Principal* Authenticator::recall(const std::string& digest) {
  const auto found = remembered_.find(digest);
  if (found == remembered_.end()) return nullptr;
  if (found->second.until > now_()) return &found->second.principal;
  remembered_.erase(found);
  return nullptr;
}

Principal Authenticator::remember(const std::string& digest, Principal principal) {
  proven_.add(digest);
  if (remembered_.size() >= kRememberAtMost) remembered_.clear();
  remembered_.insert_or_assign(digest, Remembered{principal, now_() + kRememberFor});
  return principal;
}

awaitable<Result<Principal>> Authenticator::authenticate(Credentials credentials) {
  const auto presented = credentials.api_keys.size() + credentials.authorizations.size();
  if (presented > 1) co_return refused();
  if (presented == 1) {
    auto key = credentials.api_keys.empty() ? bearer_token(credentials.authorizations.front())
                                            : credentials.api_keys.front();
    co_return co_await by_key(std::move(key));
  }
  auto cookie = session_cookie(credentials);
  if (cookie.empty()) co_return refused();
  auto principal = co_await by_session(cookie);
  if (principal && is_forged(credentials, cookie)) {
    co_return failure(ErrorCode::kForbidden,
                      "With a session cookie, writes need its X-CSRF-Token and must come from this site.");
  }
  co_return principal;
}

Presented Authenticator::presented(const Credentials& credentials) const {
  std::string shown;
  for (const auto& key : credentials.api_keys) shown += key;
  for (const auto& value : credentials.authorizations) {
    const auto token = bearer_token(value);
    shown += token.empty() ? value : token;
  }
  const bool by_key = credentials.api_keys.size() + credentials.authorizations.size() > 0;
  if (!by_key) shown = session_cookie(credentials);
  if (!by_key && shown.empty()) return {};
  Presented presented{.digest = sha256(shown), .cookie = !by_key};
  presented.proven = proven_.has(presented.digest);
  return presented;
}

Presented Authenticator::presented(const std::string& key) const {
  Presented presented{.digest = sha256(key)};
  presented.proven = proven_.has(presented.digest);
  return presented;
}

awaitable<Result<Principal>> Authenticator::by_key(std::string key) {
  auto prefix = api_key_prefix(key);
  if (!prefix) co_return refused();
  const auto digest = sha256(key);
  if (const auto* known = recall(digest)) co_return *known;
  const auto stored = co_await keys_.find(std::move(*prefix));
  if (!stored || !same_secret(stored->digest, digest)) co_return refused();
  auto& touched = touched_[stored->id];
  if (touched == std::chrono::steady_clock::time_point{} || now_() - touched >= kTouchEvery) {
    touched = now_();
    co_await keys_.touch(stored->id);
  }
  co_return remember(digest, principal_of(*stored, false));
}

awaitable<Result<Principal>> Authenticator::by_session(std::string cookie) {
  const auto digest = sha256(cookie);
  if (const auto* known = recall(digest)) co_return *known;
  const auto stored = co_await sessions_.find(digest);
  if (!stored) co_return refused();
  co_return remember(digest, principal_of(stored->key, true));
}

awaitable<Result<SignedIn>> Authenticator::sign_in_with_key(std::string key, Credentials credentials,
                                                            store::Origin by) {
  const auto principal = co_await by_key(std::move(key));
  if (!principal) co_return failure(ErrorCode::kUnauthenticated, "This key is not valid.");
  const auto secret = new_secret();
  const auto csrf = base64url(hmac_sha256(secret.text, kCsrfPurpose));
  store::NewSession session{secret.digest, sha256(csrf), {}};
  session.expires_at =
      std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now() + kSessionLife);
  co_await sessions_.create(principal->api_key, std::move(session), std::move(by));
  prove(secret.text);
  co_return SignedIn{set_cookie(credentials.secure, secret.text, kSessionLife), csrf};
}

awaitable<Result<SignedIn>> Authenticator::sign_in_with_token(std::string token, Credentials credentials,
                                                              store::Origin by) {
  const auto secret = new_secret();
  const auto csrf = base64url(hmac_sha256(secret.text, kCsrfPurpose));
  store::NewSession session{secret.digest, sha256(csrf), {}};
  session.expires_at =
      std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now() + kSessionLife);
  const bool redeemed = co_await sessions_.redeem(sha256(token), std::move(session), std::move(by));
  if (!redeemed) co_return failure(ErrorCode::kUnauthenticated, "This sign-in link was used or has expired.");
  prove(secret.text);
  co_return SignedIn{set_cookie(credentials.secure, secret.text, kSessionLife), csrf};
}

awaitable<std::string> Authenticator::sign_out(Credentials credentials, store::Origin by) {
  const auto cookie = session_cookie(credentials);
  if (!cookie.empty()) {
    const auto digest = sha256(cookie);
    remembered_.erase(digest);
    co_await sessions_.remove(digest, std::move(by));
  }
  co_return set_cookie(credentials.secure, "", std::chrono::seconds{0});
}

std::string Authenticator::csrf_token(const Credentials& credentials) const {
  const auto cookie = session_cookie(credentials);
  return cookie.empty() ? std::string() : base64url(hmac_sha256(cookie, kCsrfPurpose));
}

std::string Authenticator::cookie_name(bool secure) const {
  return secure ? "__Host-runbook_session" : fmt::format("runbook_session_{}", public_port_);
}

// Empty when the cookie came twice: it is not ours to guess which one is meant.
std::string Authenticator::session_cookie(const Credentials& credentials) const {
  const auto name = cookie_name(credentials.secure) + '=';
  std::string found;
  for (const std::string& header : credentials.cookies) {
    for (std::size_t at = 0; at < header.size();) {
      const auto end = std::min(header.find(';', at), header.size());
      auto pair = std::string_view(header).substr(at, end - at);
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      if (pair.starts_with(name)) {
        if (!found.empty()) return {};
        found = pair.substr(name.size());
      }
      at = end + 1;
    }
  }
  return found;
}

std::string Authenticator::set_cookie(bool secure, std::string_view value, std::chrono::seconds life) const {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", cookie_name(secure), value,
                     life.count(), secure ? "; Secure" : "");
}

}  // namespace runbook::auth
