// The routes of the agent listener: POST /enroll for those with a token, GET /agent and POST /renew for those
// with a certificate. Nothing else is served there.
#pragma once

#include "controller/fleet/agent_hub.hpp"
#include "controller/fleet/enrolment.hpp"
#include "controller/fleet/renewal.hpp"
#include "controller/http/server.hpp"

namespace runbook::fleet {

inline constexpr std::string_view kEnrolPath = "/enroll";
inline constexpr std::string_view kRenewPath = "/renew";

// All must outlive the server that gets the handler.
http::Handler agent_listener(Enrolment& enrolment, Renewal& renewal, AgentHub& hub);

}  // namespace runbook::fleet
