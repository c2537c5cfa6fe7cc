// The texts of values: JSON, string(), and what eval prints.
#include <fmt/format.h>

#include <cmath>
#include <set>
#include <utility>

#include "controller/expression/map.hpp"
#include "controller/expression/value.hpp"

namespace runbook::expression {
namespace {

namespace json = boost::json;

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text.push_back(i <= count ? kDigits[group >> (18 - 6 * i) & 63U] : '=');
    }
  }
  return text;
}

std::string key_text(const Value& key) {
  switch (key.type()) {
    case Type::kBool: return key.as_bool() ? "true" : "false";
    case Type::kInt: return fmt::format("{}", key.as_int());
    case Type::kUint: return fmt::format("{}", key.as_uint());
    default: return key.as_string();
  }
}

// A double as JSON: with a point or an exponent, so that it reads back as a double.
std::string double_json(double value) {
  auto text = double_text(value);
  if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

void write(std::string& text, const Value& value) {
  switch (value.type()) {
    case Type::kNull: text += "null"; break;
    case Type::kBool: text += value.as_bool() ? "true" : "false"; break;
    case Type::kInt: text += fmt::format("{}", value.as_int()); break;
    case Type::kUint: text += fmt::format("{}", value.as_uint()); break;
    case Type::kDouble: text += double_json(value.as_double()); break;
    case Type::kString: text += json::serialize(json::string_view(value.as_string())); break;
    case Type::kBytes: text += '"' + base64(value.as_bytes()) + '"'; break;
    case Type::kType: text += fmt::format("\"{}\"", name_of(value.as_type())); break;
    case Type::kList: {
      char before = '[';
      for (const auto& item : value.as_list()) {
        text += std::exchange(before, ',');
        write(text, item);
      }
      text += before == '[' ? "[]" : "]";
      break;
    }
    case Type::kMap: {
      char before = '{';
      for (const auto& [key, item] : value.as_map().entries()) {
        text += std::exchange(before, ',');
        text += json::serialize(json::string_view(key_text(key))) + ':';
        write(text, item);
      }
      text += before == '{' ? "{}" : "}";
      break;
    }
  }
}

// What keeps the value from being JSON, empty when nothing does.
std::string why_not_json(const Value& value) {
  if (value.type() == Type::kDouble && !std::isfinite(value.as_double())) {
    return fmt::format("JSON has no {}", double_text(value.as_double()));
  }
  if (value.type() == Type::kList) {
    for (const auto& item : value.as_list()) {
      if (auto why = why_not_json(item); !why.empty()) return why;
    }
  }
  if (value.type() == Type::kMap) {
    std::set<std::string> keys;
    for (const auto& [key, item] : value.as_map().entries()) {
      if (!keys.insert(key_text(key)).second) return fmt::format("two keys are {} in JSON", key_text(key));
      if (auto why = why_not_json(item); !why.empty()) return why;
    }
  }
  return {};
}

json::value built(const Value& value) {
  switch (value.type()) {
    case Type::kNull: return nullptr;
    case Type::kBool: return value.as_bool();
    case Type::kInt: return value.as_int();
    case Type::kUint: return value.as_uint();
    case Type::kDouble: return value.as_double();
    case Type::kString: return json::string(value.as_string());
    case Type::kBytes: return json::string(base64(value.as_bytes()));
    case Type::kType: return json::string(name_of(value.as_type()));
    case Type::kList: {
      json::array items;
      items.reserve(value.as_list().size());
      for (const auto& item : value.as_list()) items.push_back(built(item));
      return items;
    }
    case Type::kMap: {
      json::object members;
      for (const auto& [key, item] : value.as_map().entries()) members[key_text(key)] = built(item);
      return members;
    }
  }
  return nullptr;
}

}  // namespace

std::string double_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  auto text = fmt::format("{}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::expected<json::value, std::string> to_json(const Value& value) {
  if (auto why = why_not_json(value); !why.empty()) return std::unexpected(std::move(why));
  return built(value);
}

std::expected<std::string, std::string> to_text(const Value& value) {
  switch (value.type()) {
    case Type::kString: return value.as_string();
    case Type::kDouble: return double_text(value.as_double());
    case Type::kBool:
    case Type::kInt:
    case Type::kUint: return print(value);
    case Type::kList:
    case Type::kMap: {
      if (auto why = why_not_json(value); !why.empty()) return std::unexpected(std::move(why));
      return print(value);
    }
    case Type::kNull: return std::unexpected("the value is null, which has no text");
    default: return std::unexpected(fmt::format("a value of type {} has no text", name_of(value.type())));
  }
}

std::string print(const Value& value) {
  std::string text;
  write(text, value);
  return text;
}

std::string shown(const Value& value) {
  constexpr std::size_t kMostBytes = 60;
  if (value.weight() > kMostBytes) return fmt::format("a {}", name_of(value.type()));
  auto text = print(value);
  if (text.size() <= kMostBytes) return text;
  std::size_t end = kMostBytes;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;  // not inside a code point
  return text.substr(0, end) + "…";
}

}  // namespace runbook::expression
