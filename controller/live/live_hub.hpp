// LiveHub: the browsers' and tools' WebSockets on /live (docs/live-protocol.md). Holds subscriptions, sends state
// events as they are committed and output from stored bytes by offset; a slow client loses nothing and slows nobody.
// On the controller's I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

#include "controller/auth/principal.hpp"
#include "controller/engine/ports.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::live {

class LiveHub : public engine::ExecutionObserver, public engine::AgentObserver, public engine::OutputSignal {
 public:
  static std::unique_ptr<LiveHub> create(boost::asio::any_io_executor executor, db::Database& database);

  // Serves one connection until it ends.
  virtual boost::asio::awaitable<void> serve(transport::WebSocketChannel channel, auth::Principal principal) = 0;
  virtual boost::asio::awaitable<void> stop() = 0;
};

}  // namespace runbook::live
