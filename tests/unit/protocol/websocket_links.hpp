// A WebSocket from end to end: a client and an accepted server side on one event loop.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

#include "protocol/transport/websocket_channel.hpp"
#include "tests/unit/protocol/connections.hpp"

namespace runbook::testing {

// Reads the request of an upgrade from `stream` and accepts it.
boost::asio::awaitable<transport::WebSocketChannel> accept_one(transport::ByteStream stream,
                                                               std::string subprotocol);

struct Link {
  transport::WebSocketChannel client;
  transport::WebSocketChannel server;
};
// `streams` are connected and, with TLS, have shaken hands.
boost::asio::awaitable<Link> open_link(Streams streams);

// Runs `scene` with a link whose two writers run; plain, then TLS.
using LinkScene = std::function<boost::asio::awaitable<void>(Link&)>;
void run_link(const LinkScene& scene);

}  // namespace runbook::testing
