// LiveHub: the browsers' and tools' WebSockets on /live (docs/live-protocol.md). Holds subscriptions, sends
// state events as they are committed and output from stored bytes by offset; a slow client loses nothing and
// slows nobody. On the controller's I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
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

  // Whether the client's key or session still gives what it gave when the connection began; asked again and
  // again while it is connected.
  using StillAllowed = std::function<boost::asio::awaitable<bool>()>;

  // Serves one connection until it ends.
  virtual boost::asio::awaitable<void> serve(transport::WebSocketChannel channel, auth::Principal principal,
                                             StillAllowed allowed = nullptr) = 0;
  virtual boost::asio::awaitable<void> stop() = 0;
};

}  // namespace runbook::live
