// Which hosts targets mean. Pure.
#pragma once

#include <string>
#include <vector>

#include "controller/store/agent_presence.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::engine {

// The hosts that match, in host order, each once. A draining host takes no new work and is left out.
std::vector<store::Host> hosts_of(const domain::Targets& targets, const std::vector<store::Host>& candidates);

// What is wrong with targets as given: names nobody has, names several have, a selector that cannot be read.
std::vector<Fault> judge_targets(const domain::Targets& targets, const std::vector<store::Host>& candidates,
                                 const std::string& pointer);

}  // namespace runbook::engine
