// A blocking client that speaks bytes, for tests of controller/http.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>

namespace runbook::http {

// Blocking; every wait ends after ten seconds at the latest, so a hanging server fails a test instead of the
// run.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : RawClient() { connect(port); }
  static RawClient unconnected() { return {}; }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { leave(); }

  int descriptor() const { return socket_; }

  bool connect(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  bool readable_within(std::chrono::milliseconds limit) const {
    pollfd watched{.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&watched, 1, static_cast<int>(limit.count())) > 0;
  }

  bool send(std::string_view data) {
    while (!data.empty()) {
      const ssize_t count = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      data.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  void end_sending() { ::shutdown(socket_, SHUT_WR); }
  void leave() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  // Up to and with `marker`; what came until the end when it never comes.
  std::string read_until(std::string_view marker) {
    for (;;) {
      const std::size_t found = pending_.find(marker);
      if (found != std::string::npos) return take(found + marker.size());
      if (!receive()) return take(pending_.size());
    }
  }
  std::string read_exactly(std::size_t count) {
    while (pending_.size() < count && receive()) {}
    return take(std::min(count, pending_.size()));
  }
  std::string read_all() {
    while (receive()) {}
    return take(pending_.size());
  }
  // The server ended the connection (and did not merely keep us waiting).
  bool ended() { return !receive() && ended_; }

  struct Answer {
    unsigned status = 0;
    std::string head;
    std::string body;
  };
  // One answer with Content-Length; reads nothing beyond it.
  Answer read_answer() {
    Answer answer;
    answer.head = read_until("\r\n\r\n");
    if (answer.head.starts_with("HTTP/1.1 "))
      answer.status = static_cast<unsigned>(std::stoul(answer.head.substr(9, 3)));
    constexpr std::string_view kLength = "Content-Length: ";
    const std::size_t length = answer.head.find(kLength);
    if (length != std::string::npos)
      answer.body = read_exactly(std::stoul(answer.head.substr(length + kLength.size())));
    return answer;
  }

 private:
  RawClient() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }

  bool receive() {
    char buffer[16 * 1024];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count > 0) pending_.append(buffer, static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno == ECONNRESET)) ended_ = true;
    return count > 0;
  }
  std::string take(std::size_t count) {
    std::string taken = pending_.substr(0, count);
    pending_.erase(0, count);
    return taken;
  }

  int socket_;
  bool ended_ = false;
  std::string pending_;
};

}  // namespace runbook::http
