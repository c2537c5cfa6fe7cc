#include "controller/engine/submission.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "controller/domain/parameters.hpp"
#include "controller/engine/context.hpp"
#include "controller/engine/hidden_values.hpp"
#include "controller/engine/planned_block.hpp"
#include "controller/engine/step_credentials.hpp"
#include "controller/engine/target_resolution.hpp"
#include "protocol/messages/masker.hpp"
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
  if (request.approval == "preapproved" || request.approval == "each") return;
  faults.push_back({"/approval", "bad_value", "`approval` is \"each\" or \"preapproved\"."});
}

// What is wrong with the targets of a block. Of a version that is saved only `targets` can be changed; in a
// document that is not saved the fault stands where the block is.
Fault fault_of_block(Fault fault, const domain::Block& block, std::size_t index, bool saved) {
  if (saved)
    return {"/targets", std::move(fault.code), fmt::format("Step \"{}\": {}", block.slug, fault.message)};
  fault.pointer.insert(0, fmt::format("/runbook/blocks/{}/config", index));
  return fault;
}

void judge_hosts(const ExecuteRequest& request, Judged& judged, const store::HostLookup& lookup, bool saved,
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
      faults.push_back(fault_of_block(std::move(fault), blocks[i], i, saved));
    }
  }
}

// Of a version that is saved nothing in the request is at fault; in a document it stands where the block is.
void judge_credentials(const Judged& judged, const std::vector<store::CredentialName>& known, bool saved,
                       std::vector<Fault>& faults) {
  const auto& blocks = judged.runbook.blocks;
  for (std::size_t i = judged.first; i <= judged.last && i < blocks.size(); ++i) {
    const auto at = fmt::format("/runbook/blocks/{}/config", i);
    for (auto& fault : engine::judge_credentials(blocks[i], known, at)) {
      if (saved) {
        fault.pointer.clear();
        fault.message = fmt::format("Step \"{}\": {}", blocks[i].slug, fault.message);
      }
      faults.push_back(std::move(fault));
    }
  }
}

// Which names there are is told to those who may use them.
bool may_use(const ExecuteRequest& request, const store::VersionRow& version) {
  return request.credential_reach.has_runbook(version.labels);
}

// Whoever starts it answers for what it uses, whoever wrote it. A document that is not saved is only looked
// at.
Result<void> judge_use(const ExecuteRequest& request, const Judged& judged,
                       const store::VersionRow& version) {
  if (version.number == 0 || may_use(request, version)) return {};
  const auto& blocks = judged.runbook.blocks;
  for (std::size_t i = judged.first; i <= judged.last && i < blocks.size(); ++i) {
    if (named_credentials(blocks[i]).empty()) continue;
    return failure(
        ErrorCode::kForbidden,
        fmt::format("Step \"{}\" uses credentials, which you may not use in this runbook.", blocks[i].slug));
  }
  return {};
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
  if (const auto may = judge_use(request, judged, version); !may) return std::unexpected(may.error());
  if (may_use(request, version)) {
    judge_credentials(judged, version.credentials, version.number > 0, faults);
  }
  judge_approval(request, faults);
  judge_hosts(request, judged, lookup, version.number > 0, faults);
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

}  // namespace

Result<store::NewExecution> judge_submission(const ExecuteRequest& request, const Uuid& execution,
                                             const store::VersionRow& version, const store::HostLookup& hosts,
                                             const secrets::FernetKeys& keys) {
  auto judged = judge(request, version, hosts);
  if (!judged) return std::unexpected(judged.error());
  store::NewExecution created;
  created.loaded.state.id = execution;
  created.loaded.state.preapproved = request.approval == "preapproved";
  created.loaded.state.requested_by = request.requested_by;
  created.loaded.state.requested_by_name = version.requested_by_name;
  created.loaded.state.author = version.author;
  created.loaded.runbook = version.runbook;
  created.loaded.version = version.version;
  created.loaded.version_number = version.number;
  created.loaded.title = version.title;
  auto parted = parted_parameters(judged->runbook.parameters, std::move(judged->parameters));
  created.loaded.reason = Masker(secret_texts(parted.secret)).mask(request.reason.value_or(""));
  created.loaded.parameters = std::move(parted.shown);
  created.loaded.sealed_parameters = ExecutionSeals(keys, execution).seal(parted.secret, Context::now());
  created.loaded.targets = request.targets;
  created.approval = request.approval;
  created.steps = range_of(request);
  for (std::size_t i = 0; i < judged->runbook.blocks.size(); ++i) {
    domain::StepState step;
    step.id = runtime::new_uuid();
    step.block = std::move(judged->runbook.blocks[i]);
    if (i < judged->first || i > judged->last) {
      step.status = domain::StepStatus::kSkipped;
      step.skip_cause = domain::SkipCause::kRange;
      step.reason = "outside the steps that were asked for";
    }
    created.loaded.state.steps.push_back(std::move(step));
  }
  return created;
}

Result<json::object> preview_submission(const ExecuteRequest& request, const store::VersionRow& version,
                                        const store::HostLookup& lookup) {
  const auto judged = judge(request, version, lookup);
  if (!judged) return std::unexpected(judged.error());
  json::array blocks;
  std::map<std::string, store::Host> unreachable;  // by id
  for (std::size_t i = judged->first; i <= judged->last && i < judged->runbook.blocks.size(); ++i) {
    const auto& block = judged->runbook.blocks[i];
    std::vector<store::Host> hosts;
    if (const auto* command = command_of(block))
      hosts = hosts_of(targets_of(*command, request.targets), judged->hosts);
    for (const auto& host : hosts) {
      if (!host.online) unreachable.emplace(host.id.str(), host);
    }
    blocks.push_back(planned_block(block, hosts, request.approval == "preapproved"));
  }
  std::vector<store::Host> missing;
  missing.reserve(unreachable.size());
  for (auto& [id, host] : unreachable) missing.push_back(std::move(host));
  std::ranges::sort(missing, domain::host_before, &store::Host::name);
  json::object answer;
  answer["title"] = version.title;
  if (version.number > 0) answer["version_number"] = version.number;
  answer["parameters"] = parted_parameters(judged->runbook.parameters, judged->parameters).shown;
  answer["approval"] = request.approval;
  answer["blocks"] = std::move(blocks);
  answer["unreachable"] = planned_hosts(missing);
  return answer;
}

}  // namespace runbook::engine
