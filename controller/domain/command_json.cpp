// Writing the config of a command block.
#include <fmt/format.h>

#include "controller/domain/block_configs.hpp"
#include "controller/domain/targets.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

json::value share_json(const HostShare& share) {
  if (share.percent) return json::value(fmt::format("{}%", share.value));
  return json::value(share.value);
}

json::value approval_json(const std::optional<Approval>& approval) {
  if (!approval) return json::value("none");
  return json::object{{"required", approval->required},
                      {"other_person", approval->other_person},
                      {"expires_seconds", approval->expires.count()}};
}

json::value disconnect_json(const std::optional<std::chrono::seconds>& stop_after) {
  if (!stop_after) return json::value("continue");
  return json::object{{"stop_after", stop_after->count()}};
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
  object["retries"] = config.retries;
  object["on_offline"] = config.wait_for_offline ? "wait" : "fail";
  object["on_disconnect"] = disconnect_json(config.stop_after);
  object["output"] = config.output;
  if (!config.credentials.empty()) object["credentials"] = json::value_from(config.credentials);
  if (!config.allow.empty()) object["allow"] = json::value_from(config.allow);
  return object;
}

}  // namespace runbook::domain
