#include "controller/yaml/yaml_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "controller/yaml/yaml_scalar.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::yaml {
namespace {

namespace json = boost::json;

constexpr std::size_t kIndent = 2;
constexpr std::size_t kPlainBytes = 200;         // longer texts are quoted
constexpr std::size_t kImplicitKeyBytes = 1000;  // YAML allows 1024 characters before the ':' (§7.4)

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

unsigned code_point(std::string_view character) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(character[i]));
  };
  constexpr unsigned kLow = 0x3F;
  switch (character.size()) {
    case 1: return byte(0);
    case 2: return (byte(0) & 0x1F) << 6 | (byte(1) & kLow);
    case 3: return (byte(0) & 0x0F) << 12 | (byte(1) & kLow) << 6 | (byte(2) & kLow);
    default:
      return (byte(0) & 0x07) << 18 | (byte(1) & kLow) << 12 | (byte(2) & kLow) << 6 | (byte(3) & kLow);
  }
}

// What only an escape can stand for, in YAML 1.2 or in 1.1, where more characters break a line.
bool needs_escape(unsigned point) {
  if (point < 0x20) return point != '\t' && point != '\n';
  return (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029 || point == 0xFEFF ||
         point == 0xFFFE || point == 0xFFFF;
}

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const auto length = std::max<std::size_t>(utf8_length(text), 1);
    if (needs_escape(code_point(text.substr(0, length)))) return false;
    text.remove_prefix(length);
  }
  return true;
}

// Words that YAML 1.1 takes for booleans.
bool is_old_word(std::string_view text) {
  constexpr auto kWords = std::to_array<std::string_view>({"y", "n", "yes", "no", "on", "off"});
  return std::ranges::any_of(kWords, [&](std::string_view word) {
    return std::ranges::equal(text, word, [](char a, char b) { return (a | 0x20) == b; });
  });
}

// May stand without quotes and mean itself.
bool is_plain(std::string_view text) {
  if (text.empty() || text.size() > kPlainBytes) return false;
  if (!is_letter(text.front()) && text.front() != '/' && text.front() != '_') return false;
  if (text.back() == ' ' || text.back() == ':') return false;
  if (text.find_first_of("\n\t") != std::string_view::npos) return false;
  if (text.contains(": ") || text.contains(" #") || is_old_word(text)) return false;
  return is_printable(text) && plain_value(text) == json::value(text);
}

// May stand as a literal block: |.
bool is_block(std::string_view text) {
  if (!text.contains('\n') || !is_printable(text)) return false;
  if (text.starts_with(' ') || text.starts_with('\t') || text.starts_with('\n')) return false;
  if (text.ends_with("\n\n")) return false;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const bool blank = line.find_first_not_of(" \t") == std::string_view::npos;
    if (blank && !line.empty()) return false;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return true;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto character = text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
    text.remove_prefix(character.size());
    const auto point = code_point(character);
    if (character == "\n") {
      out += "\\n";
    } else if (character == "\t") {
      out += "\\t";
    } else if (character == "\"" || character == "\\") {
      out.append("\\").append(character);
    } else if (needs_escape(point)) {
      out += fmt::format("\\u{:04x}", point);
    } else {
      out += character;
    }
  }
  return out + '"';
}

// A number with a fraction keeps one, so that it does not come back as a whole one.
std::string number(double value) {
  auto text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

class Writer {
 public:
  void members(const json::object& object, std::size_t indent, bool continues);
  void items(const json::array& array, std::size_t indent);
  void after_key(const json::value& value, std::size_t indent);
  void item(const json::value& value, std::size_t indent);
  void scalar(const json::value& value, std::size_t indent);

  std::string out;

 private:
  void margin(std::size_t indent) { out.append(indent, ' '); }
  void text(std::string_view text, std::size_t indent);
};

// `indent` is that of the lines of a block.
void Writer::text(std::string_view text, std::size_t indent) {
  if (is_plain(text)) {
    out.append(text).append("\n");
  } else if (!is_block(text)) {
    out.append(quoted(text)).append("\n");
  } else {
    out += text.ends_with('\n') ? "|\n" : "|-\n";
    while (!text.empty()) {
      const auto line = text.substr(0, text.find('\n'));
      if (!line.empty()) margin(indent);
      out.append(line).append("\n");
      text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
  }
}

void Writer::scalar(const json::value& value, std::size_t indent) {
  if (const auto* string = value.if_string()) return text(*string, indent);
  if (value.is_array()) {
    out += "[]\n";
  } else if (value.is_object()) {
    out += "{}\n";
  } else if (value.is_double()) {
    out.append(number(value.get_double())).append("\n");
  } else {
    out.append(json::serialize(value)).append("\n");
  }
}

bool has_inner(const json::value& value) {
  if (const auto* object = value.if_object()) return !object->empty();
  return value.is_array() && !value.get_array().empty();
}

void Writer::after_key(const json::value& value, std::size_t indent) {
  if (!has_inner(value)) {
    out += ' ';
    return scalar(value, indent + kIndent);
  }
  out += '\n';
  if (const auto* object = value.if_object()) return members(*object, indent + kIndent, false);
  items(value.get_array(), indent + kIndent);
}

// `continues`: the first member stands on a line that was begun.
void Writer::members(const json::object& object, std::size_t indent, bool continues) {
  for (const auto& member : object) {
    if (!continues) margin(indent);
    continues = false;
    const std::string key = is_plain(member.key()) ? std::string(member.key()) : quoted(member.key());
    if (key.size() > kImplicitKeyBytes) {
      out += fmt::format("? {}\n", key);
      margin(indent);
      out += ':';
    } else {
      out += key + ':';
    }
    after_key(member.value(), indent);
  }
}

void Writer::items(const json::array& array, std::size_t indent) {
  for (const auto& each : array) {
    margin(indent);
    item(each, indent);
  }
}

void Writer::item(const json::value& value, std::size_t indent) {
  if (!has_inner(value)) {
    out += "- ";
    return scalar(value, indent + kIndent);
  }
  if (const auto* object = value.if_object()) {
    out += "- ";
    return members(*object, indent + kIndent, true);
  }
  out += "-\n";
  items(value.get_array(), indent + kIndent);
}

}  // namespace

std::string write(const json::value& value) {
  Writer writer;
  const auto* object = value.if_object();
  if (object != nullptr && has_inner(value)) {
    writer.members(*object, 0, false);
  } else if (has_inner(value)) {
    writer.items(value.get_array(), 0);
  } else {
    writer.scalar(value, kIndent);
  }
  return std::move(writer.out);
}

}  // namespace runbook::yaml
