// ApprovalViews: the commands that wait to be approved or waited, of all executions. On the controller's I/O
// thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include "controller/domain/scope.hpp"
#include "controller/store/page.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

// Who asks, by what their roles reach.
struct Approver {
  Uuid person;
  domain::Reach any = {};  // may approve in these
  domain::Reach own = {};  // may approve in these if they started them
};

enum class Approvals { kWaiting, kDecided };

class ApprovalViews {
 public:
  explicit ApprovalViews(db::Database& database) : database_(database) {}

  // {"items": […], "next_cursor"}: what waits, of the newest execution first; what was decided, latest first.
  // `may_approve` is about `approver`; only executions in `reach` are there.
  boost::asio::awaitable<Result<boost::json::object>> list(Approvals which, PageRequest request,
                                                           Approver approver, domain::Reach reach);

  // Whether the approver may approve in this execution at all.
  boost::asio::awaitable<bool> may_approve(Uuid execution, Approver approver);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
