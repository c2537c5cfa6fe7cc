#include "controller/app/yaml_document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>
#include <stdexcept>

#include "protocol/messages/limits.hpp"

namespace runbook::app {
namespace {

namespace json = boost::json;

// Left by an exception, because every level of a document can end the conversion.
struct NoJsonForm : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class Number>
bool whole_number(std::string_view text, Number& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && !text.empty() && end == text.data() + text.size();
}

bool looks_like_number(std::string_view text) {
  return text.find_first_not_of("+-.0123456789eE") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

// A plain (unquoted) scalar has the type its text looks like.
json::value plain(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (!looks_like_number(text)) return json::value(text);
  std::int64_t integer = 0;
  if (whole_number(text, integer)) return integer;
  double number = 0;
  if (whole_number(text, number) && std::isfinite(number)) return number;
  return json::value(text);
}

json::value converted(const YAML::Node& node, std::size_t depth) {
  const auto line = node.Mark().line + 1;
  if (depth > limits::kJsonDepth) throw NoJsonForm(fmt::format("line {}: nested too deep", line));
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      // "?" marks a plain scalar, "!" a quoted or block one.
      return node.Tag() == "?" ? plain(node.Scalar()) : json::value(node.Scalar());
    case YAML::NodeType::Sequence: {
      json::array items;
      for (const auto& item : node) items.push_back(converted(item, depth + 1));
      return items;
    }
    case YAML::NodeType::Map: {
      json::object members;
      for (const auto& entry : node) {
        if (!entry.first.IsScalar()) throw NoJsonForm(fmt::format("line {}: a name must be text", line));
        const auto& name = entry.first.Scalar();
        if (members.contains(name)) throw NoJsonForm(fmt::format("line {}: {} is given twice", line, name));
        members.emplace(name, converted(entry.second, depth + 1));
      }
      return members;
    }
    default: return nullptr;
  }
}

}  // namespace

Result<boost::json::value> yaml_to_json(const std::string& text) {
  try {
    return converted(YAML::Load(text), 1);
  } catch (const YAML::Exception& error) {
    return failure(ErrorCode::kMalformed, fmt::format("line {}: {}", error.mark.line + 1, error.msg));
  } catch (const NoJsonForm& error) {
    return failure(ErrorCode::kMalformed, error.what());
  }
}

}  // namespace runbook::app
