// What the audit trail tells of one change or refusal, and in whose name it was made. Plain values.
#pragma once

#include <boost/json.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages/uuid.hpp"

namespace runbook::store {

class AuditTrail;

// Who makes a change and from where, and the trail that tells of it. Every function of a store that changes
// something takes one, so that none can be left out. Without a person it is the controller itself: its
// command line, `dev` at its start.
struct Origin {
  explicit Origin(const AuditTrail& trail_used) : trail(&trail_used) {}

  const AuditTrail* trail;  // outlives the change
  std::optional<Uuid> person_id = {};
  std::optional<std::string> person = {};
  std::optional<Uuid> key_id = {};
  std::optional<std::string> key_name = {};
  std::optional<std::string> address = {};
  std::optional<std::string> request_id = {};
};

enum class AuditResult { kDone, kRefused };

inline constexpr auto kAuditActions = std::to_array<std::string_view>({"runbook.create",
                                                                       "runbook.update",
                                                                       "runbook.delete",
                                                                       "runbook.rollback",
                                                                       "execution.start",
                                                                       "execution.pause",
                                                                       "execution.resume",
                                                                       "execution.stop",
                                                                       "approval.approve",
                                                                       "approval.reject",
                                                                       "step.complete",
                                                                       "step.skip",
                                                                       "step.retry",
                                                                       "agent.enrol",
                                                                       "agent.update",
                                                                       "agent.revoke",
                                                                       "agent.renew",
                                                                       "agent.refused",
                                                                       "dispatch.refused",
                                                                       "credential.create",
                                                                       "credential.replace",
                                                                       "credential.reseal",
                                                                       "credential.delete",
                                                                       "api_key.create",
                                                                       "api_key.revoke",
                                                                       "enrollment_token.create",
                                                                       "enrollment_token.revoke",
                                                                       "session.sign_in",
                                                                       "session.sign_out",
                                                                       "request.refused"});
inline constexpr auto kAuditObjects = std::to_array<std::string_view>(
    {"runbook", "execution", "agent", "enrollment_token", "credential", "api_key", "session", "request"});

struct AuditEvent {
  std::string_view action;       // of kAuditActions
  std::string_view object_type;  // of kAuditObjects
  std::optional<Uuid> object_id = {};
  std::optional<std::string> object_name = {};
  AuditResult result = AuditResult::kDone;
  std::optional<std::string> reason = {};
  boost::json::object changes = {};  // by field, as add_change() makes them; never a secret

  // Notes a field that became another; one that stayed is left out.
  AuditEvent& add_change(std::string_view field, boost::json::value before, boost::json::value after);
};

}  // namespace runbook::store
