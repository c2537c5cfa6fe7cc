// Server: one listener (plain or TLS) with its connections. HTTP/1.1 with keep-alive; bounds every size and wait of
// limits.hpp; hands each request's head to one handler. After a 413 it stops writing and drains (CONTRACT §3).
// Runs on one executor; start() and stop() are called there.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "controller/http/message.hpp"
#include "protocol/transport/byte_stream.hpp"

namespace runbook::http {

// Must not throw for anything the client did; an exception becomes 500 (or 503 for a full pool or a lost database)
// with the request id, and one error line in the log.
using Handler = std::function<boost::asio::awaitable<Response>(const Request&, BodyReader&)>;

struct ServerSettings {
  boost::asio::ip::tcp::endpoint endpoint;
  transport::SslContext tls = nullptr;  // plain when null
  std::string name;                     // "public" or "agent", for the log
  std::size_t max_connections = 20'000;
  std::size_t max_connections_per_address = 20'000;
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
