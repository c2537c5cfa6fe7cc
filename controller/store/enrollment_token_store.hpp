// EnrollmentTokenStore: one-use tokens as administrators see them; enrolment itself uses them up
// (enrolment_store). On the controller's I/O thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <string>

#include "controller/domain/runbook.hpp"
#include "controller/store/audit_event.hpp"
#include "controller/store/page.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct NewEnrollmentToken {
  std::string digest;  // SHA-256 of the token, 32 bytes
  domain::Labels labels;
  std::optional<Uuid> created_by;  // nothing: made on the controller's own command line
  Time expires_at{};
};

class EnrollmentTokenStore {
 public:
  explicit EnrollmentTokenStore(db::Database& database) : database_(database) {}

  boost::asio::awaitable<boost::json::object> create(NewEnrollmentToken token, Origin by);
  // Newest first.
  boost::asio::awaitable<Result<boost::json::object>> list(PageRequest page);
  // kNotFound; revoking twice, or after its use, is fine.
  boost::asio::awaitable<Result<void>> revoke(Uuid token, Origin by);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
