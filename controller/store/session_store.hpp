// SessionStore: browser sessions and one-use sign-in links; of both only SHA-256 digests are kept.
// On the controller's I/O thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

#include "controller/store/api_key_store.hpp"

namespace runbook::store {

struct NewSession {
  std::string digest;       // of the cookie, 32 bytes
  std::string csrf_digest;  // of the CSRF token, 32 bytes
  Time expires_at{};
};

struct StoredSession {
  Uuid id;
  std::string csrf_digest;
  StoredKey key;
};

class SessionStore {
 public:
  explicit SessionStore(db::Database& database) : database_(database) {}

  // Also clears away sessions that have expired. The audit trail names the key and its owner, whoever asks.
  boost::asio::awaitable<void> create(Uuid api_key, NewSession session, Origin by);
  // Nothing when there is none or it expired, or its key was revoked or expired.
  boost::asio::awaitable<std::optional<StoredSession>> find(std::string digest);
  boost::asio::awaitable<void> remove(std::string digest, Origin by);

  boost::asio::awaitable<void> add_link(Uuid api_key, std::string link_digest, Time expires_at);
  // Uses the link up and makes the session in one transaction. False when the link is unknown, used or
  // expired.
  boost::asio::awaitable<bool> redeem(std::string link_digest, NewSession session, Origin by);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
