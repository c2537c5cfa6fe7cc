// The file a HostPolicy is read from: YAML, of root, and nobody else's to change. Blocking.
#pragma once

#include <string>

#include "agent/policy/host_policy.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::policy {

inline constexpr const char* kPolicyFile = "/etc/runbook-agent/agent.yaml";

// kInvalid, naming the line, for anything that is not a policy: an unknown member above all, which would
// otherwise forbid less than was meant.
Result<HostPolicy> parse_policy(const std::string& text, const std::string& file);

// The policy of `file`. Without a file at the default place there is none, and nothing is limited; one that
// was named has to be there. kForbidden when somebody but root (or the agent's own user, when it is not root)
// owns the file or its folder, or group or others may write to one of them.
Result<HostPolicy> load_policy(const std::string& file, bool named);

}  // namespace runbook::policy
