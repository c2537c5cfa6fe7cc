#include "tests/integration/engine/dns_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace runbook::engine {

namespace {

constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kAaaa = 28;
constexpr std::size_t kHeader = 12;

void add16(std::string& text, unsigned value) {
  text.push_back(static_cast<char>(value >> 8));
  text.push_back(static_cast<char>(value & 0xFF));
}

unsigned read16(const std::string& text, std::size_t at) {
  return static_cast<unsigned>(static_cast<unsigned char>(text.at(at))) << 8 |
         static_cast<unsigned char>(text.at(at + 1));
}

// The address as it stands in a record of this type; empty for another type's.
std::string address_bytes(const std::string& address, std::uint16_t type) {
  std::array<char, 16> bytes{};
  const int family = type == kA ? AF_INET : AF_INET6;
  if (::inet_pton(family, address.c_str(), bytes.data()) != 1) return {};
  return {bytes.data(), type == kA ? 4U : 16U};
}

}  // namespace

DnsServer::DnsServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof own;
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&own), size) != 0 ||
      ::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size) != 0) {
    throw std::runtime_error("the test's name server has no socket");
  }
  port_ = ntohs(own.sin_port);
  thread_ = std::thread([this] { serve(); });
}

// A datagram of no bytes ends the thread.
DnsServer::~DnsServer() {
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  own.sin_port = htons(port_);
  ::sendto(socket_, "", 0, 0, reinterpret_cast<const sockaddr*>(&own), sizeof own);
  thread_.join();
  ::close(socket_);
}

void DnsServer::set(const std::string& name, std::vector<Addresses> answers) {
  const std::lock_guard lock(mutex_);
  names_[name] = {std::move(answers)};
}

int DnsServer::questions(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(names_[name].asked[kA]);
}

void DnsServer::serve() const {
  for (;;) {
    std::array<char, 512> buffer{};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const auto got =
        ::recvfrom(socket_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got <= 0) return;
    const auto text = answer({buffer.data(), static_cast<std::size_t>(got)});
    ::sendto(socket_, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
  }
}

DnsServer::Addresses DnsServer::take(const std::string& name, std::uint16_t type) const {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(name);
  if (found == names_.end()) return {};
  auto& [answers, asked] = found->second;
  return answers[std::min(asked[type]++, answers.size() - 1)];
}

// The question once more, then a record for each address; a name that nobody set has none.
std::string DnsServer::answer(const std::string& question) const {
  std::string name;
  std::size_t at = kHeader;
  while (question.at(at) != '\0') {
    const auto length = static_cast<std::size_t>(question.at(at));
    name += question.substr(at + 1, length) + '.';
    at += length + 1;
  }
  if (!name.empty()) name.pop_back();
  std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  const auto type = static_cast<std::uint16_t>(read16(question, at + 1));
  const auto asked = question.substr(kHeader, at + 5 - kHeader);
  std::string records;
  unsigned count = 0;
  for (const auto& address : take(name, type)) {
    const auto bytes = type == kA || type == kAaaa ? address_bytes(address, type) : std::string();
    if (bytes.empty()) continue;
    add16(records, 0xC00C);  // the name of the question
    add16(records, type);
    add16(records, 1);
    records.append(4, '\0');
    add16(records, static_cast<unsigned>(bytes.size()));
    records += bytes;
    ++count;
  }
  std::string text = question.substr(0, 2);
  add16(text, 0x8580);
  add16(text, 1);
  add16(text, count);
  text.append(4, '\0');
  return text + asked + records;
}

}  // namespace runbook::engine
