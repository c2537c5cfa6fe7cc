#include "controller/engine/run_command.hpp"

#include "controller/domain/parameters.hpp"
#include "protocol/messages/dispatch_digest.hpp"

namespace runbook::engine {
namespace {

namespace json = boost::json;

std::map<std::string, std::string> texts(const json::object& frozen, std::string_view member) {
  std::map<std::string, std::string> map;
  const auto* object = frozen.if_contains(member);
  if (object == nullptr) return map;
  for (const auto& entry : object->as_object()) {
    map.emplace(entry.key(), std::string(entry.value().as_string()));
  }
  return map;
}

json::object to_json(const std::map<std::string, std::string>& map) {
  json::object object;
  for (const auto& [name, value] : map) object[name] = value;
  return object;
}

// Beyond the agent's clean base: the block's own, then ours, which wins (CONTRACT §1).
std::map<std::string, std::string> environment(const CommandOrigin& origin, const json::object& frozen,
                                               const domain::AttemptState& attempt) {
  auto variables = texts(frozen, "environment");
  for (auto& [name, value] : domain::parameter_environment(origin.parameters)) variables[name] = value;
  for (const auto& [key, value] : attempt.labels) {
    variables["RUNBOOK_HOST_LABEL_" + domain::environment_name(key)] = value;
  }
  variables["RUNBOOK_HOST"] = attempt.host;
  variables["RUNBOOK_EXECUTION_ID"] = origin.execution.str();
  for (auto& [name, value] : texts(frozen, "values")) variables[name] = value;
  return variables;
}

DispatchLeaf leaf_of(const RunCommand& run, const Uuid& agent) {
  DispatchLeaf leaf;
  leaf.agent = agent;
  leaf.argv = run.argv;
  leaf.script = run.script;
  leaf.environment = run.environment;
  leaf.run_as = run.run_as;
  leaf.working_directory = run.working_directory;
  return leaf;
}

}  // namespace

json::object frozen_command(const domain::CommandConfig& config, const domain::CommandText& text) {
  json::object frozen;
  if (config.argv.empty())
    frozen["script"] = text.script;
  else
    frozen["argv"] = json::value_from(config.argv);
  frozen["values"] = to_json(text.values);
  frozen["environment"] = to_json(text.environment);
  return frozen;
}

RunCommand run_command(const CommandOrigin& origin, const domain::StepState& step,
                       const domain::AttemptState& attempt) {
  const auto& config = std::get<domain::CommandConfig>(step.block.config);
  RunCommand run;
  run.attempt = attempt.id;
  run.execution = origin.execution;
  run.step = step.id;
  if (const auto* argv = step.frozen.if_contains("argv")) {
    run.argv = json::value_to<std::vector<std::string>>(*argv);
  } else {
    run.argv = config.shell;
    run.script = step.frozen.at("script").as_string();
  }
  run.environment = environment(origin, step.frozen, attempt);
  run.working_directory = config.working_directory;
  run.run_as = config.run_as;
  run.timeout = config.timeout;
  run.stop_grace = config.stop_grace;
  run.stop_after = config.stop_after;
  run.expires_at = attempt.dispatched_at.value_or(Time{}) + kDispatchLife;
  return run;
}

std::string command_digest(const CommandOrigin& origin, const domain::StepState& step) {
  std::vector<std::string> leaves;
  for (const auto index : domain::current_attempts(step)) {
    const auto& attempt = step.attempts[index];
    leaves.push_back(leaf_digest(leaf_of(run_command(origin, step, attempt), attempt.agent)));
  }
  return root_digest(origin.execution, origin.version, step.id, leaves);
}

}  // namespace runbook::engine
