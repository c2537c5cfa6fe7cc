#include "controller/store/page.hpp"

#include <fmt/format.h>

#include <utility>

#include "protocol/messages/json.hpp"

namespace runbook::store {

namespace json = boost::json;

namespace {

constexpr std::size_t kCursorBytes = 4096;

std::optional<unsigned char> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned char>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned char>(c - 'a' + 10);
  return std::nullopt;
}

std::optional<std::string> unhex(std::string_view text) {
  if (text.size() % 2 != 0 || text.size() > kCursorBytes) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = hex_digit(text[i]);
    const auto low = hex_digit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<char>(*high * 16 + *low));
  }
  return bytes;
}

}  // namespace

std::unexpected<Error> bad_cursor() {
  const std::string message = "cursor must be the next_cursor of an earlier answer.";
  return std::unexpected<Error>(Error{ErrorCode::kInvalid, message, {{"/cursor", "bad_value", message}}});
}

std::string encode_cursor(const std::vector<std::string>& key) {
  std::string cursor;
  for (const char c : json::serialize(json::value_from(key))) {
    cursor += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return cursor;
}

Result<std::vector<std::string>> decode_cursor(std::string_view cursor, std::size_t parts) {
  const auto text = unhex(cursor);
  if (!text) return bad_cursor();
  const auto value = parse_json(*text);
  if (!value || !value->is_array() || value->get_array().size() != parts) return bad_cursor();
  std::vector<std::string> key;
  for (const auto& part : value->get_array()) {
    if (!part.is_string()) return bad_cursor();
    key.emplace_back(part.get_string());
  }
  return key;
}

std::string encode_time_cursor(const TimeKey& key) {
  return encode_cursor({rfc3339(key.time), key.id.str()});
}

Result<std::optional<TimeKey>> decode_time_cursor(const std::optional<std::string>& cursor) {
  if (!cursor) return std::nullopt;
  const auto key = decode_cursor(*cursor, 2);
  if (!key) return std::unexpected(key.error());
  const auto time = parse_rfc3339(key->front());
  const auto id = Uuid::parse(key->back());
  if (!time || !id) return bad_cursor();
  return TimeKey{*time, *id};
}

json::object page(json::array items, const std::optional<std::string>& next_cursor) {
  json::object object;
  object["items"] = std::move(items);
  object["next_cursor"] = json_or_null(next_cursor);
  return object;
}

json::value json_or_null(const std::optional<std::string>& text) {
  if (!text) return nullptr;
  return json::value(*text);
}

json::value json_or_null(const std::optional<Uuid>& id) {
  if (!id) return nullptr;
  return json::value(id->str());
}

json::value json_or_null(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return json::value(rfc3339(*time));
}

}  // namespace runbook::store
