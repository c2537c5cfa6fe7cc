// AgentHub: the connected agents, one session each. Identity is the verified client certificate (serial and
// URI SAN, checked against the database); a second connection of the same agent replaces the first. Whoever
// is revoked, here or by another controller, is cut off within 5 s. On the controller's I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/engine/ports.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::db {
class Database;
}
namespace runbook::store {
class AuditTrail;
}

namespace runbook::fleet {

class AgentHub : public engine::AgentLinks {
 public:
  // `authorities`: SHA-256 of those the fleet trusts, the issuing one first; agents are told of them. `trail`
  // outlives the hub.
  static std::unique_ptr<AgentHub> create(boost::asio::any_io_executor executor, db::Database& database,
                                          Uuid instance, std::vector<std::string> authorities,
                                          const store::AuditTrail& trail);
  // The engine is made after the hub; set once before the first connection.
  virtual void connect_events(engine::AgentEvents& events) = 0;
  // Who is told when agents come and go; nobody unless set.
  virtual void connect_observer(engine::AgentObserver& observer) = 0;
  // Serves one agent connection until it ends. A certificate that is not in the database is closed with
  // kPolicy.
  virtual boost::asio::awaitable<void> serve(transport::WebSocketChannel channel) = 0;
  virtual void disconnect(const Uuid& agent) = 0;  // after a revocation
  virtual std::size_t connected() const = 0;
  virtual boost::asio::awaitable<void> stop() = 0;
};

}  // namespace runbook::fleet
