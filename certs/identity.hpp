// The one spelling of an agent's identity in certificates (SPIFFE-like URI SAN). Internal to certs/.
#pragma once

#include <string>
#include <string_view>

#include "protocol/messages/uuid.hpp"

namespace runbook::certs {

inline constexpr std::string_view kAgentUriPrefix = "spiffe://runbook/agent/";

std::string agent_uri(const Uuid& agent);

}  // namespace runbook::certs
