#include "controller/expression/literals.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <optional>

#include "controller/expression/numbers.hpp"

namespace runbook::expression {
namespace {

// Of "12" or "0xC".
std::optional<std::uint64_t> magnitude(std::string_view digits) {
  const bool is_hex = digits.starts_with("0x");
  if (is_hex) digits.remove_prefix(2);
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number, is_hex ? 16 : 10);
  return read.ec == std::errc{} ? std::optional(number) : std::nullopt;
}

std::optional<Value> int_value(std::string_view digits, bool negative) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const auto size = magnitude(digits);
  if (!size || *size > kMost + (negative ? 1 : 0)) return std::nullopt;
  return Value::of_int(static_cast<std::int64_t>(negative ? 0 - *size : *size));
}

}  // namespace

std::expected<Value, std::string> literal_value(const Token& token, bool negative) {
  std::optional<Value> value;
  switch (token.kind) {
    case Token::Kind::kString: return Value::of_string(token.content);
    case Token::Kind::kBytes: return Value::of_bytes(token.content);
    case Token::Kind::kInt: value = int_value(token.text, negative); break;
    case Token::Kind::kUint:
      if (const auto size = magnitude(token.text)) value = Value::of_uint(*size);
      break;
    default:
      if (const auto number = parse_double(token.text))
        value = Value::of_double(negative ? -*number : *number);
      break;
  }
  const auto suffix = token.kind == Token::Kind::kUint ? "u" : "";
  if (!value) return std::unexpected(fmt::format("{}{} is out of range", token.text, suffix));
  return *value;
}

}  // namespace runbook::expression
