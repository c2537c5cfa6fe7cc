#include "controller/engine/planned_block.hpp"

#include <string>
#include <utility>

namespace runbook::engine {
namespace {

namespace json = boost::json;

// `preapproved`: whether the requester's own approval is given in advance; `waits`: whether somebody has to
// approve it while it runs all the same.
json::value approval_json(const domain::CommandConfig& config, bool preapproved) {
  if (!config.approval) return "none";
  const auto& wanted = *config.approval;
  const bool in_advance = preapproved && !wanted.other_person;
  json::object approval;
  approval["required"] = wanted.required;
  approval["other_person"] = wanted.other_person;
  approval["expires_seconds"] = wanted.expires.count();
  approval["preapproved"] = preapproved;
  approval["waits"] = !in_advance || wanted.required > 1;
  return approval;
}

json::value branch_json(const domain::Branch& branch) {
  using Kind = domain::Branch::Kind;
  switch (branch.kind) {
    case Kind::kEnd: return "end";
    case Kind::kFail: return "fail";
    case Kind::kGoto: return json::object{{"goto", branch.slug}};
    case Kind::kContinue: break;
  }
  return "continue";
}

void add_config(json::object& shown, const domain::InstructionConfig& config) {
  shown["text"] = config.text;
  shown["acknowledge"] = config.acknowledge;
}

void add_config(json::object& shown, const domain::CommandConfig& config) {
  if (config.argv.empty()) {
    shown["command"] = config.command;
    shown["shell"] = json::value_from(config.shell);
  } else {
    shown["argv"] = json::value_from(config.argv);
  }
  if (!config.credentials.empty()) shown["credentials"] = json::value_from(config.credentials);
  shown["run_as"] = nullptr;
  if (!config.run_as.empty()) shown["run_as"] = config.run_as;
  shown["timeout_seconds"] = config.timeout.count();
}

void add_config(json::object& shown, const domain::ApiConfig& config) {
  if (!config.credential.empty()) shown["credential"] = config.credential;
  shown["method"] = config.method;
  shown["url"] = config.url;
  shown["timeout_seconds"] = config.timeout.count();
}

void add_config(json::object& shown, const domain::ConditionConfig& config) {
  shown["expression"] = config.expression;
  shown["then"] = branch_json(config.then);
  shown["else"] = branch_json(config.otherwise);
}

void add_config(json::object& shown, const domain::TimerConfig& config) {
  if (config.until)
    shown["until"] = rfc3339(*config.until);
  else
    shown["seconds"] = config.duration.value_or(std::chrono::seconds{0}).count();
}

}  // namespace

json::array planned_hosts(const std::vector<store::Host>& hosts) {
  json::array list;
  for (const auto& host : hosts) {
    json::object entry;
    entry["agent_id"] = host.id.str();
    entry["host"] = host.name;
    entry["status"] = host.online ? "online" : "offline";
    list.push_back(std::move(entry));
  }
  return list;
}

json::object planned_block(const domain::Block& block, const std::vector<store::Host>& hosts,
                           bool preapproved) {
  json::object shown;
  shown["slug"] = block.slug;
  shown["name"] = block.name;
  shown["type"] = block.type();
  shown["when"] = nullptr;
  if (!block.when.empty()) shown["when"] = block.when;
  shown["on_failure"] = block.continue_on_failure ? "continue" : "stop";
  std::visit([&shown](const auto& config) { add_config(shown, config); }, block.config);
  shown["approval"] = nullptr;
  if (const auto* command = std::get_if<domain::CommandConfig>(&block.config)) {
    shown["hosts"] = planned_hosts(hosts);
    shown["approval"] = approval_json(*command, preapproved);
  }
  return shown;
}

}  // namespace runbook::engine
