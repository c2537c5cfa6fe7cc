#include "controller/engine/api_outcome.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <charconv>

#include "protocol/messages/json.hpp"

namespace runbook::engine {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kLongestRest{7 * 24 * 3600};  // of a Retry-After that is believed

// Request Timeout, Too Early, Too Many Requests, and what a server or gateway in trouble says.
bool is_transient(int status) {
  constexpr std::array kTransient = {408, 425, 429, 500, 502, 503, 504};
  return std::ranges::find(kTransient, status) != kTransient.end();
}

std::string ranges_text(const domain::ApiConfig& config) {
  std::string text;
  for (const auto& [from, to] : config.expected_status) {
    if (!text.empty()) text += ", ";
    text += from == to ? fmt::format("{}", from) : fmt::format("{}..{}", from, to);
  }
  return text;
}

const std::string* header(const HttpAnswer& answer, std::string_view name) {
  const auto found = std::ranges::find(answer.headers, name, &std::pair<std::string, std::string>::first);
  return found == answer.headers.end() ? nullptr : &found->second;
}

bool says_json(const HttpAnswer& answer) {
  const auto* type = header(answer, "content-type");
  if (type == nullptr) return false;
  auto media = boost::algorithm::to_lower_copy(type->substr(0, type->find(';')));
  boost::algorithm::trim(media);
  return media == "application/json" || media.ends_with("+json");
}

json::value result_of(const HttpAnswer& answer) {
  if (answer.status == 0) return nullptr;
  json::object headers;
  for (const auto& [name, value] : answer.headers) headers[to_utf8(name)] = to_utf8(value);
  json::object result{{"http_status", answer.status}, {"headers", std::move(headers)}};
  if (!answer.error.empty()) return result;
  result["body"] = to_utf8(answer.body);
  if (says_json(answer)) {
    if (auto parsed = parse_json(answer.body)) result["json"] = std::move(*parsed);
  }
  return result;
}

void mask_texts(json::value& value, const Masker& masker) {
  if (value.is_string()) {
    const std::string_view text = value.get_string();
    value = masker.mask(text);
  } else if (auto* array = value.if_array()) {
    for (auto& item : *array) mask_texts(item, masker);
  } else if (auto* object = value.if_object()) {
    json::object masked;
    for (auto& member : *object) {
      mask_texts(member.value(), masker);
      masked[masker.mask(member.key())] = std::move(member.value());
    }
    *object = std::move(masked);
  }
}

}  // namespace

void mask(HttpAnswer& answer, const Masker& masker) {
  for (auto& [name, value] : answer.headers) value = masker.mask(value);
  answer.body = masker.mask(answer.body);
  answer.error = masker.mask(answer.error);
}

void mask(domain::ApiOutcome& outcome, const Masker& masker) {
  mask_texts(outcome.result, masker);
  outcome.error = masker.mask(outcome.error);
}

std::optional<Time> retry_after(std::string_view value, Time now) {
  const std::string text = boost::algorithm::trim_copy(std::string(value));
  std::optional<Time> at;
  std::int64_t seconds = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (wrong == std::errc{} && end == text.data() + text.size()) {
    if (seconds >= 0 && seconds <= kLongestRest.count()) at = now + std::chrono::seconds(seconds);
  } else if (const std::time_t date = curl_getdate(text.c_str(), nullptr); date != -1) {
    at = Time(std::chrono::seconds(date));
  }
  if (at && *at - now > kLongestRest) return std::nullopt;
  return at;
}

domain::ApiOutcome api_outcome(const HttpAnswer& answer, const domain::ApiConfig& config, Time now) {
  domain::ApiOutcome outcome;
  outcome.sent = answer.sent;
  outcome.result = result_of(answer);
  if (answer.status != 0) outcome.http_status = answer.status;
  if (!answer.error.empty()) {
    outcome.error = answer.error;
    outcome.transient = answer.transient;
    return outcome;
  }
  if (domain::is_expected(config, answer.status)) return outcome;
  outcome.error = fmt::format("answered {}, expected {}", answer.status, ranges_text(config));
  outcome.transient = is_transient(answer.status);
  const auto* rest = header(answer, "retry-after");
  if (outcome.transient && rest != nullptr) outcome.not_before = retry_after(*rest, now);
  return outcome;
}

domain::CircuitEvent circuit_event(const HttpAnswer& answer, const domain::ApiConfig& config) {
  constexpr int kServerError = 500;
  if (answer.status != 0 && domain::is_expected(config, answer.status)) return domain::CircuitEvent::kSuccess;
  if (answer.status >= kServerError) return domain::CircuitEvent::kFailure;
  if (answer.status != 0) return domain::CircuitEvent::kSuccess;
  return answer.transient ? domain::CircuitEvent::kFailure : domain::CircuitEvent::kReleased;
}

std::string_view result_label(const HttpAnswer& answer, const domain::ApiOutcome& outcome) {
  if (outcome.error.empty()) return "success";
  if (answer.given_up) return "given_up";
  if (answer.status != 0) return "unexpected";
  return answer.transient ? "no_answer" : "refused";
}

}  // namespace runbook::engine
