#include "controller/domain/parameter_definitions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "controller/domain/slug.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

constexpr std::array<std::pair<ParameterType, std::string_view>, 5> kTypes{{
    {ParameterType::kString, "string"},
    {ParameterType::kInteger, "integer"},
    {ParameterType::kNumber, "number"},
    {ParameterType::kBoolean, "boolean"},
    {ParameterType::kChoice, "choice"},
}};

RE2::Options pattern_options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  return options;
}

void read_type(ObjectReader& reader, Parameter& parameter) {
  std::vector<std::string_view> words;
  words.reserve(kTypes.size());
  for (const auto& [type, word] : kTypes) words.push_back(word);
  const auto word = reader.one_of("type", words, Need::kRequired);
  if (!word) return;
  parameter.type = std::ranges::find(kTypes, *word, [](const auto& each) { return each.second; })->first;
}

void read_choices(ObjectReader& reader, Parameter& parameter) {
  const bool is_choice = parameter.type == ParameterType::kChoice;
  const auto choices = reader.texts("choices", limits::kChoices, limits::kParameterValueBytes);
  if (is_choice && (!choices || choices->empty())) {
    if (reader.member("choices") == nullptr || choices) {
      reader.fault("choices", fault::kRequired, "A parameter of type choice needs choices.");
    }
    return;
  }
  if (!choices || choices->empty()) return;
  if (!is_choice) {
    reader.fault("choices", fault::kBadValue, "Only a parameter of type choice has choices.");
    return;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < choices->size(); ++i) {
    if (!seen.insert((*choices)[i]).second) {
      reader.faults().add(fmt::format("{}/{}", reader.pointer("choices"), i), fault::kDuplicate,
                          "This choice is listed twice.");
    }
  }
  parameter.choices = *choices;
}

void read_pattern(ObjectReader& reader, Parameter& parameter) {
  const auto pattern = reader.text("pattern", {.max_bytes = limits::kPatternBytes, .not_empty = false});
  if (!pattern || pattern->empty()) return;
  if (parameter.type != ParameterType::kString) {
    reader.fault("pattern", fault::kBadValue, "Only a parameter of type string has a pattern.");
    return;
  }
  const RE2 compiled(*pattern, pattern_options());
  if (!compiled.ok()) {
    reader.fault("pattern", fault::kBadValue,
                 fmt::format("This is no RE2 expression: {}.", compiled.error()));
    return;
  }
  parameter.pattern = *pattern;
}

void read_name(ObjectReader& reader, Parameter& parameter, std::set<std::string>& names) {
  const auto name = reader.text("name", {.need = Need::kRequired, .max_bytes = limits::kParameterNameBytes});
  if (!name) return;
  if (!is_slug(*name)) {
    reader.fault("name", fault::kBadValue,
                 "A parameter's name is a lower-case letter, then lower-case letters, "
                 "digits and '_'.");
  } else if (!names.insert(*name).second) {
    reader.fault("name", fault::kDuplicate, fmt::format("Another parameter is named {} too.", *name));
  }
  parameter.name = *name;
}

Parameter read_parameter(const json::value& item, const std::string& pointer, std::set<std::string>& names,
                         Faults& faults) {
  Parameter parameter;
  const auto before = faults.size();
  ObjectReader reader(item, pointer, faults);
  if (!reader.is_object()) return parameter;
  read_name(reader, parameter, names);
  read_type(reader, parameter);
  parameter.required = reader.boolean("required").value_or(false);
  read_choices(reader, parameter);
  read_pattern(reader, parameter);
  parameter.secret = reader.boolean("secret").value_or(false);
  const TextRule description{.max_bytes = limits::kDescriptionBytes, .not_empty = false};
  parameter.description = reader.text("description", description).value_or("");
  const auto* value = reader.nullable("default");
  if (value != nullptr && parameter.secret) {
    reader.fault("default", fault::kBadValue, "A secret parameter has no default: documents are read.");
  } else if (value != nullptr && faults.size() == before) {
    json::value judged = *value;
    if (judge_value(parameter, judged, reader.pointer("default"), faults)) parameter.default_value = judged;
  }
  reader.refuse_unknown();
  return parameter;
}

bool refuse(Faults& faults, const std::string& pointer, std::string_view code, std::string message) {
  faults.add(pointer, code, std::move(message));
  return false;
}

bool judge_string(const Parameter& parameter, const json::value& value, const std::string& pointer,
                  Faults& faults) {
  if (!judge_text(value, pointer, {.max_bytes = limits::kParameterValueBytes, .not_empty = false}, faults))
    return false;
  const auto& string = value.get_string();
  const std::string_view text(string.data(), string.size());
  if (text.find('\0') != std::string_view::npos) {
    return refuse(faults, pointer, fault::kBadValue, "A value must not contain NUL.");
  }
  if (parameter.type == ParameterType::kChoice &&
      std::ranges::find(parameter.choices, text) == parameter.choices.end()) {
    return refuse(faults, pointer, fault::kBadValue,
                  fmt::format("This must be one of: {}.", fmt::join(parameter.choices, ", ")));
  }
  if (!parameter.pattern.empty() && !RE2::FullMatch(re2::StringPiece(text.data(), text.size()),
                                                    RE2(parameter.pattern, pattern_options()))) {
    return refuse(faults, pointer, fault::kBadValue, fmt::format("This must match {}.", parameter.pattern));
  }
  return true;
}

}  // namespace

std::string_view to_string(ParameterType type) {
  return std::ranges::find(kTypes, type, [](const auto& each) { return each.first; })->second;
}

bool judge_value(const Parameter& parameter, json::value& value, const std::string& pointer, Faults& faults) {
  switch (parameter.type) {
    case ParameterType::kString:
    case ParameterType::kChoice: return judge_string(parameter, value, pointer, faults);
    case ParameterType::kBoolean:
      return value.is_bool() || refuse(faults, pointer, fault::kWrongType, "This must be true or false.");
    case ParameterType::kNumber:
      if (value.is_double() && !std::isfinite(value.get_double())) {
        return refuse(faults, pointer, fault::kBadValue, "This must be a finite number.");
      }
      return value.is_number() || refuse(faults, pointer, fault::kWrongType, "This must be a number.");
    case ParameterType::kInteger: break;
  }
  constexpr double kExact = 9007199254740992.0;  // 2^53: doubles beyond it skip integers
  if (value.is_double() && std::trunc(value.get_double()) == value.get_double() &&
      std::abs(value.get_double()) <= kExact) {
    value = static_cast<std::int64_t>(value.get_double());
  }
  return value.is_int64() || refuse(faults, pointer, fault::kWrongType, "This must be a whole number.");
}

std::vector<Parameter> read_parameters(const json::array& items, const std::string& pointer, Faults& faults) {
  std::vector<Parameter> parameters;
  parameters.reserve(items.size());
  std::set<std::string> names;
  for (std::size_t i = 0; i < items.size(); ++i) {
    parameters.push_back(read_parameter(items[i], fmt::format("{}/{}", pointer, i), names, faults));
  }
  return parameters;
}

json::object to_json(const Parameter& parameter) {
  json::object object;
  object["name"] = parameter.name;
  object["type"] = to_string(parameter.type);
  object["required"] = parameter.required;
  if (parameter.default_value) object["default"] = *parameter.default_value;
  if (!parameter.choices.empty()) object["choices"] = json::value_from(parameter.choices);
  if (!parameter.pattern.empty()) object["pattern"] = parameter.pattern;
  object["secret"] = parameter.secret;
  object["description"] = parameter.description;
  return object;
}

}  // namespace runbook::domain
