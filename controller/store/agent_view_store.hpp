// AgentViewStore: agents as people see and change them. Shown is revoked before draining before online;
// online means that a controller which gave a sign of life within 15 s holds the link. What is out of the
// given reach is not there. On the controller's I/O thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <cstddef>
#include <optional>
#include <string>

#include "controller/domain/runbook.hpp"
#include "controller/domain/scope.hpp"
#include "controller/domain/selector.hpp"
#include "controller/store/audit_event.hpp"
#include "controller/store/page.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct AgentFilter {
  std::optional<std::string> status;
  std::optional<domain::Selector> selector;
  std::optional<std::string> name;         // contained, ignoring case
  std::optional<std::string> not_version;  // known to have another one
  PageRequest page;
  domain::Reach reach = {};
};

struct AgentChange {
  std::optional<domain::Labels> labels;
  std::optional<bool> draining;
};

class AgentViewStore {
 public:
  using Reach = domain::Reach;

  explicit AgentViewStore(db::Database& database) : database_(database) {}

  // By host name, revoked ones included.
  boost::asio::awaitable<Result<boost::json::object>> list(AgentFilter filter);
  // {"online", "offline", "draining", "revoked", "outdated"}: of all that match, whatever page and status.
  // Outdated are those not revoked that have another version than `filter.not_version`.
  boost::asio::awaitable<boost::json::object> counts(AgentFilter filter);
  boost::asio::awaitable<Result<boost::json::object>> get(Uuid agent, Reach reach);
  // kConflict for a revoked agent; kInvalid at /labels when they lie out of `reach`.
  boost::asio::awaitable<Result<boost::json::object>> change(Uuid agent, AgentChange change, Reach reach,
                                                             Origin by);
  // kNotFound; revoking twice is fine.
  boost::asio::awaitable<Result<void>> revoke(Uuid agent, Reach reach, Origin by);

  // {"items": at most `limit` agents, "matched", "online"}; kInvalid with faults at /hosts/<n> for unknown
  // and ambiguous hosts.
  boost::asio::awaitable<Result<boost::json::object>> match(domain::Targets targets, std::size_t limit,
                                                            Reach reach);
  // {"items": [{key, count, values: [{value, count}]}], "next_cursor": null}; the 500 most frequent values of
  // a key.
  boost::asio::awaitable<boost::json::object> labels(Reach reach);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
