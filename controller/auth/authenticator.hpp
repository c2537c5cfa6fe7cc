// Authenticator: who makes a request. By API key, or by session cookie, whose writes also need the CSRF
// token. A positive answer is remembered for a moment, so that a revocation takes effect within a second. On
// the controller's I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "controller/auth/principal.hpp"
#include "controller/auth/proven_secrets.hpp"
#include "controller/auth/secret.hpp"
#include "controller/store/api_key_store.hpp"
#include "controller/store/session_store.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::auth {

enum class Access {
  kRead,
  kWrite,  // by cookie: CSRF token; a foreign Origin is refused
  kLive,   // by cookie: the Origin must be there and be this one
};

// The headers that matter, each with every value it came with.
struct Credentials {
  std::vector<std::string> api_keys;        // X-API-KEY
  std::vector<std::string> authorizations;  // Authorization
  std::vector<std::string> cookies;         // Cookie
  std::vector<std::string> csrf_tokens;     // X-CSRF-Token
  std::vector<std::string> origins;         // Origin
  std::string host;                         // Host
  bool secure = false;                      // came over TLS
  Access access = Access::kRead;
};

// What a request shows to say who asks.
struct Presented {
  std::string digest = {};  // SHA-256; empty when it shows nothing
  bool cookie = false;
  bool proven = false;  // it was right here before; it need not be now
};

struct SignedIn {
  std::string set_cookie;  // value of the Set-Cookie header
  std::string csrf_token;
};

class Authenticator {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  // `public_port` is part of the cookie's name over plain http, because cookies ignore ports.
  Authenticator(store::ApiKeyStore& keys, store::SessionStore& sessions, std::uint16_t public_port,
                Clock now = std::chrono::steady_clock::now);

  // kUnauthenticated, or kForbidden when a cookie's write lacks its CSRF token or comes from elsewhere.
  boost::asio::awaitable<Result<Principal>> authenticate(Credentials credentials);

  // Exchange of an API key, or of a one-use sign-in token, for a session. kUnauthenticated.
  boost::asio::awaitable<Result<SignedIn>> sign_in_with_key(std::string key, Credentials credentials,
                                                            store::Origin by);
  boost::asio::awaitable<Result<SignedIn>> sign_in_with_token(std::string token, Credentials credentials,
                                                              store::Origin by);
  // Ends the cookie's session if there is one; answers the Set-Cookie value that clears it.
  boost::asio::awaitable<std::string> sign_out(Credentials credentials, store::Origin by);

  // What X-CSRF-Token must be for the request's cookie; empty without one.
  std::string csrf_token(const Credentials& credentials) const;

  void forget() { remembered_.clear(); }  // after a revocation here

  // Who presented `digest` (Presented::digest) within the last moment; nullptr: nobody who was right.
  const Principal* recall(const std::string& digest);

  Presented presented(const Credentials& credentials) const;
  Presented presented(const std::string& key) const;                // of a sign-in
  void prove(const std::string& key) { proven_.add(sha256(key)); }  // it was made here

 private:
  struct Remembered {
    Principal principal;
    std::chrono::steady_clock::time_point until;
  };
  Principal remember(const std::string& digest, Principal principal);
  std::string cookie_name(bool secure) const;
  std::string session_cookie(const Credentials& credentials) const;  // its value, empty without one
  std::string set_cookie(bool secure, std::string_view value, std::chrono::seconds life) const;
  boost::asio::awaitable<Result<Principal>> by_key(std::string key);
  boost::asio::awaitable<Result<Principal>> by_session(std::string cookie);

  store::ApiKeyStore& keys_;
  store::SessionStore& sessions_;
  std::uint16_t public_port_;
  Clock now_;
  std::unordered_map<std::string, Remembered> remembered_;  // by SHA-256 of what was presented
  std::unordered_map<Uuid, std::chrono::steady_clock::time_point> touched_;
  ProvenSecrets proven_;
};

}  // namespace runbook::auth
