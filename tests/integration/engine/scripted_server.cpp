#include "tests/integration/engine/scripted_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace runbook::engine {

bool ScriptedServer::Connection::receive() {
  char buffer[16 * 1024];
  const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
  if (count > 0) pending_.append(buffer, static_cast<std::size_t>(count));
  return count > 0;
}

std::string ScriptedServer::Connection::read_request() {
  std::size_t head = 0;
  while ((head = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return {};
  }
  std::size_t length = head + 4;
  constexpr std::string_view kLength = "Content-Length: ";
  if (const auto at = pending_.find(kLength); at < head)
    length += std::stoul(pending_.substr(at + kLength.size()));
  while (pending_.size() < length) {
    if (!receive()) return {};
  }
  std::string request = pending_.substr(0, length);
  pending_.erase(0, length);
  return request;
}

bool ScriptedServer::Connection::send(std::string_view data) const {
  while (!data.empty()) {
    const ssize_t count = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    data.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void ScriptedServer::Connection::answer(int status, std::string_view body, std::string_view headers) const {
  send(fmt::format("HTTP/1.1 {} Said\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers, body));
}

void ScriptedServer::Connection::wait_until_closed() {
  while (receive()) {}
}

ScriptedServer::ScriptedServer(Script script, const char* address)
    : script_(std::move(script)),
      address_(address),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  ::inet_pton(AF_INET, address, &place.sin_addr);
  socklen_t length = sizeof place;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&place), length) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &length) != 0) {
    throw std::runtime_error(fmt::format("{} cannot be listened on", address));
  }
  port_ = ntohs(place.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::ScriptedServer(std::shared_ptr<SSL_CTX> tls) : ScriptedServer(Script{}) {
  tls_ = std::move(tls);
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_, SHUT_RDWR);  // ends accept()
  acceptor_.join();
  ::close(listener_);
  for (auto& served : served_) ::shutdown(served.socket, SHUT_RDWR);
  for (auto& served : served_) {
    served.thread.join();
    ::close(served.socket);
  }
}

std::string ScriptedServer::host() const { return fmt::format("{}:{}", address_, port_); }

std::string ScriptedServer::url(std::string_view path) const {
  return fmt::format("http://{}{}", host(), path);
}

std::vector<std::string> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    ++connections_;
    served_.push_back({socket, std::thread([this, socket] { serve(socket); })});
  }
}

void ScriptedServer::serve_tls(int socket) {
  const std::unique_ptr<SSL, decltype(&SSL_free)> stream(SSL_new(tls_.get()), &SSL_free);
  SSL_set_fd(stream.get(), socket);
  if (SSL_accept(stream.get()) == 1) {
    const std::lock_guard lock(mutex_);
    requests_.emplace_back("TLS");
  }
  ::shutdown(socket, SHUT_RDWR);
}

// The socket is closed by the destructor, so that its number is not used again before.
void ScriptedServer::serve(int socket) {
  if (tls_) return serve_tls(socket);
  Connection connection(socket);
  const auto request = connection.read_request();
  if (!request.empty()) {
    int number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = static_cast<int>(requests_.size());
      requests_.push_back(request);
    }
    script_(connection, request, number);
  }
  ::shutdown(socket, SHUT_RDWR);
}

ScriptedServer::Script always(int status, std::string body, std::string headers) {
  return [status, body = std::move(body), headers = std::move(headers)](
             ScriptedServer::Connection& connection, const std::string&, int) {
    connection.answer(status, body, headers);
  };
}

}  // namespace runbook::engine
