#include "controller/domain/network_guard.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace runbook::domain {
namespace {

constexpr int kV4Bits = 96;  // bits before an IPv4 address in its IPv6 form

using V4 = std::array<std::uint8_t, 4>;

struct SpecialV4 {
  V4 address;
  int prefix;
  std::string_view kind;
};

// IANA's registry of special-purpose addresses, with the metadata services of clouds.
constexpr std::array kSpecialV4 = {
    SpecialV4{{169, 254, 169, 254}, 32, "a cloud's metadata service"},
    SpecialV4{{168, 63, 129, 16}, 32, "a cloud's metadata service"},
    SpecialV4{{100, 100, 100, 200}, 32, "a cloud's metadata service"},
    SpecialV4{{0, 0, 0, 0}, 8, "an unspecified address"},
    SpecialV4{{127, 0, 0, 0}, 8, "a loopback address"},
    SpecialV4{{10, 0, 0, 0}, 8, "a private address"},
    SpecialV4{{172, 16, 0, 0}, 12, "a private address"},
    SpecialV4{{192, 168, 0, 0}, 16, "a private address"},
    SpecialV4{{100, 64, 0, 0}, 10, "an address of a provider's inner network"},
    SpecialV4{{169, 254, 0, 0}, 16, "a link-local address"},
    SpecialV4{{192, 0, 0, 0}, 24, "a reserved address"},
    SpecialV4{{192, 0, 2, 0}, 24, "a reserved address"},
    SpecialV4{{192, 88, 99, 0}, 24, "a reserved address"},
    SpecialV4{{198, 18, 0, 0}, 15, "a reserved address"},
    SpecialV4{{198, 51, 100, 0}, 24, "a reserved address"},
    SpecialV4{{203, 0, 113, 0}, 24, "a reserved address"},
    SpecialV4{{224, 0, 0, 0}, 4, "a multicast address"},
    SpecialV4{{240, 0, 0, 0}, 4, "a reserved address"},
};

struct SpecialV6 {
  std::string_view network;
  std::string_view kind;
};

// In this order; what is none of these and not in 2000::/3 is not assigned.
constexpr std::array kSpecialV6 = {
    SpecialV6{"::/128", "an unspecified address"},
    SpecialV6{"::1/128", "a loopback address"},
    SpecialV6{"fd00:ec2::254/128", "a cloud's metadata service"},
    SpecialV6{"fc00::/7", "a private address"},
    SpecialV6{"fe80::/10", "a link-local address"},
    SpecialV6{"fec0::/10", "a private address"},
    SpecialV6{"ff00::/8", "a multicast address"},
    SpecialV6{"64:ff9b:1::/48", "an address of a local translator to IPv4"},
    SpecialV6{"2001::/32", "an address of a tunnel to IPv4 (Teredo)"},
    SpecialV6{"2001:db8::/32", "a reserved address"},
    SpecialV6{"2001:2::/48", "a reserved address"},
    SpecialV6{"3fff::/20", "a reserved address"},
};

constexpr std::string_view kTranslated = "64:ff9b::/96";  // NAT64, RFC 6052
constexpr std::string_view k6to4 = "2002::/16";
constexpr std::string_view kGlobal = "2000::/3";

bool in(const IpAddress& address, std::string_view network) {
  return Network::parse(network)->contains(address);
}

IpAddress v4_at(const IpAddress& address, std::size_t offset) {
  const auto& bytes = address.bytes;
  return IpAddress::v4({bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]});
}

// The IPv4 address that a packet to this IPv6 address ends at.
std::optional<IpAddress> embedded(const IpAddress& address) {
  const auto& bytes = address.bytes;
  if (in(address, kTranslated)) return v4_at(address, 12);
  if (in(address, k6to4)) return v4_at(address, 2);
  const bool isatap = (bytes[8] & 0xFC) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE;
  if (isatap) return v4_at(address, 12);
  return std::nullopt;
}

std::optional<std::string_view> special_v4(const IpAddress& address) {
  for (const auto& special : kSpecialV4) {
    if (Network{IpAddress::v4(special.address), special.prefix + kV4Bits}.contains(address)) {
      return special.kind;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> special_v6(const IpAddress& address) {
  for (const auto& special : kSpecialV6) {
    if (in(address, special.network)) return special.kind;
  }
  if (in(address, kTranslated) || in(address, kGlobal)) return std::nullopt;
  return "an address that is not assigned";
}

}  // namespace

bool IpAddress::is_v4() const {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto byte) { return byte == 0; }) &&
         bytes[10] == 0xFF && bytes[11] == 0xFF;
}

IpAddress IpAddress::v4(const V4& bytes) {
  IpAddress address;
  address.bytes[10] = 0xFF;
  address.bytes[11] = 0xFF;
  std::ranges::copy(bytes, address.bytes.begin() + 12);
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  V4 short_form{};
  if (::inet_pton(AF_INET, terminated.c_str(), short_form.data()) == 1) return v4(short_form);
  IpAddress address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::string IpAddress::str() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) {
    ::inet_ntop(AF_INET, bytes.data() + 12, text.data(), text.size());
  } else {
    ::inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  }
  return text.data();
}

bool Network::contains(const IpAddress& other) const {
  for (int bit = 0; bit < prefix; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int difference = address.bytes[byte] ^ other.bytes[byte];
    if ((difference >> (7 - bit % 8) & 1) != 0) return false;
  }
  return true;
}

std::optional<Network> Network::parse(std::string_view cidr) {
  const auto slash = cidr.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = IpAddress::parse(cidr.substr(0, slash));
  const auto length = cidr.substr(slash + 1);
  int prefix = 0;
  const auto [end, wrong] = std::from_chars(length.data(), length.data() + length.size(), prefix);
  const bool read = wrong == std::errc{} && end == length.data() + length.size();
  if (!address || !read || prefix < 0) return std::nullopt;
  const bool short_form = cidr.substr(0, slash).find(':') == std::string_view::npos;
  if (prefix > (short_form ? 32 : 128)) return std::nullopt;
  return Network{*address, short_form ? prefix + kV4Bits : prefix};
}

std::optional<std::string_view> not_public(const IpAddress& address) {
  if (address.is_v4()) return special_v4(address);
  if (const auto inner = embedded(address)) {
    if (const auto kind = special_v4(*inner)) return kind;
  }
  return special_v6(address);
}

std::optional<std::string> refusal(const IpAddress& address, const std::vector<Network>& allowed) {
  const auto kind = not_public(address);
  if (!kind) return std::nullopt;
  const auto inner = address.is_v4() ? std::nullopt : embedded(address);
  const auto listed = [&](const Network& network) {
    return network.contains(address) || (inner && network.contains(*inner));
  };
  if (std::ranges::any_of(allowed, listed)) return std::nullopt;
  return fmt::format(
      "{} is {}. Allow it with --allow-api-target {}/{} when API blocks are meant to reach it.",
      address.str(), *kind, address.str(), address.is_v4() ? 32 : 128);
}

}  // namespace runbook::domain
