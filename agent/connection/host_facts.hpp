// What an agent says about its host in Hello. Read once at start; blocking.
#pragma once

#include "protocol/messages/control.hpp"

namespace runbook::connection {

// Everything but the attempts. `incarnation` is new with every call: one per agent process.
Hello host_facts();
std::string host_name();

}  // namespace runbook::connection
