// ApprovalViews: the commands that wait to be approved or waited, of all executions. On the controller's I/O
// thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <optional>

#include "controller/store/page.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

// Who asks, by what their roles allow.
struct Approver {
  Uuid person;
  bool any = false;  // may approve in every execution
  bool own = false;  // may approve in those they started
};

enum class Approvals { kWaiting, kDecided };

class ApprovalViews {
 public:
  explicit ApprovalViews(db::Database& database) : database_(database) {}

  // {"items": […], "next_cursor"}: what waits, of the newest execution first; what was decided, latest first.
  // `may_approve` is about `approver`.
  boost::asio::awaitable<Result<boost::json::object>> list(Approvals which, PageRequest request,
                                                           Approver approver);

  // The person who started an execution. kNotFound.
  boost::asio::awaitable<Result<Uuid>> requested_by(Uuid execution);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
