// What the audit trail tells of commands that were not run for what they are: altered on their way or in the
// database, sent again, too late, or forbidden by the host's own policy.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "controller/engine/open_attempts.hpp"
#include "controller/store/audit_event.hpp"
#include "protocol/messages/control.hpp"

namespace runbook::engine {

// Whether a Refused with this code is told of: not when the host only could not start the command.
bool is_told_of(std::string_view code);

// Those of one batch: one event a step and code, with all hosts, as thousands may refuse the same at once.
class DispatchRefusals {
 public:
  void add(const OpenAttempt& attempt, const std::string& code, const std::string& reason);
  std::vector<store::AuditEvent> events() const;

 private:
  struct Refusals {
    std::string reason;  // of the first
    std::vector<std::string> hosts;
  };
  std::map<std::tuple<Uuid, Uuid, std::string>, Refusals> refusals_;  // by execution, step and code
};

// Of an attempt that is not open on the agent: somebody else sent it a command.
store::AuditEvent stray_refusal(const Uuid& agent, const Refused& message);

// Of a step that the controller itself does not send: altered since it was prepared, or against its policy.
store::AuditEvent step_refusal(const Uuid& execution, const Uuid& step, const std::string& reason);

}  // namespace runbook::engine
