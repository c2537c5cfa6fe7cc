#include "controller/domain/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "controller/domain/parameter_definitions.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

// All of them stand in the environment of every command.
void judge_size(const json::object& values, Faults& faults) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : parameter_environment(values)) bytes += name.size() + value.size() + 2;
  if (bytes <= limits::kEnvironmentBytes) return;
  faults.add(
      "/parameters", fault::kTooLong,
      fmt::format("The values have {} bytes together; there may be {}.", bytes, limits::kEnvironmentBytes));
}

}  // namespace

// Boost.JSON would write 1.5 as 1.5E0.
std::string parameter_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_double()) return fmt::format("{}", value.get_double());
  return json::serialize(value);
}

Result<json::object> judge_parameters(const std::vector<Parameter>& parameters, const json::object& given) {
  Faults faults;
  json::object values;
  for (const auto& parameter : parameters) {
    const auto pointer = "/parameters/" + pointer_token(parameter.name);
    const auto* value = given.if_contains(parameter.name);
    if (value != nullptr && !value->is_null()) {
      json::value judged = *value;
      if (judge_value(parameter, judged, pointer, faults)) values[parameter.name] = std::move(judged);
    } else if (parameter.default_value) {
      values[parameter.name] = *parameter.default_value;
    } else if (parameter.required) {
      faults.add(pointer, fault::kRequired, fmt::format("The parameter {} is required.", parameter.name));
    }
  }
  for (const auto& entry : given) {
    const std::string_view name = entry.key();
    if (std::ranges::find(parameters, name, &Parameter::name) == parameters.end()) {
      faults.add("/parameters/" + pointer_token(name), fault::kUnknownField,
                 fmt::format("The runbook has no parameter {}.", std::string(name)));
    }
  }
  judge_size(values, faults);
  if (!faults.empty()) return std::unexpected(faults.error());
  return values;
}

std::map<std::string, std::string> parameter_environment(const json::object& values) {
  std::map<std::string, std::string> environment;
  for (const auto& entry : values) {
    const auto& value = entry.value();
    if (value.is_null()) continue;
    environment["RUNBOOK_PARAM_" + environment_name(entry.key())] = parameter_text(value);
  }
  return environment;
}

std::string environment_name(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>(c - 'a' + 'A');
    } else if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
      c = '_';
    }
  }
  return upper;
}

}  // namespace runbook::domain
