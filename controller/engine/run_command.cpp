#include "controller/engine/run_command.hpp"

#include "controller/domain/parameters.hpp"

namespace runbook::engine {

std::map<std::string, std::string> command_environment(const store::LoadedExecution& loaded,
                                                       const domain::CommandConfig& config,
                                                       const domain::AttemptState& attempt) {
  auto environment = config.environment;
  for (auto& [name, value] : domain::parameter_environment(loaded.parameters)) environment[name] = value;
  if (const auto labels = loaded.labels.find(attempt.agent); labels != loaded.labels.end()) {
    for (const auto& [key, value] : labels->second) {
      environment["RUNBOOK_HOST_LABEL_" + domain::environment_name(key)] = value;
    }
  }
  environment["RUNBOOK_HOST"] = attempt.host;
  environment["RUNBOOK_EXECUTION_ID"] = loaded.state.id.str();
  return environment;
}

RunCommand run_command(const store::LoadedExecution& loaded, const domain::StepState& step,
                       const domain::AttemptState& attempt) {
  const auto& config = std::get<domain::CommandConfig>(step.block.config);
  RunCommand run;
  run.attempt = attempt.id;
  run.execution = loaded.state.id;
  run.step = step.id;
  run.argv = config.argv.empty() ? config.shell : config.argv;
  run.script = config.argv.empty() ? config.command : std::string{};
  run.environment = command_environment(loaded, config, attempt);
  run.working_directory = config.working_directory;
  run.run_as = config.run_as;
  run.timeout = config.timeout;
  run.stop_grace = config.stop_grace;
  run.expires_at = attempt.dispatched_at.value_or(Time{}) + kDispatchLife;
  return run;
}

}  // namespace runbook::engine
