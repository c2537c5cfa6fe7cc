// The routes of the agent listener: POST /enroll for those with a token, GET /agent for those with a
// certificate. Nothing else is served there.
#pragma once

#include "controller/fleet/agent_hub.hpp"
#include "controller/fleet/enrolment.hpp"
#include "controller/http/server.hpp"

namespace runbook::fleet {

inline constexpr std::string_view kEnrolPath = "/enroll";

// Both must outlive the server that gets the handler.
http::Handler agent_listener(Enrolment& enrolment, AgentHub& hub);

}  // namespace runbook::fleet
