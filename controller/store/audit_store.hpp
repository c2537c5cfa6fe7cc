// AuditStore: reading the audit trail, and telling it of what was refused. Changes are told of in their own
// transactions (audit_rows.hpp). On the controller's I/O thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/store/audit_chain.hpp"
#include "controller/store/audit_event.hpp"
#include "controller/store/page.hpp"
#include "controller/store/refusal_flood.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct AuditFilter {
  std::optional<std::string> person = {};  // id or name
  std::optional<std::string> action = {};
  std::optional<std::string> object_type = {};
  std::optional<Uuid> object_id = {};
  std::optional<std::string> result = {};
  std::optional<Time> since = {};
  std::optional<Time> until = {};  // before it
};

struct ChainedRow {
  AuditRow row;
  std::string mac;
};

// Where the chain ends.
struct AuditHead {
  std::int64_t id = 0;
  std::int64_t count = 0;  // rows there are
  std::string mac;
  Time at{};  // now, by the database's clock
};

class AuditStore {
 public:
  explicit AuditStore(db::Database& database) : database_(database) {}

  // A row of its own, for what changed nothing. Of a flood by one key, or from one address without a key,
  // only some are told one by one.
  boost::asio::awaitable<void> refused(Origin by, AuditEvent event);

  // As GET /audit shows them, newest first.
  boost::asio::awaitable<Result<boost::json::object>> list(AuditFilter filter, PageRequest page);
  // Oldest first, those after `after`.
  boost::asio::awaitable<std::vector<boost::json::object>> after(AuditFilter filter, std::int64_t after,
                                                                 std::size_t limit);
  // The chain itself, in its order.
  boost::asio::awaitable<std::vector<ChainedRow>> chain(std::int64_t after, std::size_t limit);
  boost::asio::awaitable<std::optional<AuditHead>> head();

 private:
  db::Database& database_;
  RefusalFlood flood_;
};

}  // namespace runbook::store
