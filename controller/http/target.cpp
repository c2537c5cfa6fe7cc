#include "controller/http/target.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include "protocol/messages/json.hpp"

namespace runbook::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    decoded += c;
  }
  if (!is_utf8(decoded)) return std::nullopt;
  return decoded;
}

// "http://host/path" as proxies send it; the authority is Host's business.
std::optional<std::string_view> without_authority(std::string_view text) {
  if (text.starts_with('/')) return text;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!boost::algorithm::istarts_with(text, scheme)) continue;
    text.remove_prefix(scheme.size());
    const std::size_t end = std::min(text.find_first_of("/?"), text.size());
    if (end == 0) return std::nullopt;
    return text.substr(end);
  }
  return std::nullopt;
}

bool parse_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals), true);
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value || value->find('\0') != std::string::npos || std::ranges::any_of(*name, is_control))
      return false;
    target.query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  if (text.find('#') != std::string_view::npos || std::ranges::any_of(text, is_control)) return std::nullopt;
  const auto local = without_authority(text);
  if (!local) return std::nullopt;
  const std::size_t question = std::min(local->find('?'), local->size());
  Target target;
  auto path = decode(local->substr(0, question), false);
  if (!path || std::ranges::any_of(*path, is_control)) return std::nullopt;
  target.path = std::move(*path);
  if (target.path.empty()) target.path = "/";
  if (!parse_query(local->substr(std::min(question + 1, local->size())), target)) return std::nullopt;
  return target;
}

}  // namespace runbook::http
