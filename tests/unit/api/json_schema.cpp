#include "tests/unit/api/json_schema.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <set>
#include <stdexcept>
#include <string_view>

#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

template <std::size_t N>
bool is_one_of(std::string_view keyword, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, keyword) != words.end();
}

constexpr auto kRemarks = std::to_array<std::string_view>(
    {"$schema", "$id", "$defs", "title", "description", "default", "then", "else"});
constexpr auto kOfObjects = std::to_array<std::string_view>(
    {"properties", "required", "additionalProperties", "propertyNames", "maxProperties"});
constexpr auto kOfArrays =
    std::to_array<std::string_view>({"items", "prefixItems", "minItems", "maxItems", "uniqueItems"});
constexpr auto kOfTexts = std::to_array<std::string_view>({"minLength", "maxLength", "pattern", "format"});

bool has_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type != "null") throw std::logic_error("unknown type");
  return value.is_null();
}

bool has_one_type(const json::value& value, const json::value& types) {
  if (types.is_string()) return has_type(value, types.get_string());
  return std::ranges::any_of(types.as_array(),
                             [&](const auto& type) { return has_type(value, type.as_string()); });
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool check_text(std::string_view keyword, const json::value& rule, std::string_view text) {
  if (keyword == "minLength") return characters(text) >= rule.to_number<std::size_t>();
  if (keyword == "maxLength") return characters(text) <= rule.to_number<std::size_t>();
  if (keyword == "format" && rule.as_string() == "uuid") return Uuid::parse(text).has_value();
  if (keyword == "format" && rule.as_string() == "date-time") return parse_rfc3339(text).has_value();
  if (keyword != "pattern") throw std::logic_error("unknown format");
  return std::regex_search(text.begin(), text.end(), std::regex(std::string(rule.as_string())));
}

}  // namespace

std::size_t JsonSchema::fitting(const json::value& schemas, const json::value& value) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(schemas.as_array(), [&](const auto& each) { return check(each, value); }));
}

bool JsonSchema::check(const json::value& schema, const json::value& value) const {
  if (const auto* all = schema.if_bool()) return *all;
  const auto& rules = schema.as_object();
  return std::ranges::all_of(
      rules, [&](const auto& rule) { return check_keyword(rules, rule.key(), rule.value(), value); });
}

bool JsonSchema::check_keyword(const json::object& schema, std::string_view keyword, const json::value& rule,
                               const json::value& value) const {
  if (is_one_of(keyword, kRemarks)) return true;
  if (keyword == "$ref") return check(document_.at_pointer(std::string(rule.as_string()).substr(1)), value);
  if (keyword == "type") return has_one_type(value, rule);
  if (keyword == "const") return value == rule;
  if (keyword == "enum") return std::ranges::find(rule.as_array(), value) != rule.as_array().end();
  if (keyword == "allOf") return fitting(rule, value) == rule.as_array().size();
  if (keyword == "anyOf") return fitting(rule, value) > 0;
  if (keyword == "oneOf") return fitting(rule, value) == 1;
  if (keyword == "not") return !check(rule, value);
  if (keyword == "if") {
    const auto* branch = schema.if_contains(check(rule, value) ? "then" : "else");
    return branch == nullptr || check(*branch, value);
  }
  if (keyword == "minimum") return !value.is_int64() || value.get_int64() >= rule.as_int64();
  if (keyword == "maximum") return !value.is_int64() || value.get_int64() <= rule.as_int64();
  if (is_one_of(keyword, kOfTexts)) {
    return !value.is_string() || check_text(keyword, rule, std::string_view(value.get_string()));
  }
  if (is_one_of(keyword, kOfArrays))
    return !value.is_array() || check_array(schema, keyword, rule, value.get_array());
  if (!is_one_of(keyword, kOfObjects)) throw std::logic_error("unknown keyword " + std::string(keyword));
  return !value.is_object() || check_object(schema, keyword, rule, value.get_object());
}

bool JsonSchema::check_object(const json::object& schema, std::string_view keyword, const json::value& rule,
                              const json::object& value) const {
  if (keyword == "maxProperties") return value.size() <= rule.to_number<std::size_t>();
  if (keyword == "required") {
    return std::ranges::all_of(rule.as_array(),
                               [&](const auto& name) { return value.contains(name.as_string()); });
  }
  const auto* known = schema.if_contains("properties");
  return std::ranges::all_of(value, [&](const auto& member) {
    if (keyword == "propertyNames") return check(rule, json::value(member.key()));
    if (keyword == "properties") {
      const auto* property = rule.as_object().if_contains(member.key());
      return property == nullptr || check(*property, member.value());
    }
    const bool described = known != nullptr && known->as_object().contains(member.key());
    return described || check(rule, member.value());
  });
}

bool JsonSchema::check_array(const json::object& schema, std::string_view keyword, const json::value& rule,
                             const json::array& value) const {
  if (keyword == "minItems") return value.size() >= rule.to_number<std::size_t>();
  if (keyword == "maxItems") return value.size() <= rule.to_number<std::size_t>();
  if (keyword == "uniqueItems") {
    std::set<std::string> seen;
    return std::ranges::all_of(value,
                               [&](const auto& item) { return seen.insert(json::serialize(item)).second; });
  }
  if (keyword == "prefixItems") {
    const auto& rules = rule.as_array();
    for (std::size_t i = 0; i < std::min(rules.size(), value.size()); ++i) {
      if (!check(rules[i], value[i])) return false;
    }
    return true;
  }
  const auto* before = schema.if_contains("prefixItems");  // `items` is about what comes after them
  const auto first = before == nullptr ? 0 : std::min(before->as_array().size(), value.size());
  return std::all_of(value.begin() + first, value.end(), [&](const auto& item) { return check(rule, item); });
}

}  // namespace runbook::api
