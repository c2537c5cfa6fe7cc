#include "tests/integration/engine/test_network.hpp"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "controller/domain/network_guard.hpp"

namespace runbook::engine {

namespace {

std::atomic<TestNetwork*> present{nullptr};

using GetAddrInfo = int(const char*, const char*, const addrinfo*, addrinfo**);
using Connect = int(int, const sockaddr*, socklen_t);

template <class Function>
Function* original(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

addrinfo* numeric(const std::string& address, const char* service, const addrinfo& wanted) {
  addrinfo hints = wanted;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* list = nullptr;
  auto* const resolve = original<GetAddrInfo>("getaddrinfo");
  return resolve(address.c_str(), service, &hints, &list) == 0 ? list : nullptr;
}

// Asks the test's name server as the C library would ask one of resolv.conf.
std::vector<std::string> ask(const char* name, int type, std::uint16_t port) {
  struct __res_state state{};
  if (::res_ninit(&state) != 0) return {};
  state.nscount = 1;
  state.nsaddr_list[0].sin_family = AF_INET;
  state.nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  state.nsaddr_list[0].sin_port = htons(port);
  std::array<unsigned char, 1024> answer{};
  const int length = ::res_nquery(&state, name, C_IN, type, answer.data(), static_cast<int>(answer.size()));
  ::res_nclose(&state);
  std::vector<std::string> addresses;
  ns_msg message{};
  if (length < 0 || ::ns_initparse(answer.data(), length, &message) != 0) return addresses;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record{};
    if (::ns_parserr(&message, ns_s_an, i, &record) != 0 || ns_rr_type(record) != type) continue;
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(type == ns_t_a ? AF_INET : AF_INET6, ns_rr_rdata(record), text.data(), text.size());
    addresses.emplace_back(text.data());
  }
  return addresses;
}

}  // namespace

TestNetwork::TestNetwork(std::uint16_t elsewhere) : elsewhere_(elsewhere) { present = this; }
TestNetwork::~TestNetwork() { present = nullptr; }

void TestNetwork::add_host(const std::string& address, std::uint16_t port) {
  const std::lock_guard lock(mutex_);
  hosts_[address] = port;
}

std::vector<std::string> TestNetwork::take_connected() {
  const std::lock_guard lock(mutex_);
  return std::exchange(connected_, {});
}

std::uint16_t TestNetwork::connected(const std::string& address) {
  const std::lock_guard lock(mutex_);
  connected_.push_back(address);
  const auto found = hosts_.find(address);
  return found == hosts_.end() ? elsewhere_ : found->second;
}

}  // namespace runbook::engine

namespace net = runbook::engine;

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* wanted, addrinfo** result) {
  auto* network = net::present.load();
  if (network == nullptr || name == nullptr) {
    return net::original<net::GetAddrInfo>("getaddrinfo")(name, service, wanted, result);
  }
  addrinfo hints{};
  if (wanted != nullptr) hints = *wanted;
  // inet_aton(3)'s spellings too, as the C library takes them.
  if ((*result = net::numeric(name, service, hints)) != nullptr) return 0;
  std::vector<std::string> addresses;
  if (hints.ai_family != AF_INET) addresses = net::ask(name, ns_t_aaaa, network->dns.port());
  if (hints.ai_family != AF_INET6) {
    for (auto& address : net::ask(name, ns_t_a, network->dns.port())) addresses.push_back(std::move(address));
  }
  addrinfo** end = result;
  for (const auto& address : addresses) {
    *end = net::numeric(address, service, hints);
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return *result == nullptr ? EAI_NONAME : 0;
}

extern "C" int connect(int socket, const sockaddr* to, socklen_t size) {
  auto* const real = net::original<net::Connect>("connect");
  auto* network = net::present.load();
  if (network == nullptr || (to->sa_family != AF_INET && to->sa_family != AF_INET6)) {
    return real(socket, to, size);
  }
  runbook::domain::IpAddress address;
  if (to->sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(to)->sin_addr, bytes.size());
    address = runbook::domain::IpAddress::v4(bytes);
  } else {
    std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(to)->sin6_addr,
                address.bytes.size());
  }
  const auto port = network->connected(address.str());
  if (port == 0) {
    errno = ECONNREFUSED;
    return -1;
  }
  sockaddr_in loopback{};
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  loopback.sin_port = htons(port);
  if (to->sa_family == AF_INET) return real(socket, reinterpret_cast<sockaddr*>(&loopback), sizeof loopback);
  // An IPv6 socket reaches it by the mapped address.
  sockaddr_in6 mapped{};
  mapped.sin6_family = AF_INET6;
  mapped.sin6_port = htons(port);
  mapped.sin6_addr.s6_addr[10] = mapped.sin6_addr.s6_addr[11] = 0xFF;
  std::memcpy(&mapped.sin6_addr.s6_addr[12], &loopback.sin_addr, sizeof loopback.sin_addr);
  return real(socket, reinterpret_cast<sockaddr*>(&mapped), sizeof mapped);
}
