// CredentialStore: named secrets, sealed before they come here: this layer has no key and shows no secret. On
// the controller's I/O thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <optional>
#include <string>
#include <vector>

#include "controller/domain/scope.hpp"
#include "controller/store/audit_event.hpp"
#include "controller/store/page.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct NewCredential {
  Uuid id;  // sealed into the secret, so it is chosen before
  std::string name;
  std::string type;  // "ssh" or "api"
  std::string sealed;
  Uuid created_by;
  std::optional<domain::Selector> runbooks = {};  // where it may be used; nothing: everywhere
};

struct NewSecret {
  Uuid id;
  std::string sealed;
  // Nothing: it may be used where it could before.
  std::optional<std::optional<domain::Selector>> runbooks = {};
};

struct SealedCredential {
  Uuid id;
  std::string sealed;
};

struct CredentialName {
  Uuid id;
  std::string name;
  std::string type;           // "ssh" or "api"
  bool usable = true;         // in the runbook it was asked for
  std::string runbooks = {};  // its selector, when it has one
};

struct UsedCredential {
  Uuid id;
  std::string type;
  std::string sealed;  // empty when it is not usable
  bool usable = true;  // in the runbook it was asked for, as its labels are now
};

class CredentialStore {
 public:
  explicit CredentialStore(db::Database& database) : database_(database) {}

  // kConflict when the name is taken.
  boost::asio::awaitable<Result<boost::json::object>> create(NewCredential credential, Origin by);
  // By name: those that may be used in some runbook in `reach` or have no selector. `used_by` tells of
  // runbooks in `reach`.
  boost::asio::awaitable<Result<boost::json::object>> list(PageRequest page, domain::Reach reach);
  // kNotFound.
  boost::asio::awaitable<Result<boost::json::object>> replace(NewSecret credential, Origin by);
  // kNotFound; kConflict with the titles of the runbooks that use it, unless `force`.
  boost::asio::awaitable<Result<void>> remove(Uuid credential, bool force, Origin by);

  // What there is of these names, to be used in `runbook`.
  boost::asio::awaitable<std::vector<CredentialName>> named(std::vector<std::string> names, Uuid runbook);
  // Those of them that there still are, to be opened and used in `runbook` now.
  boost::asio::awaitable<std::vector<UsedCredential>> use(std::vector<Uuid> ids, Uuid runbook);

  // For sealing anew, those after `after` in the order of ids.
  boost::asio::awaitable<std::vector<SealedCredential>> sealed(std::optional<Uuid> after, std::size_t limit);
  // Whether it was still `before`: a secret that was replaced meanwhile is left alone.
  boost::asio::awaitable<bool> reseal(SealedCredential credential, std::string before, Origin by);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
