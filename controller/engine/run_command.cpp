#include "controller/engine/run_command.hpp"

#include "controller/domain/block_configs.hpp"
#include "controller/domain/parameters.hpp"
#include "controller/engine/step_credentials.hpp"
#include "protocol/messages/dispatch_digest.hpp"
#include "protocol/messages/limits.hpp"

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

using Variables = std::map<std::string, std::string>;

// Beyond the agent's clean base: the block's own, then ours, which wins (CONTRACT §1).
Variables shared_variables(const CommandOrigin& origin, const json::object& frozen) {
  auto variables = texts(frozen, "environment");
  for (auto& [name, value] : domain::parameter_environment(origin.parameters)) variables[name] = value;
  variables["RUNBOOK_EXECUTION_ID"] = origin.execution.str();
  for (auto& [name, value] : texts(frozen, "values")) variables[name] = value;
  return variables;
}

// No name of RUNBOOK_VALUE_<N> or of parameters is among them: they win over the block's own.
Variables host_variables(const domain::AttemptState& attempt) {
  Variables variables;
  for (const auto& [key, value] : attempt.labels) {
    variables["RUNBOOK_HOST_LABEL_" + domain::environment_name(key)] = value;
  }
  variables["RUNBOOK_HOST"] = attempt.host;
  return variables;
}

std::vector<std::string> argv_of(const domain::StepState& step) {
  if (const auto* argv = step.frozen.if_contains("argv"))
    return json::value_to<std::vector<std::string>>(*argv);
  return std::get<domain::CommandConfig>(step.block.config).shell;
}

std::string script_of(const domain::StepState& step) {
  if (step.frozen.contains("argv")) return {};
  return std::string(step.frozen.at("script").as_string());
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
  run.argv = argv_of(step);
  run.script = script_of(step);
  run.environment = host_variables(attempt);
  run.credentials = step.credentials;
  run.secrets = origin.secrets;
  run.environment.merge(shared_variables(origin, step.substituted()));
  run.working_directory = config.working_directory;
  run.run_as = config.run_as;
  run.timeout = config.timeout;
  run.stop_grace = config.stop_grace;
  run.stop_after = config.stop_after;
  run.expires_at = attempt.dispatched_at.value_or(Time{}) + kDispatchLife;
  return run;
}

bool fits_into_message(const RunCommand& run) {
  constexpr std::size_t kSignature = 1024;  // and what else is filled in where it is sent
  if (run.credentials.empty() && run.secrets.empty()) return true;
  return encode(ControllerMessage(run)).size() + kSignature <= limits::kWebSocketMessageBytes;
}

// What all hosts have in common is spelled and hashed once: there may be ten thousand of them.
Binding command_binding(const CommandOrigin& origin, const domain::StepState& step) {
  const auto& config = std::get<domain::CommandConfig>(step.block.config);
  DispatchLeaf shared;
  shared.argv = argv_of(step);
  shared.script = script_of(step);
  shared.environment = shared_variables(origin, step.substituted());
  shared.run_as = config.run_as;
  shared.working_directory = config.working_directory;
  for (const auto& credential : used_credentials(step.frozen)) shared.credentials.push_back(credential.id);
  const LeafDigests digests(shared);
  Binding binding;
  std::vector<std::string> leaves;
  for (const auto index : domain::current_attempts(step)) {
    const auto& attempt = step.attempts[index];
    leaves.push_back(digests.of(attempt.agent, host_variables(attempt)));
    binding.leaves.insert_or_assign(attempt.agent, leaves.back());
  }
  binding.root = root_digest(origin.execution, origin.version, step.id, leaves);
  return binding;
}

// A member that to_json() writes anew for blocks saved earlier would break the seals of steps that wait: such
// steps fail and have to be run again.
std::string sealed_text(const std::string& root, const domain::CommandConfig& config) {
  return canonical_json(json::object{{"root", root}, {"config", domain::to_json(config)}}).value();
}

std::optional<std::pair<std::string, std::string>> colliding_labels(const domain::Labels& labels) {
  std::map<std::string, std::string> keys;
  for (const auto& [key, value] : labels) {
    const auto [same, added] = keys.emplace(domain::environment_name(key), key);
    if (!added) return std::pair{same->second, key};
  }
  return std::nullopt;
}

}  // namespace runbook::engine
