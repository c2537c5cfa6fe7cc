// Pairs of connected sockets and streams on the loopback interface, plain or with TLS of a fleet authority.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <string>

#include "protocol/transport/byte_stream.hpp"

namespace runbook::testing {

struct Sockets {
  boost::asio::ip::tcp::socket client;
  boost::asio::ip::tcp::socket server;
};
Sockets connected_sockets(const boost::asio::any_io_executor& executor);

// One authority, one agent and one controller for the whole test program.
struct TlsSettings {
  transport::SslContext server;
  transport::SslContext client;
  transport::SslContext client_of_another_fleet;
  std::string agent;  // its UUID
};
const TlsSettings& tls_settings();

struct Streams {
  transport::ByteStream client;
  transport::ByteStream server;
};
Streams plain_streams(const boost::asio::any_io_executor& executor);
Streams tls_streams(const boost::asio::any_io_executor& executor);  // before the handshake

// Handshakes both ends; throws what the client's throws.
boost::asio::awaitable<void> shake_hands(Streams& streams);

// Runs `scene` with a connected pair, once plain and once with TLS; fails the test when it takes too long.
using Scene = std::function<boost::asio::awaitable<void>(Streams&)>;
void run_plain(const Scene& scene);
void run_tls(const Scene& scene);
void run_both(const Scene& scene);

// Runs a scene of its own making, bounded in time.
void run_bounded(boost::asio::io_context& context, boost::asio::awaitable<void> scene);

boost::asio::awaitable<void> write_all(transport::ByteStream& stream, std::string data);
// Reads until the end; `error` is how it ended. At most `at_once` bytes a read.
boost::asio::awaitable<std::string> read_all(transport::ByteStream& stream, std::size_t at_once,
                                             boost::system::error_code& error);

}  // namespace runbook::testing
