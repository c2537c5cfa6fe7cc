#include <fmt/format.h>

#include <algorithm>

#include "controller/domain/selector.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace {

constexpr std::size_t kNamePartBytes = 63;
constexpr std::size_t kPrefixBytes = 253;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z'); }

// Letters, digits, '-', '_' and '.', with a letter or digit at both ends.
bool is_name(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::ranges::all_of(text,
                             [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

// RFC 1123: dot-separated labels of lower-case letters, digits and '-'.
bool is_subdomain(std::string_view text) {
  while (true) {
    const auto dot = text.find('.');
    const auto part = text.substr(0, dot);
    const auto end = [](char c) { return is_lower(c) || is_digit(c); };
    if (part.empty() || !end(part.front()) || !end(part.back())) return false;
    if (!std::ranges::all_of(part, [&](char c) { return end(c) || c == '-'; })) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string label_key_fault(std::string_view key) {
  auto name = key;
  if (const auto slash = key.find('/'); slash != std::string_view::npos) {
    const auto prefix = key.substr(0, slash);
    name = key.substr(slash + 1);
    if (prefix.size() > kPrefixBytes || !is_subdomain(prefix)) {
      return "the part of a label key before '/' must be a lower-case DNS name of at most 253 characters";
    }
  }
  if (name.size() > kNamePartBytes) return "a label key may have at most 63 characters (after its '/')";
  if (!is_name(name)) {
    return "a label key must consist of letters, digits, '-', '_' and '.' and begin and end with a letter or "
           "digit";
  }
  return {};
}

std::string label_value_fault(std::string_view value) {
  if (value.empty()) return {};
  if (value.size() > limits::kLabelValueBytes) return "a label value may have at most 63 characters";
  if (!is_name(value)) {
    return "a label value must consist of letters, digits, '-', '_' and '.' and begin and end with a letter "
           "or digit";
  }
  return {};
}

}  // namespace runbook::domain
