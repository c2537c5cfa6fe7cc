// EnrolmentStore: uses enrolment tokens up and makes the agents they are for. A token makes one agent,
// however many try at once, and stays unused when the agent could not be made. On the controller's I/O
// thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

#include "controller/domain/runbook.hpp"
#include "controller/store/agent_certificates.hpp"
#include "controller/store/audit_event.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct EnrolledAgent {
  Uuid id;
  std::string name;
  domain::Labels labels;  // its own and, over them, the token's
  IssuedCertificate certificate;
};

class EnrolmentStore {
 public:
  explicit EnrolmentStore(db::Database& database) : database_(database) {}

  // The labels of a token that may be used now; nothing for any other.
  boost::asio::awaitable<std::optional<domain::Labels>> usable(std::string token_digest);
  // Stores the agent. kUnauthenticated when the token was used, revoked or has expired meanwhile; kConflict
  // when an agent that is not revoked has the name: the token then stays usable.
  boost::asio::awaitable<Result<void>> enrol(std::string token_digest, EnrolledAgent agent, Origin by);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
