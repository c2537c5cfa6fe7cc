#include "agent/policy/dispatch_guard.hpp"

#include "protocol/messages/dispatch_digest.hpp"

namespace runbook::policy {

std::optional<runner::NotStarted> DispatchGuard::operator()(const RunCommand& run) const {
  if (!verifier_) {
    return runner::NotStarted{
        "bad_signature",
        "The agent has no key of its controller to check commands with: enrol this host again."};
  }
  if (!verifier_->accepts(run, self_)) {
    return runner::NotStarted{"bad_signature",
                              "The command is not what the controller signed for this agent. If its key for "
                              "commands was changed, enrol this host again."};
  }
  if (leaf_digest(leaf_of(run, self_.agent)) != run.leaf) {
    return runner::NotStarted{"bad_digest", "The command is not the one that was prepared and approved."};
  }
  if (auto reason = objection(policy_, run, own_user_))
    return runner::NotStarted{"policy", std::move(*reason)};
  return std::nullopt;
}

}  // namespace runbook::policy
