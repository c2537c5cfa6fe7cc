#include "controller/engine/submission.hpp"

#include <algorithm>

#include "controller/domain/parameters.hpp"
#include "controller/engine/target_resolution.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::engine {
namespace {

namespace json = boost::json;

// A request and what it means for its version.
struct Judged {
  domain::Runbook runbook;
  json::object parameters;
  std::vector<store::Host> hosts;  // candidates of all targets
  std::size_t first = 0;           // blocks that run: [first, last]
  std::size_t last = 0;
};

const domain::CommandConfig* command_of(const domain::Block& block) {
  return std::get_if<domain::CommandConfig>(&block.config);
}

std::optional<std::size_t> find_slug(const domain::Runbook& runbook, const std::string& slug) {
  const auto found = std::ranges::find(runbook.blocks, slug, &domain::Block::slug);
  if (found == runbook.blocks.end()) return std::nullopt;
  return static_cast<std::size_t>(found - runbook.blocks.begin());
}

void judge_range(const ExecuteRequest& request, Judged& judged, std::vector<Fault>& faults) {
  judged.last = judged.runbook.blocks.empty() ? 0 : judged.runbook.blocks.size() - 1;
  const auto place = [&](const std::optional<std::string>& slug, const char* pointer, std::size_t& into) {
    if (!slug) return;
    if (const auto found = find_slug(judged.runbook, *slug))
      into = *found;
    else
      faults.push_back({pointer, "unknown_step", "The version has no step with this slug."});
  };
  place(request.from, "/steps/from", judged.first);
  place(request.to, "/steps/to", judged.last);
  if (judged.first > judged.last) faults.push_back({"/steps", "bad_value", "`from` comes after `to`."});
}

void judge_approval(const ExecuteRequest& request, std::vector<Fault>& faults) {
  if (request.approval == "preapproved") return;
  if (request.approval == "each") {
    faults.push_back({"/approval", "not_built",
                      "Approving each command while it runs is not available yet: send \"preapproved\"."});
  } else {
    faults.push_back({"/approval", "bad_value", "`approval` is \"each\" or \"preapproved\"."});
  }
}

void judge_hosts(const ExecuteRequest& request, Judged& judged, const store::HostLookup& lookup,
                 std::vector<Fault>& faults) {
  std::vector<domain::Targets> all = {request.targets};
  const auto& blocks = judged.runbook.blocks;
  for (const auto& block : blocks) {
    if (const auto* command = command_of(block); command && command->targets)
      all.push_back(*command->targets);
  }
  judged.hosts = lookup(all);
  if (!request.targets.empty()) {
    std::ranges::move(judge_targets(request.targets, judged.hosts, "/targets"), std::back_inserter(faults));
  }
  for (std::size_t i = judged.first; i <= judged.last && i < blocks.size(); ++i) {
    const auto* command = command_of(blocks[i]);
    if (!command) continue;
    const bool own = command->targets && !command->targets->empty();
    if (!own && request.targets.empty()) {
      faults.push_back(
          {"/targets", "required",
           fmt::format("Step \"{}\" has no targets of its own: say on which hosts.", blocks[i].slug)});
      return;
    }
    if (!own) continue;
    for (auto& fault : judge_targets(*command->targets, judged.hosts, "/targets")) {
      faults.push_back(
          {"/targets", fault.code, fmt::format("Step \"{}\": {}", blocks[i].slug, fault.message)});
    }
  }
}

Result<Judged> judge(const ExecuteRequest& request, const store::VersionRow& version,
                     const store::HostLookup& lookup) {
  auto runbook = domain::judge_runbook(version.content, [] { return Uuid{}; });
  if (!runbook) {
    return failure(ErrorCode::kInvalid, "This version uses something that is not available: save it again.");
  }
  Judged judged;
  judged.runbook = std::move(*runbook);
  std::vector<Fault> faults;
  if (auto parameters = domain::judge_parameters(judged.runbook.parameters, request.parameters)) {
    judged.parameters = std::move(*parameters);
  } else {
    std::ranges::move(parameters.error().faults, std::back_inserter(faults));
  }
  judge_range(request, judged, faults);
  judge_approval(request, faults);
  judge_hosts(request, judged, lookup, faults);
  if (!faults.empty()) {
    return std::unexpected(
        Error{ErrorCode::kInvalid, "The execution cannot be started as asked.", std::move(faults)});
  }
  return judged;
}

json::value range_of(const ExecuteRequest& request) {
  if (!request.from && !request.to) return nullptr;
  json::object range;
  if (request.from) range["from"] = *request.from;
  if (request.to) range["to"] = *request.to;
  return range;
}

json::array hosts_json(const std::vector<store::Host>& hosts) {
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

json::object block_json(const domain::Block& block, const ExecuteRequest& request, const Judged& judged) {
  json::object entry;
  entry["slug"] = block.slug;
  entry["name"] = block.name;
  entry["type"] = std::string(block.type());
  const auto* command = command_of(block);
  if (!command) {
    entry["approval"] = nullptr;
    return entry;
  }
  if (command->argv.empty())
    entry["command"] = command->command;
  else
    entry["argv"] = json::value_from(command->argv);
  entry["hosts"] = hosts_json(hosts_of(command->targets.value_or(request.targets), judged.hosts));
  if (command->approval) {
    json::object approval;
    approval["required"] = 1;
    approval["other_person"] = false;
    approval["preapproved"] = request.approval == "preapproved";
    entry["approval"] = std::move(approval);
  } else {
    entry["approval"] = "none";
  }
  return entry;
}

}  // namespace

Result<store::NewExecution> judge_submission(const ExecuteRequest& request, const Uuid& execution,
                                             const store::VersionRow& version,
                                             const store::HostLookup& hosts) {
  auto judged = judge(request, version, hosts);
  if (!judged) return std::unexpected(judged.error());
  store::NewExecution created;
  created.loaded.state.id = execution;
  created.loaded.parameters = std::move(judged->parameters);
  created.loaded.targets = request.targets;
  created.title = version.title;
  created.approval = request.approval;
  created.steps = range_of(request);
  created.reason = request.reason;
  created.requested_by = request.requested_by;
  for (std::size_t i = 0; i < judged->runbook.blocks.size(); ++i) {
    domain::StepState step;
    step.id = runtime::new_uuid();
    step.block = std::move(judged->runbook.blocks[i]);
    if (i < judged->first || i > judged->last) {
      step.status = domain::StepStatus::kSkipped;
      step.reason = "outside the steps that were asked for";
    }
    created.loaded.state.steps.push_back(std::move(step));
  }
  return created;
}

Result<json::object> preview_submission(const ExecuteRequest& request, const store::VersionRow& version,
                                        const store::HostLookup& hosts) {
  const auto judged = judge(request, version, hosts);
  if (!judged) return std::unexpected(judged.error());
  json::array blocks;
  for (std::size_t i = judged->first; i <= judged->last && i < judged->runbook.blocks.size(); ++i) {
    blocks.push_back(block_json(judged->runbook.blocks[i], request, *judged));
  }
  json::object answer;
  answer["blocks"] = std::move(blocks);
  return answer;
}

}  // namespace runbook::engine
