// ApiKeyStore: people and their API keys. A key itself is never here, only its SHA-256, found by its public
// prefix. On the controller's I/O thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>

#include "controller/store/audit_event.hpp"
#include "controller/store/page.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct NewApiKey {
  std::string name;
  std::string prefix;
  std::string digest;        // SHA-256 of the whole key, 32 bytes
  boost::json::array roles;  // words, or {"role", "runbooks", "hosts"} (auth/rights)
  std::string owner = {};  // a person's name, made when it is new; empty: `created_by`
  std::optional<Time> expires_at = {};
  std::optional<Uuid> created_by = {};  // nothing: made on the controller's own command line
};

// A key that may be used now.
struct StoredKey {
  Uuid id;
  Uuid person;
  std::string person_name;
  std::string name;
  std::string digest;
  boost::json::array roles;  // as it was made with
};

class ApiKeyStore {
 public:
  explicit ApiKeyStore(db::Database& database) : database_(database) {}

  // Nothing when there is none, or it was revoked or has expired.
  boost::asio::awaitable<std::optional<StoredKey>> find(std::string prefix);
  // Notes the time of use, at most once a minute.
  boost::asio::awaitable<void> touch(Uuid key);

  // As GET /api-keys shows one.
  boost::asio::awaitable<boost::json::object> create(NewApiKey key, Origin by);
  // Owners of keys that may be used now, by role and then by name.
  boost::asio::awaitable<std::map<std::string, std::set<std::string>>> people_by_role();
  // Newest first.
  boost::asio::awaitable<Result<boost::json::object>> list(PageRequest page);
  // Ends the key and its sessions. kNotFound; revoking twice is fine.
  boost::asio::awaitable<Result<void>> revoke(Uuid key, Origin by);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
