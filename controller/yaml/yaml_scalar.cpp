#include "controller/yaml/yaml_scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <memory>

namespace runbook::yaml {
namespace {

namespace json = boost::json;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return text;
}

// Takes the digits at the front of `text` away; how many there were.
std::size_t take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

bool is_integer(std::string_view text) {
  text = without_sign(text);
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_float(std::string_view text) {
  text = without_sign(text);
  const auto whole = take_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits(text) == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text = without_sign(text.substr(1));
  return take_digits(text) > 0 && text.empty();
}

template <class Number>
std::optional<Number> parsed(std::string_view text, int base) {
  Number number{};
  const auto* first = std::to_address(text.begin());
  const auto* last = std::to_address(text.end());
  const auto [end, error] = std::from_chars(first, last, number, base);
  if (error != std::errc{} || end != last) return std::nullopt;
  return number;
}

std::optional<json::value> real(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto* first = std::to_address(text.begin());
  const auto* last = std::to_address(text.end());
  const auto [end, error] = std::from_chars(first, last, number);
  if (error != std::errc{} || end != last || !std::isfinite(number)) return std::nullopt;
  return json::value(number);
}

std::optional<json::value> whole(std::string_view text, int base) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (const auto number = parsed<std::int64_t>(text, base)) return json::value(*number);
  if (const auto number = parsed<std::uint64_t>(text, base)) return json::value(*number);
  return base == 10 ? real(text) : std::nullopt;
}

bool has_base(std::string_view text, std::string_view prefix, std::string_view digits) {
  return text.starts_with(prefix) && text.size() > prefix.size() &&
         text.find_first_not_of(digits, prefix.size()) == std::string_view::npos;
}

}  // namespace

std::optional<json::value> plain_value(std::string_view text) {
  if (text.empty() || is_one_of(text, {"~", "null", "Null", "NULL"})) return json::value(nullptr);
  if (is_one_of(text, {"true", "True", "TRUE"})) return json::value(true);
  if (is_one_of(text, {"false", "False", "FALSE"})) return json::value(false);
  if (is_integer(text)) return whole(text, 10);
  if (has_base(text, "0o", "01234567")) return whole(text.substr(2), 8);
  if (has_base(text, "0x", "0123456789abcdefABCDEF")) return whole(text.substr(2), 16);
  if (is_float(text)) return real(text);
  if (is_one_of(without_sign(text), {".inf", ".Inf", ".INF"})) return std::nullopt;
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return std::nullopt;
  return json::value(text);
}

}  // namespace runbook::yaml
