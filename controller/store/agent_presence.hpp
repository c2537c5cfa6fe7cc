// Hosts as the engine and the fleet see them: who may connect, who is connected, which ones targets may
// choose from.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/domain/runbook.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

// One agent that is not revoked.
struct Host {
  Uuid id;
  std::string name;
  domain::Labels labels;
  bool draining = false;
  bool online = false;
};

// What is known of an agent's present connection; `connected` false: it left.
struct Presence {
  Uuid agent;
  bool connected = false;
  std::string version = {};
  std::string os = {};
  std::string arch = {};
  Uuid incarnation = {};
  std::chrono::milliseconds silent_for{0};  // one that left: since it was last heard
};

class AgentPresence {
 public:
  explicit AgentPresence(db::Database& database);

  // Stores who came and who left, in one transaction; answers the agents as GET /agents shows them. One that
  // left is cleared only where `instance` still holds it.
  boost::asio::awaitable<std::vector<boost::json::object>> store(Uuid instance,
                                                                 std::vector<Presence> changes);

  // last_seen of everything `instance` holds.
  boost::asio::awaitable<void> seen(Uuid instance);

  // The hosts that one of `targets` may mean: all of them when one has a selector, else those named by name
  // or id. `scope` as HostScope::to_json(): hosts out of it are not there.
  boost::asio::awaitable<std::vector<Host>> candidates(std::vector<domain::Targets> targets,
                                                       boost::json::value scope);

  // Agents by status: online, offline, draining, revoked.
  boost::asio::awaitable<std::map<std::string, std::size_t>> counts();

 private:
  db::Database& database_;
};

}  // namespace runbook::store
