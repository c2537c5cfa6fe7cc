#include "agent/connection/dial.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <charconv>
#include <vector>

#include "certs/authority.hpp"

namespace runbook::connection {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Numbers need no resolver, whose thread would stay for as long as the agent runs.
asio::awaitable<std::vector<tcp::endpoint>> resolve(const ControllerAddress& address) {
  boost::system::error_code no_number;
  const auto number = asio::ip::make_address(address.host, no_number);
  std::uint16_t port = 0;
  const auto [end, bad] =
      std::from_chars(address.port.data(), address.port.data() + address.port.size(), port);
  std::vector<tcp::endpoint> endpoints;
  if (!no_number && bad == std::errc{}) {
    endpoints.emplace_back(number, port);
    co_return endpoints;
  }
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto found = co_await resolver.async_resolve(address.host, address.port, asio::use_awaitable);
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

int tls_reason(const boost::system::error_code& error) {
  if (error.category() != asio::error::get_ssl_category()) return 0;
  return ERR_GET_REASON(static_cast<unsigned long>(static_cast<unsigned>(error.value())));
}

}  // namespace

asio::awaitable<std::unique_ptr<transport::ByteStream>> dial(ControllerAddress address,
                                                             transport::SslContext context) {
  const auto executor = co_await asio::this_coro::executor;
  const auto endpoints = co_await resolve(address);
  tcp::socket socket(executor);
  co_await asio::async_connect(socket, endpoints, asio::use_awaitable);
  auto stream = std::make_unique<transport::ByteStream>(
      transport::ByteStream::tls_client(std::move(socket), context, certs::kControllerName));
  co_await stream->handshake();
  co_return stream;
}

bool is_certificate_refusal(const boost::system::error_code& error) {
  switch (tls_reason(error)) {
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED: return true;
    default: return false;
  }
}

bool is_wrong_controller(const boost::system::error_code& error) {
  return tls_reason(error) == SSL_R_CERTIFICATE_VERIFY_FAILED;
}

}  // namespace runbook::connection
