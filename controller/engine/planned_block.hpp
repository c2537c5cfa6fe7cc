// How a dry run shows what a block would do: as it is written, with the hosts it means now. Pure.
#pragma once

#include <boost/json.hpp>

#include <vector>

#include "controller/domain/runbook.hpp"
#include "controller/store/agent_presence.hpp"

namespace runbook::engine {

// {slug, name, type, when, on_failure, approval, …what its type has}. `hosts` are a command's.
boost::json::object planned_block(const domain::Block& block, const std::vector<store::Host>& hosts,
                                  bool preapproved);

// [{agent_id, host, status}], status "online" or "offline".
boost::json::array planned_hosts(const std::vector<store::Host>& hosts);

}  // namespace runbook::engine
