#include "controller/engine/target_resolution.hpp"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/domain/selector.hpp"

namespace runbook::engine {
namespace {

bool is_named(const store::Host& host, const std::string& name) {
  return host.name == name || host.id.str() == name;
}

}  // namespace

const domain::Targets& targets_of(const domain::CommandConfig& config, const domain::Targets& otherwise) {
  return config.targets && !config.targets->empty() ? *config.targets : otherwise;
}

std::vector<store::Host> hosts_of(const domain::Targets& targets,
                                  const std::vector<store::Host>& candidates) {
  const std::unordered_set<std::string> names(targets.hosts.begin(), targets.hosts.end());
  const auto selector = domain::Selector::parse(targets.selector);
  const bool by_selector = selector && !targets.selector.empty();
  std::vector<store::Host> hosts;
  for (const auto& host : candidates) {
    if (host.draining) continue;
    const bool named = !names.empty() && (names.contains(host.name) || names.contains(host.id.str()));
    if (named || (by_selector && selector->matches(host.labels))) hosts.push_back(host);
  }
  std::ranges::sort(hosts, domain::host_before, &store::Host::name);
  return hosts;
}

std::vector<Fault> judge_targets(const domain::Targets& targets, const std::vector<store::Host>& candidates,
                                 const std::string& pointer) {
  std::vector<Fault> faults;
  if (const auto selector = domain::Selector::parse(targets.selector); !selector) {
    faults.push_back({pointer + "/selector", "bad_value", selector.error().message});
  }
  for (std::size_t i = 0; i < targets.hosts.size(); ++i) {
    const auto& name = targets.hosts[i];
    const auto named = [&](const auto& host) { return is_named(host, name); };
    const auto matches = std::ranges::count_if(candidates, named);
    const auto at = fmt::format("{}/hosts/{}", pointer, i);
    if (matches == 0) {
      faults.push_back({at, "unknown_host", fmt::format("There is no host {}.", name)});
    } else if (matches > 1) {
      faults.push_back({at, "ambiguous_host", fmt::format("Several hosts are named {}: use the id.", name)});
    } else if (std::ranges::find_if(candidates, named)->draining) {
      faults.push_back({at, "draining_host", fmt::format("Host {} takes no new work: it drains.", name)});
    }
  }
  if (faults.empty() && hosts_of(targets, candidates).empty()) {
    faults.push_back({pointer, "no_match", "No host matches that takes work now."});
  }
  return faults;
}

}  // namespace runbook::engine
