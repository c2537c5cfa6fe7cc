#include "controller/domain/block_configs.hpp"

#include <fmt/format.h>

#include "controller/domain/targets.hpp"

namespace runbook::domain {

namespace json = boost::json;

InstructionConfig read_instruction(const json::value& value, const std::string& pointer, Faults& faults) {
  InstructionConfig config;
  ObjectReader reader(value, pointer, faults);
  if (!reader.is_object()) return config;
  const TextRule rule{.need = Need::kRequired, .max_bytes = limits::kDescriptionBytes};
  if (auto text = reader.text("text", rule)) {
    refuse_substitution(*text, reader.pointer("text"), faults);
    config.text = std::move(*text);
  }
  config.acknowledge = reader.boolean("acknowledge").value_or(true);
  reader.refuse_unknown();
  return config;
}

json::object to_json(const InstructionConfig& config) {
  return {{"text", config.text}, {"acknowledge", config.acknowledge}};
}

bool refuse_substitution(std::string_view text, const std::string& pointer, Faults& faults) {
  if (text.find("${{") == std::string_view::npos) return false;
  faults.add(
      pointer, fault::kNotBuilt,
      "Substitutions with ${{ }} are not available yet; parameters reach a command as RUNBOOK_PARAM_<NAME>.");
  return true;
}

namespace {

json::value share_json(const HostShare& share) {
  if (share.percent) return json::value(fmt::format("{}%", share.value));
  return json::value(share.value);
}

json::value approval_json(const std::optional<Approval>& approval) {
  if (!approval) return json::value("none");
  return json::object{
      {"required", 1}, {"other_person", false}, {"expires_seconds", approval->expires.count()}};
}

}  // namespace

json::object to_json(const CommandConfig& config) {
  json::object object;
  if (config.argv.empty()) {
    object["command"] = config.command;
    object["shell"] = json::value_from(config.shell);
  } else {
    object["argv"] = json::value_from(config.argv);
  }
  if (config.targets) object["targets"] = to_json(*config.targets);
  if (!config.run_as.empty()) object["run_as"] = config.run_as;
  if (!config.working_directory.empty()) object["working_directory"] = config.working_directory;
  json::object environment;
  for (const auto& [name, value] : config.environment) environment[name] = value;
  object["environment"] = std::move(environment);
  object["timeout_seconds"] = config.timeout.count();
  object["stop_grace_seconds"] = config.stop_grace.count();
  object["approval"] = approval_json(config.approval);
  json::object rollout;
  if (config.max_parallel.value != 0) rollout["max_parallel"] = share_json(config.max_parallel);
  rollout["max_failures"] = share_json(config.max_failures);
  object["rollout"] = std::move(rollout);
  object["retries"] = 0;
  object["on_disconnect"] = "continue";
  object["output"] = config.output;
  return object;
}

}  // namespace runbook::domain
