// The config of an API block: read and written.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <set>

#include "controller/domain/block_configs.hpp"
#include "controller/domain/slug.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

constexpr int kLeastStatus = 100;
constexpr int kMostStatus = 599;

// RFC 9110 §5.6.2
bool is_token(std::string_view text) {
  constexpr std::string_view kSymbols = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kSymbols.find(c) != std::string_view::npos;
  });
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

// What belongs to the connection or follows from the URL and the body.
bool is_own_header(std::string_view lower) {
  constexpr std::array<std::string_view, 12> kOwn{"connection",
                                                  "content-length",
                                                  "expect",
                                                  "host",
                                                  "keep-alive",
                                                  "proxy-authorization",
                                                  "proxy-connection",
                                                  "te",
                                                  "trailer",
                                                  "upgrade",
                                                  "transfer-encoding",
                                                  "via"};
  return std::ranges::find(kOwn, lower) != kOwn.end();
}

void judge_header(std::string_view name, const std::string& value, const std::string& at,
                  std::set<std::string>& seen, Faults& faults) {
  const auto lower = lower_case(name);
  if (!is_token(name)) {
    faults.add(at, fault::kBadValue, "A header's name consists of letters, digits and !#$%&'*+-.^_`|~.");
  } else if (is_own_header(lower)) {
    faults.add(at, fault::kBadValue, fmt::format("{} is set by Runbook Studio.", std::string(name)));
  } else if (!seen.insert(lower).second) {
    faults.add(at, fault::kDuplicate, "Another header has this name; upper and lower case are the same.");
  }
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    faults.add(at, fault::kBadValue, "A header's value must not contain CR, LF or NUL.");
  }
}

// An object of texts; nothing when it is absent or became a fault.
std::map<std::string, std::string> read_texts(ObjectReader& reader, std::string_view name,
                                              std::size_t max_bytes) {
  std::map<std::string, std::string> texts;
  const auto* value = reader.member(name);
  if (value == nullptr) return texts;
  const auto* object = value->if_object();
  if (object == nullptr) {
    reader.fault(name, fault::kWrongType, fmt::format("{} must be an object of texts.", name));
    return texts;
  }
  if (object->size() > limits::kApiFields) {
    reader.fault(name, fault::kTooMany,
                 fmt::format("{} may have at most {} members.", name, limits::kApiFields));
    return texts;
  }
  for (const auto& entry : *object) {
    const std::string key = entry.key();
    const auto at = reader.pointer(name) + '/' + pointer_token(key);
    if (key.size() > limits::kNameBytes) {
      reader.faults().add(at, fault::kTooLong,
                          fmt::format("A name may have at most {} bytes.", limits::kNameBytes));
    } else if (key.find("${{") != std::string::npos) {
      reader.faults().add(at, fault::kBadPlaceholder, "${{ }} can stand in a value, not in its name.");
    } else if (judge_text(entry.value(), at, {.max_bytes = max_bytes, .not_empty = false}, reader.faults())) {
      texts.emplace(key, entry.value().get_string());
    }
  }
  return texts;
}

void read_headers(ObjectReader& reader, ApiConfig& config) {
  config.headers = read_texts(reader, "headers", limits::kApiHeaderBytes);
  std::set<std::string> seen;
  for (const auto& [name, value] : config.headers) {
    judge_header(name, value, reader.pointer("headers") + '/' + pointer_token(name), seen, reader.faults());
  }
}

// Values are put into texts; names would stay as they are.
void refuse_placeholders_in_names(const json::value& value, const std::string& pointer, Faults& faults) {
  if (value.is_array()) {
    std::size_t index = 0;
    for (const auto& item : value.get_array()) {
      refuse_placeholders_in_names(item, fmt::format("{}/{}", pointer, index++), faults);
    }
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      const auto at = pointer + '/' + pointer_token(member.key());
      if (std::string_view(member.key()).find("${{") != std::string_view::npos) {
        faults.add(at, fault::kBadPlaceholder, "${{ }} can stand in a value, not in its name.");
      }
      refuse_placeholders_in_names(member.value(), at, faults);
    }
  }
}

std::optional<int> status(std::string_view digits) {
  int number = 0;
  const auto* last = std::to_address(digits.end());
  const auto [end, error] = std::from_chars(std::to_address(digits.begin()), last, number);
  if (error != std::errc{} || end != last || number < kLeastStatus || number > kMostStatus)
    return std::nullopt;
  return number;
}

std::optional<std::pair<int, int>> status_range(const json::value& item) {
  if (item.is_int64()) {
    const auto number = item.get_int64();
    if (number < kLeastStatus || number > kMostStatus) return std::nullopt;
    return std::pair{static_cast<int>(number), static_cast<int>(number)};
  }
  if (!item.is_string()) return std::nullopt;
  const std::string_view text(item.get_string());
  const auto dots = text.find("..");
  const auto from = status(text.substr(0, dots));
  const auto to = dots == std::string_view::npos ? from : status(text.substr(dots + 2));
  if (!from || !to || *from > *to) return std::nullopt;
  return std::pair{*from, *to};
}

void read_expected(ObjectReader& reader, ApiConfig& config) {
  const auto* items = reader.array("expected_status", limits::kExpectedStatuses);
  if (items == nullptr) return;
  if (items->empty()) {
    reader.fault("expected_status", fault::kBadValue, "expected_status must name at least one status.");
    return;
  }
  config.expected_status.clear();
  for (std::size_t i = 0; i < items->size(); ++i) {
    if (const auto range = status_range((*items)[i])) {
      config.expected_status.push_back(*range);
    } else {
      reader.faults().add(fmt::format("{}/{}", reader.pointer("expected_status"), i), fault::kBadValue,
                          "A status is a number from 100 to 599, or a range such as \"200..299\".");
    }
  }
}

// Only the shape: a credential may be made after the runbook was saved.
void read_credential(ObjectReader& reader, ApiConfig& config) {
  if (reader.nullable("credential") != nullptr) {
    config.credential = reader.text("credential", {.max_bytes = limits::kCredentialNameBytes}).value_or("");
    if (!config.credential.empty() && !is_slug(config.credential)) {
      reader.fault("credential", fault::kBadValue, "This is no name of a credential.");
    }
  }
  if (reader.nullable("auth") == nullptr) return;
  config.auth = reader.one_of("auth", {"bearer", "basic", "header"}).value_or(config.auth);
  if (reader.nullable("credential") == nullptr) {
    reader.fault("auth", fault::kBadValue, "auth says how a credential is sent: name one in credential.");
  }
}

// What the credential sends itself must not be sent beside it.
void refuse_second_authorization(ObjectReader& reader, const ApiConfig& config) {
  if (config.credential.empty() || config.auth == "header") return;
  for (const auto& [name, value] : config.headers) {
    if (lower_case(name) != "authorization") continue;
    reader.faults().add(reader.pointer("headers") + '/' + pointer_token(name), fault::kDuplicate,
                        "The credential is sent in this header.");
  }
}

}  // namespace

ApiConfig read_api(const json::value& value, const std::string& pointer, Faults& faults) {
  ApiConfig config;
  ObjectReader reader(value, pointer, faults);
  if (!reader.is_object()) return config;
  config.method = reader.one_of("method", {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
                      .value_or(config.method);
  config.url = reader.text("url", {.need = Need::kRequired, .max_bytes = limits::kUrlBytes}).value_or("");
  read_headers(reader, config);
  config.query = read_texts(reader, "query", limits::kUrlBytes);
  if (const auto* body = reader.nullable("body")) {
    refuse_placeholders_in_names(*body, reader.pointer("body"), reader.faults());
    config.body = *body;
  }
  read_expected(reader, config);
  if (const auto seconds = reader.integer("timeout_seconds", 1, limits::kApiTimeoutMax.count())) {
    config.timeout = std::chrono::seconds(*seconds);
  }
  constexpr auto kMostRetries = static_cast<std::int64_t>(limits::kRetries);
  if (const auto retries = reader.integer("retries", 0, kMostRetries)) {
    config.retries = static_cast<int>(*retries);
  }
  config.idempotent = reader.boolean("idempotent");
  read_credential(reader, config);
  refuse_second_authorization(reader, config);
  reader.refuse_unknown();
  return config;
}

json::object to_json(const ApiConfig& config) {
  json::object object;
  object["method"] = config.method;
  object["url"] = config.url;
  json::object headers;
  for (const auto& [name, value] : config.headers) headers[name] = value;
  object["headers"] = std::move(headers);
  json::object query;
  for (const auto& [name, value] : config.query) query[name] = value;
  object["query"] = std::move(query);
  if (config.body) object["body"] = *config.body;
  json::array expected;
  for (const auto& [from, to] : config.expected_status) {
    if (from == to) {
      expected.push_back(from);
    } else {
      expected.push_back(json::value(fmt::format("{}..{}", from, to)));
    }
  }
  object["expected_status"] = std::move(expected);
  object["timeout_seconds"] = config.timeout.count();
  object["retries"] = config.retries;
  if (config.idempotent) object["idempotent"] = *config.idempotent;
  if (!config.credential.empty()) {
    object["credential"] = config.credential;
    object["auth"] = config.auth;
  }
  return object;
}

}  // namespace runbook::domain
