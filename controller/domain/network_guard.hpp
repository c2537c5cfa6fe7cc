// Which addresses a request from the controller may reach (CONTRACT, last line; SECURITY S37): public ones,
// and others only where the administrator lists them. Judges the address that is going to be connected, so
// spelling, names and redirects do not matter. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runbook::domain {

// An IPv6 address; IPv4 as ::ffff:a.b.c.d.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  bool is_v4() const;
  bool operator==(const IpAddress&) const = default;

  static std::optional<IpAddress> parse(std::string_view text);  // "10.0.0.1", "2001:db8::1"
  static IpAddress v4(const std::array<std::uint8_t, 4>& bytes);
  std::string str() const;
};

// "10.0.0.0/8" or "fd00::/8".
struct Network {
  IpAddress address;
  int prefix = 128;  // of the IPv6 form: IPv4's plus 96

  bool contains(const IpAddress& other) const;
  static std::optional<Network> parse(std::string_view cidr);
};

// What kind of address that is and why it is refused, such as "a private address"; nothing for public ones.
// An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4, ISATAP) is judged by both.
std::optional<std::string_view> not_public(const IpAddress& address);

// Why `address` may not be reached, as a sentence that says what to do; nothing when it may.
std::optional<std::string> refusal(const IpAddress& address, const std::vector<Network>& allowed);

}  // namespace runbook::domain
