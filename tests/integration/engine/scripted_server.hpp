// ScriptedServer: an HTTP server on loopback that a test scripts byte by byte, a thread a connection. It
// remembers every request.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace runbook::engine {

class ScriptedServer {
 public:
  class Connection {
   public:
    explicit Connection(int socket) : socket_(socket) {}
    int socket() const { return socket_; }
    // Head and body as they came; empty when the client left.
    std::string read_request();
    bool send(std::string_view data) const;  // false when the client left
    void answer(int status, std::string_view body = "", std::string_view headers = "") const;
    void wait_until_closed();

   private:
    bool receive();
    int socket_;
    std::string pending_;
  };

  // Called for each request with the number of requests before it; the connection ends when it returns.
  using Script = std::function<void(Connection&, const std::string& request, int number)>;

  explicit ScriptedServer(Script script, const char* address = "127.0.0.1");
  // Speaks TLS and lists a request, without reading it, when a client went through the whole handshake.
  explicit ScriptedServer(std::shared_ptr<SSL_CTX> tls);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  std::uint16_t port() const { return port_; }
  std::string host() const;  // "127.0.0.1:PORT"
  std::string url(std::string_view path = "/") const;
  std::vector<std::string> requests() const;
  int connections() const { return connections_; }

 private:
  struct Served {
    int socket;
    std::thread thread;
  };
  void accept_all();
  void serve(int socket);
  void serve_tls(int socket);

  std::shared_ptr<SSL_CTX> tls_;
  Script script_;
  std::string address_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::list<Served> served_;
  std::thread acceptor_;
};

// A script that gives every request the same answer.
ScriptedServer::Script always(int status, std::string body = "", std::string headers = "");

}  // namespace runbook::engine
