#include "controller/api/openapi.hpp"

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

extern "C" const char runbook_openapi_begin[];
extern "C" const char runbook_openapi_end[];

namespace runbook::api {

namespace json = boost::json;

namespace {

// A plain scalar by YAML's core schema; quoted ones ("!") are texts.
json::value scalar(const YAML::Node& node) {
  const auto& text = node.Scalar();
  if (node.Tag() == "!") return json::value(text);
  if (text == "true") return true;
  if (text == "false") return false;
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  return json::value(text);
}

json::value convert(const YAML::Node& node) {
  if (node.IsSequence()) {
    json::array items;
    for (const auto& item : node) items.push_back(convert(item));
    return items;
  }
  if (node.IsMap()) {
    json::object object;
    for (const auto& entry : node) object[entry.first.Scalar()] = convert(entry.second);
    return object;
  }
  if (node.IsNull()) return nullptr;
  return scalar(node);
}

}  // namespace

json::value openapi_document() {
  const std::string text(runbook_openapi_begin, runbook_openapi_end);
  return convert(YAML::Load(text));
}

}  // namespace runbook::api
