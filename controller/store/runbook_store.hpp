// RunbookStore: runbooks and their immutable versions, answered as the REST API shows them (CONTRACT §3).
// What is out of the given reach is not there, and nothing can be moved out of it. On the controller's I/O
// thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <optional>
#include <string>

#include "controller/domain/runbook.hpp"
#include "controller/domain/scope.hpp"
#include "controller/domain/selector.hpp"
#include "controller/store/audit_event.hpp"
#include "controller/store/page.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct RunbookFilter {
  std::optional<std::string> title;  // contained, ignoring case
  std::optional<std::string> text;   // in title, description, labels or commands, ignoring case
  std::optional<Uuid> created_by;
  std::optional<std::string> last_status;  // of the newest execution
  std::optional<domain::Selector> selector;
  PageRequest page;
  domain::Reach reach = {};
};

struct NewVersion {
  domain::Runbook content;
  std::string message;
  Uuid person;
  std::optional<std::string> source_yaml = {};  // as it was written, when it was
};

// What a person writes stays among what they may write: kInvalid at /labels.
Result<void> judge_labels(const domain::Labels& labels, const domain::Reach& reach);

class RunbookStore {
 public:
  explicit RunbookStore(db::Database& database) : database_(database) {}

  using Reach = domain::Reach;

  // kInvalid at /labels when they lie out of `reach`; the same below.
  boost::asio::awaitable<Result<boost::json::object>> create(NewVersion version, Reach reach, Origin by);
  // By title; items leave parameters and blocks out and have the last executions.
  boost::asio::awaitable<Result<boost::json::object>> list(RunbookFilter filter);
  boost::asio::awaitable<Result<boost::json::object>> get(Uuid runbook, Reach reach);
  // The newest version's number. kNotFound.
  boost::asio::awaitable<Result<int>> version_number(Uuid runbook, Reach reach);
  // kPreconditionFailed when `expected` is not the newest any more; the same below.
  boost::asio::awaitable<Result<boost::json::object>> update(Uuid runbook, NewVersion version,
                                                             std::optional<int> expected, Reach reach,
                                                             Origin by);
  boost::asio::awaitable<Result<void>> remove(Uuid runbook, std::optional<int> expected, Reach reach,
                                              Origin by);

  boost::asio::awaitable<Result<boost::json::object>> versions(Uuid runbook, PageRequest page, Reach reach);
  // The runbook with that version's title, description, labels, parameters and blocks.
  boost::asio::awaitable<Result<boost::json::object>> version(Uuid runbook, Uuid version, Reach reach);
  // The version's YAML, when it was written as such.
  boost::asio::awaitable<std::optional<std::string>> source_yaml(Uuid version);
  boost::asio::awaitable<Result<boost::json::object>> rollback(Uuid runbook, Uuid version, Uuid person,
                                                               std::string message,
                                                               std::optional<int> expected, Reach reach,
                                                               Origin by);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
