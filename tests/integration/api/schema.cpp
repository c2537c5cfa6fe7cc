#include "tests/integration/api/schema.hpp"

#include <algorithm>

#include "controller/api/openapi.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

bool has_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  return type == "null" && value.is_null();
}

bool has_one_type(const json::value& value, const json::value& types) {
  if (types.is_string()) return has_type(value, types.get_string());
  return std::ranges::any_of(types.as_array(),
                             [&](const auto& type) { return has_type(value, type.as_string()); });
}

bool has_format(std::string_view text, std::string_view format) {
  if (format == "uuid") return Uuid::parse(text).has_value();
  if (format == "date-time") return parse_rfc3339(text).has_value();
  return false;
}

}  // namespace

Schemas::Schemas() : document_(openapi_document()) {}

const json::value& Schemas::resolve(const json::value& node) const {
  const auto* object = node.if_object();
  if (object == nullptr || !object->contains("$ref")) return node;
  const std::string pointer(object->at("$ref").as_string());
  return resolve(document_.at_pointer(pointer.substr(1)));
}

std::vector<std::string> Schemas::judge(std::string_view method, std::string_view pattern, unsigned status,
                                        std::string_view content_type, const json::value& body) const {
  const auto& responses = document_.at("paths").at(pattern).at(method).at("responses").as_object();
  const auto* response = responses.if_contains(std::to_string(status));
  if (response == nullptr && status >= 400) response = responses.if_contains("default");
  if (response == nullptr) return {"status " + std::to_string(status) + " is not described"};
  const auto* content = resolve(*response).as_object().if_contains("content");
  if (content == nullptr)
    return content_type.empty() ? std::vector<std::string>{} : std::vector<std::string>{"has a body"};
  const auto type = content_type.substr(0, content_type.find(';'));
  const auto* media = content->as_object().if_contains(type);
  if (media == nullptr) return {"content type " + std::string(content_type) + " is not described"};
  std::vector<std::string> faults;
  if (type.ends_with("json")) check(media->at("schema"), body, "", faults);
  return faults;
}

void Schemas::check(const json::value& node, const json::value& value, const std::string& at,
                    std::vector<std::string>& faults) const {
  const auto& schema = resolve(node).as_object();
  if (const auto* types = schema.if_contains("type"); types != nullptr && !has_one_type(value, *types)) {
    faults.push_back(at + ": has the wrong type: " + json::serialize(value));
    return;
  }
  if (const auto* words = schema.if_contains("enum")) {
    const auto& list = words->as_array();
    if (std::ranges::find(list, value) == list.end())
      faults.push_back(at + ": not in enum: " + json::serialize(value));
  }
  if (const auto* format = schema.if_contains("format"); format != nullptr && value.is_string()) {
    if (!has_format(value.get_string(), format->as_string())) faults.push_back(at + ": has the wrong format");
  }
  if (const auto* parts = schema.if_contains("allOf")) {
    for (const auto& part : parts->as_array()) check(part, value, at, faults);
  }
  for (const auto* choice : {"oneOf", "anyOf"}) {
    const auto* parts = schema.if_contains(choice);
    if (parts == nullptr) continue;
    const auto fits = [&](const json::value& part) {
      std::vector<std::string> wrong;
      check(part, value, at, wrong);
      return wrong.empty();
    };
    if (std::ranges::none_of(parts->as_array(), fits)) faults.push_back(at + ": fits none of " + choice);
  }
  if (const auto* object = value.if_object()) check_object(schema, *object, at, faults);
  if (const auto* items = schema.if_contains("items"); items != nullptr && value.is_array()) {
    for (std::size_t i = 0; i < value.get_array().size(); ++i) {
      check(*items, value.get_array()[i], at + "/" + std::to_string(i), faults);
    }
  }
}

void Schemas::check_object(const json::object& schema, const json::object& value, const std::string& at,
                           std::vector<std::string>& faults) const {
  if (const auto* required = schema.if_contains("required")) {
    for (const auto& name : required->as_array()) {
      if (!value.contains(name.as_string()))
        faults.push_back(at + ": lacks " + std::string(name.as_string()));
    }
  }
  const auto* properties = schema.if_contains("properties");
  const auto* others = schema.if_contains("additionalProperties");
  for (const auto& member : value) {
    const auto name = at + "/" + std::string(member.key());
    const auto* known = properties == nullptr ? nullptr : properties->as_object().if_contains(member.key());
    if (known != nullptr) {
      check(*known, member.value(), name, faults);
    } else if (others != nullptr && others->is_object()) {
      check(*others, member.value(), name, faults);
    } else if (others != nullptr && !others->as_bool()) {
      faults.push_back(name + ": is not described");
    }
  }
}

}  // namespace runbook::api
