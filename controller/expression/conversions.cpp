// int(), string() and the other conversions (langdef, "List of Standard Definitions").
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "controller/expression/functions.hpp"
#include "controller/expression/numbers.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::expression {
namespace {

std::unexpected<std::string> out_of_range(std::string_view target, const Value& value) {
  return std::unexpected(fmt::format("{}({}) is out of range", target, shown(value)));
}

std::unexpected<std::string> not_a(std::string_view target, const Value& text) {
  return std::unexpected(fmt::format("{} is no {}", shown(text), target));
}

}  // namespace

Answer to_bool(std::span<const Value> arguments, Calls& /*calls*/) {
  const auto& value = arguments.front();
  if (value.is_bool()) return value;
  if (!value.is_string()) return std::unexpected(no_such_overload("bool", arguments));
  static constexpr std::array<std::string_view, 5> kTrue = {"true", "True", "TRUE", "t", "1"};
  static constexpr std::array<std::string_view, 5> kFalse = {"false", "False", "FALSE", "f", "0"};
  const auto is_among = [&](const auto& words) {
    return std::ranges::find(words, value.as_string()) != words.end();
  };
  if (is_among(kTrue) || value.as_string() == "T") return Value::of_bool(true);
  if (is_among(kFalse) || value.as_string() == "F") return Value::of_bool(false);
  return not_a("bool", value);
}

Answer to_int(std::span<const Value> arguments, Calls& /*calls*/) {
  const auto& value = arguments.front();
  std::optional<std::int64_t> number;
  switch (value.type()) {
    case Type::kInt: return value;
    case Type::kUint: number = exact_int(value); break;
    case Type::kDouble: number = truncated_int(value.as_double()); break;
    case Type::kString:
      number = parse_int(value.as_string());
      if (!number) return not_a("int", value);
      break;
    default: return std::unexpected(no_such_overload("int", arguments));
  }
  if (!number) return out_of_range("int", value);
  return Value::of_int(*number);
}

Answer to_uint(std::span<const Value> arguments, Calls& /*calls*/) {
  const auto& value = arguments.front();
  std::optional<std::uint64_t> number;
  switch (value.type()) {
    case Type::kUint: return value;
    case Type::kInt: number = exact_uint(value); break;
    case Type::kDouble: number = truncated_uint(value.as_double()); break;
    case Type::kString:
      number = parse_uint(value.as_string());
      if (!number) return not_a("uint", value);
      break;
    default: return std::unexpected(no_such_overload("uint", arguments));
  }
  if (!number) return out_of_range("uint", value);
  return Value::of_uint(*number);
}

Answer to_double(std::span<const Value> arguments, Calls& /*calls*/) {
  const auto& value = arguments.front();
  switch (value.type()) {
    case Type::kDouble: return value;
    case Type::kInt: return Value::of_double(static_cast<double>(value.as_int()));
    case Type::kUint: return Value::of_double(static_cast<double>(value.as_uint()));
    case Type::kString:
      if (const auto number = parse_double(value.as_string())) return Value::of_double(*number);
      return not_a("double", value);
    default: return std::unexpected(no_such_overload("double", arguments));
  }
}

Answer to_string(std::span<const Value> arguments, Calls& /*calls*/) {
  const auto& value = arguments.front();
  switch (value.type()) {
    case Type::kString: return value;
    case Type::kBytes:
      if (!is_utf8(value.as_bytes())) return std::unexpected("the bytes are not valid UTF-8");
      return Value::of_string(value.as_bytes());
    case Type::kBool:
    case Type::kInt:
    case Type::kUint:
    case Type::kDouble: return Value::of_string(*to_text(value));
    default: return std::unexpected(no_such_overload("string", arguments));
  }
}

Answer to_bytes(std::span<const Value> arguments, Calls& /*calls*/) {
  const auto& value = arguments.front();
  if (value.type() == Type::kBytes) return value;
  if (value.is_string()) return Value::of_bytes(value.as_string());
  return std::unexpected(no_such_overload("bytes", arguments));
}

Answer to_dyn(std::span<const Value> arguments, Calls& /*calls*/) { return arguments.front(); }

Answer to_type(std::span<const Value> arguments, Calls& /*calls*/) {
  return Value::of_type(arguments.front().type());
}

}  // namespace runbook::expression
