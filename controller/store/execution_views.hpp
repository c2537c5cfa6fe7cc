// Executions as the REST API shows them: read-only queries that answer JSON objects of CONTRACT §3. What is
// out of the given reach is not there.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controller/domain/scope.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct ExecutionFilter {
  std::optional<Uuid> runbook;
  std::vector<std::string> statuses;  // one of them; empty: any
  std::optional<Uuid> requested_by;
  std::optional<Uuid> agent;        // something was sent to it
  std::optional<std::string> text;  // in title or reason, ignoring case
  std::optional<Time> since;        // made at or after
  std::optional<Time> until;        // made before
  std::size_t limit = 50;
  std::optional<std::string> cursor;  // opaque; kInvalid when it is not one of ours
  domain::Reach reach = {};
};

class ExecutionViews {
 public:
  using Reach = domain::Reach;

  explicit ExecutionViews(db::Database& database);

  // {"items": […without steps…], "next_cursor"}
  boost::asio::awaitable<Result<boost::json::object>> list(ExecutionFilter filter);
  // With steps and hosts; `summary` leaves `output` and `hosts` out. kNotFound.
  boost::asio::awaitable<Result<boost::json::object>> get(Uuid execution, bool summary, Reach reach);
  // As a live view begins: with the hosts of each step (at most 200), without output; events after `seq`
  // continue it.
  struct Snapshot {
    std::int64_t seq = 0;
    boost::json::object data;
  };
  boost::asio::awaitable<Result<Snapshot>> snapshot(Uuid execution, Reach reach);
  // {"items": hosts, "next_cursor"} of one step.
  boost::asio::awaitable<Result<boost::json::object>> hosts(Uuid execution, Uuid step, std::size_t limit,
                                                            std::optional<std::string> cursor, Reach reach);
  // Those of `executions` that are there.
  boost::asio::awaitable<std::set<Uuid>> reached(std::vector<Uuid> executions, Reach reach);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
