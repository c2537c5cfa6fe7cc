// TestNetwork: the internet as a test program sees it. While one exists, names are resolved by its name
// server and connections to addresses of it end at a listener of the test; every address that was connected
// is noted. It takes the place of getaddrinfo(3) and connect(2) of the whole program, libcurl's included, and
// asks no rights for it. One at a time.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/integration/engine/dns_server.hpp"

namespace runbook::engine {

class TestNetwork {
 public:
  // Connections to other addresses than the hosts' go to `elsewhere`, a port of 127.0.0.1.
  explicit TestNetwork(std::uint16_t elsewhere);
  TestNetwork(const TestNetwork&) = delete;
  TestNetwork& operator=(const TestNetwork&) = delete;
  ~TestNetwork();

  DnsServer dns;
  // Connections to `address` go to this port of 127.0.0.1; to port 0: are refused.
  void add_host(const std::string& address, std::uint16_t port);
  std::vector<std::string> take_connected();  // addresses in order, since the last time

  // Where a connection to `address` goes.
  std::uint16_t connected(const std::string& address);

 private:
  std::uint16_t elsewhere_;
  std::mutex mutex_;
  std::map<std::string, std::uint16_t> hosts_;
  std::vector<std::string> connected_;
};

}  // namespace runbook::engine
