// Turning an HTTP/1.1 request into a WebSocketChannel. Includes Beast's HTTP types: only for the .cpp files
// of controller/http and of this folder.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <string>

#include "protocol/transport/byte_stream.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::transport {

using UpgradeRequest = boost::beast::http::request<boost::beast::http::empty_body>;

// True when `request` asks for a WebSocket (RFC 6455 §4.2.1).
bool is_websocket_upgrade(const UpgradeRequest& request);

// Answers 101 with `subprotocol` (none when empty; the caller has checked that the client offers it).
// `already_read` is what was read of the connection after the request's head. Throws
// boost::system::system_error; a request that is no proper upgrade was then answered with 400.
boost::asio::awaitable<WebSocketChannel> accept_websocket(ByteStream stream, UpgradeRequest request,
                                                          std::string subprotocol, std::string already_read);

}  // namespace runbook::transport
