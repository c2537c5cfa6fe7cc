// Which hosts targets mean. Pure.
#pragma once

#include <string>
#include <vector>

#include "controller/store/agent_presence.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::engine {

// A command's own targets, or `otherwise` those of its execution.
const domain::Targets& targets_of(const domain::CommandConfig& config, const domain::Targets& otherwise);

// The hosts that match, in host order, each once. A draining host takes no new work and is left out.
std::vector<store::Host> hosts_of(const domain::Targets& targets, const std::vector<store::Host>& candidates);

// What is wrong with targets: names nobody has, names several have, named hosts that drain, a selector that
// cannot be read, no host at all.
std::vector<Fault> judge_targets(const domain::Targets& targets, const std::vector<store::Host>& candidates,
                                 const std::string& pointer);

}  // namespace runbook::engine
