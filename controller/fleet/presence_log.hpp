// PresenceLog: writes down which agents came and left, many in one transaction, and tells the observer after
// it was stored. On the controller's I/O thread; run() is one long-lived task.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <map>
#include <vector>

#include "controller/engine/ports.hpp"
#include "controller/store/agent_presence.hpp"
#include "protocol/runtime/wake_up.hpp"

namespace runbook::fleet {

class PresenceLog {
 public:
  PresenceLog(boost::asio::any_io_executor executor, db::Database& database, Uuid instance);

  void connect_observer(engine::AgentObserver& observer) { observer_ = &observer; }
  void note(store::Presence presence);
  boost::asio::awaitable<void> run();
  // Stores what is left; for the end. Does nothing when the database does not answer.
  boost::asio::awaitable<void> flush();

 private:
  boost::asio::awaitable<bool> store_noted();

  boost::asio::any_io_executor executor_;
  store::AgentPresence store_;
  Uuid instance_;
  engine::AgentObserver* observer_ = nullptr;
  std::map<Uuid, store::Presence> noted_;
  runtime::WakeUp wake_;
};

}  // namespace runbook::fleet
