// SQL about agents that several stores share. Only for controller/store/.
#pragma once

#include <pqxx/pqxx>

#include <boost/json.hpp>

#include <string_view>
#include <vector>

#include "controller/domain/runbook.hpp"
#include "controller/store/agent_presence.hpp"

namespace runbook::store {

// True for rows of `agent AS g` whose link a living controller holds.
inline constexpr std::string_view kAgentOnline =
    "(g.revoked_at IS NULL AND EXISTS (SELECT FROM controller_instance i WHERE i.id = g.connected_to AND "
    "i.seen_at > now() - interval '15 seconds'))";

// `scope` as HostScope::to_json().
std::vector<Host> candidate_hosts(pqxx::work& work, const std::vector<domain::Targets>& targets,
                                  const boost::json::value& scope);

domain::Labels labels(const pqxx::field& field);

// An agent as the API and /live show it: id, name, labels, status, version, os, arch, the four times and
// how many commands it runs.
boost::json::object agent_json(const pqxx::row& row);

}  // namespace runbook::store
