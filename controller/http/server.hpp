// Server: one listener (plain or TLS) with its connections. HTTP/1.1 with keep-alive; bounds every size and
// wait of limits.hpp; hands each request's head to one handler. After a 413 it stops writing and drains
// (CONTRACT §3). Runs on one executor; start() and stop() are called there.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "controller/http/message.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/transport/byte_stream.hpp"

namespace runbook::http {

// Must not throw for anything the client did; an exception becomes 500 (or 503 for a full pool or a lost
// database) with the request id, and one error line in the log.
using Handler = std::function<boost::asio::awaitable<Response>(const Request&, BodyReader&)>;

// How long each wait may last; tests make them short.
struct ServerTimes {
  std::chrono::milliseconds header =
      limits::kHttpHeaderTime;  // from a request's first byte; also the TLS handshake
  std::chrono::milliseconds body = limits::kHttpBodyTime;
  std::chrono::milliseconds body_grace{10'000};            // then it must have come at 1 KiB/s on average
  std::chrono::milliseconds idle = limits::kHttpIdleTime;  // between requests; also a write without progress
  std::chrono::milliseconds drain = limits::kHttpDrainTime;
};

struct ServerSettings {
  boost::asio::ip::tcp::endpoint endpoint;
  transport::SslContext tls = nullptr;  // plain when null
  std::string name;                     // "public" or "agent", for the log
  std::size_t max_connections = limits::kHttpConnections;
  std::size_t max_connections_per_address = limits::kHttpConnections;  // client_network.hpp
  std::size_t max_handshakes = limits::kHandshakes;
  std::size_t max_handshakes_per_address = limits::kHandshakesPerAddress;
  // Tells an outage (503: try again) from a defect (500) among the exceptions that leave the handler.
  std::function<bool(const std::exception&)> is_outage = nullptr;
  ServerTimes times = {};
};

class Server {
 public:
  Server(boost::asio::any_io_executor executor, ServerSettings settings, Handler handler);
  ~Server();

  // Binds and begins to accept. Throws boost::system::system_error (address in use, …).
  void start();
  boost::asio::ip::tcp::endpoint local_endpoint() const;  // the real port when 0 was asked for

  // Stops accepting, lets running requests end for a moment, then closes what is left. May be called twice.
  boost::asio::awaitable<void> stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace runbook::http
