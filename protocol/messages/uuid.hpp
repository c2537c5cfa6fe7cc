// Uuid: 128-bit identifier (RFC 9562), lower-case hex with dashes as text. A plain value.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace runbook {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;

  // 36 characters; upper case is accepted, braces and URN forms are not.
  static std::optional<Uuid> parse(std::string_view text);
  std::string str() const;
  bool is_nil() const { return *this == Uuid{}; }
};

}  // namespace runbook

template <>
struct std::hash<runbook::Uuid> {
  std::size_t operator()(const runbook::Uuid& id) const noexcept;
};
