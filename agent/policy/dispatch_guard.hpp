// DispatchGuard: whether a RunCommand is what the controller signed for this very agent, is bound to what was
// approved, and is allowed by the host. Asked before anything of it is started. I/O thread.
#pragma once

#include <optional>
#include <string>

#include "agent/policy/host_policy.hpp"
#include "agent/runner/command.hpp"
#include "protocol/messages/dispatch_signature.hpp"

namespace runbook::policy {

class DispatchGuard {
 public:
  // Without a verifier (an agent that was enrolled before there were signatures) nothing may be run.
  DispatchGuard(std::optional<DispatchVerifier> verifier, DispatchTarget self, HostPolicy policy,
                std::string own_user)
      : verifier_(std::move(verifier)),
        self_(self),
        policy_(std::move(policy)),
        own_user_(std::move(own_user)) {}

  // Codes "bad_signature", "bad_digest" and "policy".
  std::optional<runner::NotStarted> operator()(const RunCommand& run) const;

 private:
  std::optional<DispatchVerifier> verifier_;
  DispatchTarget self_;
  HostPolicy policy_;
  std::string own_user_;
};

}  // namespace runbook::policy
