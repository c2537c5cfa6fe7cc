// ObjectLookup: whether what a path names exists for who asks, for requests that must be refused with 404
// before anything else about them is judged. On the controller's I/O thread; queries run on the database's
// pool.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <vector>

#include "controller/domain/scope.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

enum class ObjectKind {
  kNone,
  kRunbook,
  kVersion,
  kExecution,
  kStep,
  kAgent,
  kEnrollmentToken,
  kApiKey,
  kCredential
};

class ObjectLookup {
 public:
  explicit ObjectLookup(db::Database& database) : database_(database) {}

  // `ids` in the order of the path: a version or step comes after the runbook or execution it must belong to.
  // What is out of `reach` does not exist.
  boost::asio::awaitable<bool> exists(ObjectKind kind, std::vector<Uuid> ids, domain::Reach reach);
  // Whether the person started the execution of a runbook within `reach`, wherever its hosts are now.
  boost::asio::awaitable<bool> started(Uuid execution, Uuid person, domain::Reach reach);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
