#include "controller/domain/text_places.hpp"

#include <map>

#include "protocol/messages/json.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

using Places = std::vector<TextPlace>;

void add_map(Places& places, const std::string& pointer, const std::map<std::string, std::string>& texts) {
  for (const auto& [name, text] : texts) places.push_back({pointer + '/' + pointer_token(name), text});
}

void add_json(Places& places, const std::string& pointer, const json::value& value) {
  if (value.is_string()) {
    places.push_back({pointer, value.get_string()});
  } else if (value.is_array()) {
    std::size_t index = 0;
    for (const auto& item : value.get_array())
      add_json(places, pointer + '/' + std::to_string(index++), item);
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      add_json(places, pointer + '/' + pointer_token(member.key()), member.value());
    }
  }
}

void add(Places& places, const InstructionConfig& config) { places.push_back({"/config/text", config.text}); }

void add(Places& places, const CommandConfig& config) {
  if (config.argv.empty()) places.push_back({"/config/command", config.command, TextKind::kShell});
  add_map(places, "/config/environment", config.environment);
}

void add(Places& places, const ApiConfig& config) {
  places.push_back({"/config/url", config.url, TextKind::kUrl});
  add_map(places, "/config/headers", config.headers);
  add_map(places, "/config/query", config.query);
  if (config.body) add_json(places, "/config/body", *config.body);
}

void add(Places& places, const ConditionConfig& config) {
  places.push_back({"/config/expression", config.expression, TextKind::kExpression});
}

void add(Places&, const TimerConfig&) {}

}  // namespace

std::vector<TextPlace> text_places(const Block& block) {
  Places places;
  if (!block.when.empty()) places.push_back({"/when", block.when, TextKind::kExpression});
  std::visit([&](const auto& config) { add(places, config); }, block.config);
  return places;
}

}  // namespace runbook::domain
