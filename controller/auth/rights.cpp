#include "controller/auth/rights.hpp"

#include <algorithm>
#include <utility>

namespace runbook::auth {

std::string_view to_string(Right right) {
  switch (right) {
    case Right::kOpen: return "open";
    case Right::kSignedIn: return "signed_in";
    case Right::kRead: return "read";
    case Right::kExecute: return "execute";
    case Right::kApprove: return "approve";
    case Right::kAuthor: return "author";
    case Right::kUseCredentials: return "use_credentials";
    case Right::kAdmin: return "admin";
  }
  std::unreachable();
}

std::optional<Role> role(std::string_view word) {
  const auto found = std::ranges::find(kRoles, word, [](const auto& each) { return each.second; });
  if (found == kRoles.end()) return std::nullopt;
  return found->first;
}

std::string_view to_string(Role role) {
  return std::ranges::find(kRoles, role, [](const auto& each) { return each.first; })->second;
}

std::string_view description(Role role) {
  switch (role) {
    case Role::kViewer: return "Reads runbooks, executions, their output and hosts.";
    case Role::kOperator: return "Runs runbooks and controls executions; approves in those they started.";
    case Role::kApprover: return "Approves and rejects commands in any execution.";
    case Role::kAuthor: return "Writes, changes, deletes and rolls back runbooks.";
    case Role::kAdmin:
      return "Does everything, and manages hosts, credentials and keys and reads the audit trail.";
  }
  std::unreachable();
}

bool allows(const std::set<Role>& roles, Right right) {
  if (right == Right::kOpen || right == Right::kSignedIn) return true;
  const auto row = std::ranges::find(kRights, right, &RightRow::right);
  if (row == kRights.end()) return false;
  for (std::size_t i = 0; i < kRoles.size(); ++i) {
    if (row->allowed[i] && roles.contains(kRoles[i].first)) return true;
  }
  return false;
}

bool may_approve_any(const std::set<Role>& roles) {
  return roles.contains(Role::kApprover) || roles.contains(Role::kAdmin);
}

std::vector<std::string_view> right_words(Role role) {
  std::vector<std::string_view> words;
  for (const auto& row : kRights) {
    if (!allows({role}, row.right)) continue;
    if (row.right != Right::kApprove) {
      words.push_back(to_string(row.right));
      continue;
    }
    words.emplace_back("approve_own");
    if (may_approve_any({role})) words.push_back(to_string(row.right));
  }
  return words;
}

std::set<Role> roles_of(const std::vector<std::string>& words) {
  std::set<Role> roles;
  for (const auto& word : words) {
    if (const auto known = role(word)) roles.insert(*known);
  }
  return roles;
}

}  // namespace runbook::auth
