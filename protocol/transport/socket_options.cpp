#include "protocol/transport/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>

#include "protocol/messages/limits.hpp"

namespace runbook::transport {
namespace {

constexpr int kUnsentBytes = 256 * 1024;

void set(int descriptor, int name, int value) {
  ::setsockopt(descriptor, IPPROTO_TCP, name, &value, sizeof value);
}

}  // namespace

void prefer_low_latency(boost::asio::ip::tcp::socket& socket) {
  const int descriptor = socket.native_handle();
  const auto user_timeout = std::chrono::duration_cast<std::chrono::milliseconds>(limits::kTcpUserTimeout);
  set(descriptor, TCP_NODELAY, 1);
  set(descriptor, TCP_USER_TIMEOUT, static_cast<int>(user_timeout.count()));
  set(descriptor, TCP_NOTSENT_LOWAT, kUnsentBytes);
}

}  // namespace runbook::transport
