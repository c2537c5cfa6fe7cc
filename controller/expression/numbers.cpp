#include "controller/expression/numbers.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace runbook::expression {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

double nearest_double(const Value& number) {
  switch (number.type()) {
    case Type::kInt: return static_cast<double>(number.as_int());
    case Type::kUint: return static_cast<double>(number.as_uint());
    default: return number.as_double();
  }
}

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - from;
}

// digits [. digits] [e[sign]digits], at least one digit before or after the point.
bool is_decimal(std::string_view text) {
  const std::size_t whole = digits_at(text, 0);
  std::size_t at = whole;
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    fraction = digits_at(text, at + 1);
    at += 1 + fraction;
  }
  if (whole + fraction == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

bool is_word(std::string_view text, std::string_view word) {
  return std::ranges::equal(text, word,
                            [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

}  // namespace

std::optional<std::int64_t> exact_int(const Value& number) {
  if (number.type() == Type::kInt) return number.as_int();
  if (number.type() == Type::kUint) {
    if (number.as_uint() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {};
    return static_cast<std::int64_t>(number.as_uint());
  }
  const double value = number.as_double();
  if (!(value >= -kTwoTo63 && value < kTwoTo63) || std::trunc(value) != value) return {};
  return static_cast<std::int64_t>(value);
}

std::optional<std::uint64_t> exact_uint(const Value& number) {
  if (number.type() == Type::kUint) return number.as_uint();
  if (number.type() == Type::kInt) {
    if (number.as_int() < 0) return {};
    return static_cast<std::uint64_t>(number.as_int());
  }
  const double value = number.as_double();
  if (!(value >= 0 && value < kTwoTo64) || std::trunc(value) != value) return {};
  return static_cast<std::uint64_t>(value);
}

std::optional<std::int64_t> truncated_int(double number) {
  if (!(number > -kTwoTo63 && number < kTwoTo63)) return {};
  return static_cast<std::int64_t>(number);
}

std::optional<std::uint64_t> truncated_uint(double number) {
  if (!(number >= 0 && number < kTwoTo64)) return {};
  return static_cast<std::uint64_t>(number);
}

std::partial_ordering compare_numbers(const Value& left, const Value& right) {
  if (left.type() == Type::kDouble || right.type() == Type::kDouble) {
    return nearest_double(left) <=> nearest_double(right);
  }
  const auto left_int = exact_int(left);
  const auto right_int = exact_int(right);
  if (left_int && right_int) return *left_int <=> *right_int;
  if (left_int) return std::partial_ordering::less;  // the other one is beyond int
  if (right_int) return std::partial_ordering::greater;
  return left.as_uint() <=> right.as_uint();
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return {};
  }
  return parse_whole<std::int64_t>(text);
}

std::optional<std::uint64_t> parse_uint(std::string_view text) { return parse_whole<std::uint64_t>(text); }

std::optional<double> parse_double(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  if (is_word(text, "nan")) {
    number = std::numeric_limits<double>::quiet_NaN();
  } else if (is_word(text, "infinity") || is_word(text, "inf")) {
    number = std::numeric_limits<double>::infinity();
  } else {
    if (!is_decimal(text)) return {};
    number = std::strtod(std::string(text).c_str(), nullptr);  // from_chars does not tell tiny from huge
    if (std::isinf(number)) return {};
  }
  return negative ? -number : number;
}

}  // namespace runbook::expression
