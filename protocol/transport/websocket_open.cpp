// How a WebSocketChannel begins: as a client, or from an HTTP request.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <memory>
#include <utility>

#include "protocol/messages/limits.hpp"
#include "protocol/transport/socket_options.hpp"
#include "protocol/transport/websocket_channel.hpp"
#include "protocol/transport/websocket_impl.hpp"
#include "protocol/transport/websocket_upgrade.hpp"

namespace runbook::transport {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

// A client masks what it sends in a buffer of this size: with the frame's header it fills one TLS record.
constexpr std::size_t kMaskedBytes = 16 * 1024 - 14;

WebSocketStream configured(ByteStream stream) {
  prefer_low_latency(stream.next_layer());
  WebSocketStream made(std::move(stream));
  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = limits::kHttpHeaderTime;
  timeout.idle_timeout =
      websocket::stream_base::none();  // the channel's own timer: 5 s and 15 s do not fit Beast's
  timeout.keep_alive_pings = false;
  made.set_option(timeout);
  made.read_message_max(limits::kWebSocketMessageBytes);
  made.auto_fragment(false);
  made.write_buffer_bytes(kMaskedBytes);
  return made;
}

}  // namespace

struct WebSocketOpening {
  static WebSocketChannel channel(WebSocketStream stream, std::string subprotocol) {
    auto impl = std::make_shared<WebSocketChannel::Impl>(std::move(stream));
    impl->subprotocol = std::move(subprotocol);
    return WebSocketChannel(std::move(impl));
  }
};

asio::awaitable<WebSocketChannel> WebSocketChannel::connect(ByteStream stream, std::string host,
                                                            std::string path, std::string subprotocol) {
  WebSocketStream opened = configured(std::move(stream));
  auto ask = [subprotocol](websocket::request_type& request) {
    if (!subprotocol.empty()) request.set(http::field::sec_websocket_protocol, subprotocol);
  };
  opened.set_option(websocket::stream_base::decorator(ask));
  websocket::response_type response;
  error_code error;
  co_await opened.async_handshake(response, host, path, asio::redirect_error(asio::use_awaitable, error));
  if (error == websocket::error::upgrade_declined) {
    throw boost::system::system_error(error, fmt::format("HTTP status {}", response.result_int()));
  }
  if (error) throw boost::system::system_error(error, "WebSocket handshake");
  const auto chosen = response[http::field::sec_websocket_protocol];
  if (std::string_view(chosen.data(), chosen.size()) != subprotocol) {
    throw boost::system::system_error(websocket::error::upgrade_declined,
                                      "the peer speaks another subprotocol");
  }
  co_return WebSocketOpening::channel(std::move(opened), std::move(subprotocol));
}

std::string WebSocketChannel::subprotocol() const { return impl_->subprotocol; }

bool is_websocket_upgrade(const UpgradeRequest& request) { return websocket::is_upgrade(request); }

asio::awaitable<WebSocketChannel> accept_websocket(ByteStream stream, UpgradeRequest request,
                                                   std::string subprotocol, std::string already_read) {
  if (!already_read.empty()) stream.prepend(std::move(already_read));
  WebSocketStream opened = configured(std::move(stream));
  auto answer = [subprotocol](websocket::response_type& response) {
    if (!subprotocol.empty()) response.set(http::field::sec_websocket_protocol, subprotocol);
  };
  opened.set_option(websocket::stream_base::decorator(answer));
  co_await opened.async_accept(request, asio::use_awaitable);
  co_return WebSocketOpening::channel(std::move(opened), std::move(subprotocol));
}

}  // namespace runbook::transport
