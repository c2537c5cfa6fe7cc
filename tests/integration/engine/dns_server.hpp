// DnsServer: a name server on loopback (RFC 1035, UDP, A and AAAA) that answers each question as a test says,
// another answer each time where the test has several. A thread of its own; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace runbook::engine {

class DnsServer {
 public:
  using Addresses = std::vector<std::string>;  // IPv4 and IPv6

  DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;
  ~DnsServer();

  std::uint16_t port() const { return port_; }
  // `name` in small letters. The n-th question for A, and the n-th for AAAA, get the n-th answer, later ones
  // the last; all with a time to live of 0.
  void set(const std::string& name, std::vector<Addresses> answers);
  int questions(const std::string& name) const;  // for A

 private:
  struct Name {
    std::vector<Addresses> answers;
    std::map<std::uint16_t, std::size_t> asked = {};  // by type
  };
  void serve() const;
  std::string answer(const std::string& question) const;
  Addresses take(const std::string& name, std::uint16_t type) const;

  int socket_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Name> names_;
  std::thread thread_;
};

}  // namespace runbook::engine
