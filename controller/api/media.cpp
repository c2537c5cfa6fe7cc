#include "controller/api/media.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace runbook::api {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The part before the first `separator`; `rest` loses it.
std::string_view take(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trim(part);
}

// How well a media range of Accept fits `type`: 0 not at all, 3 exactly.
int fit(std::string_view range, std::string_view type) {
  if (range == type) return 3;
  if (range == "application/*") return 2;
  return range == "*/*" ? 1 : 0;
}

double quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto parameter = lower(take(parameters, ';'));
    if (!parameter.starts_with("q=")) continue;
    double value = 0;
    const auto* last = parameter.data() + parameter.size();
    const auto [end, error] = std::from_chars(parameter.data() + 2, last, value);
    return error == std::errc{} && end == last && value <= 1 ? value : 0;
  }
  return 1;
}

// The quality the closest range gives to `type`, 0 when none fits.
double accepted(const http::Request& request, std::string_view type) {
  int best = 0;
  double value = 0;
  for (const auto& [name, content] : request.headers) {
    if (name != "accept") continue;
    std::string_view rest = content;
    while (!rest.empty()) {
      auto parameters = take(rest, ',');
      const auto closeness = fit(lower(take(parameters, ';')), type);
      if (closeness <= best) continue;
      best = closeness;
      value = quality(parameters);
    }
  }
  return value;
}

}  // namespace

bool is_media_type(std::string_view content_type, std::string_view type) {
  auto rest = content_type;
  if (lower(take(rest, ';')) != type) return false;
  while (!rest.empty()) {
    const auto parameter = lower(take(rest, ';'));
    const bool utf8 = parameter == "charset=utf-8" || parameter == "charset=\"utf-8\"";
    if (parameter.starts_with("charset=") && !utf8) return false;
  }
  return true;
}

bool prefers_yaml(const http::Request& request) {
  return accepted(request, kYaml) > accepted(request, kJson);
}

bool prefers_json_lines(const http::Request& request) {
  return accepted(request, kJsonLines) > accepted(request, kJson);
}

}  // namespace runbook::api
