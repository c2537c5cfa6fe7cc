#include "controller/auth/rights.hpp"

#include <algorithm>
#include <utility>

namespace runbook::auth {

namespace json = boost::json;

namespace {

const RightRow* row_of(Right right) {
  const auto row = std::ranges::find(kRights, right, &RightRow::right);
  return row == kRights.end() ? nullptr : &*row;
}

bool has(const RightRow& row, Role role) {
  const auto place = std::ranges::find(kRoles, role, [](const auto& each) { return each.first; });
  return place != kRoles.end() && row.allowed.at(static_cast<std::size_t>(place - kRoles.begin()));
}

bool may_be_limited_so(Concerns concerns, const domain::Scope& scope) {
  switch (concerns) {
    case Concerns::kObjects: return true;
    case Concerns::kRunbooks: return !scope.hosts;
    case Concerns::kHosts: return !scope.runbooks;
    case Concerns::kWhole: return scope.unlimited();
  }
  return false;
}

bool gives(const Grant& grant, const RightRow& row) {
  return has(row, grant.role) && may_be_limited_so(row.concerns, grant.scope);
}

bool approves_any(Role role) { return role == Role::kApprover || role == Role::kAdmin; }

// Nothing: not to be understood.
std::optional<Grant> scoped_grant(const json::object& item) {
  std::optional<Role> known;
  Grant grant;
  for (const auto& [name, value] : item) {
    const auto* text = value.if_string();
    if (text == nullptr) return std::nullopt;
    if (name == "role") {
      known = role(*text);
      continue;
    }
    if (name != "runbooks" && name != "hosts") return std::nullopt;
    auto selector = domain::Selector::parse(*text);
    if (!selector) return std::nullopt;
    (name == "hosts" ? grant.scope.hosts : grant.scope.runbooks) = std::move(*selector);
  }
  if (!known) return std::nullopt;
  grant.role = *known;
  return grant;
}

}  // namespace

std::string_view to_string(Right right) {
  switch (right) {
    case Right::kOpen: return "open";
    case Right::kSignedIn: return "signed_in";
    case Right::kRead: return "read";
    case Right::kReadMetrics: return "read_metrics";
    case Right::kExecute: return "execute";
    case Right::kApprove: return "approve";
    case Right::kAuthor: return "author";
    case Right::kUseCredentials: return "use_credentials";
    case Right::kManageHosts: return "manage_hosts";
    case Right::kManageTokens: return "manage_tokens";
    case Right::kManageCredentials: return "manage_credentials";
    case Right::kManageKeys: return "manage_keys";
    case Right::kReadAudit: return "read_audit";
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

bool allows(const Grants& grants, Right right) {
  if (right == Right::kOpen || right == Right::kSignedIn) return true;
  const auto* row = row_of(right);
  return row != nullptr && std::ranges::any_of(grants, [&](const Grant& each) { return gives(each, *row); });
}

domain::Reach reach(const Grants& grants, Right right) {
  const auto* row = row_of(right);
  if (row == nullptr) return {};
  std::vector<domain::Scope> scopes;
  for (const auto& grant : grants) {
    if (gives(grant, *row)) scopes.push_back(grant.scope);
  }
  return domain::Reach(std::move(scopes));
}

domain::Reach reach_of_any_approval(const Grants& grants) {
  std::vector<domain::Scope> scopes;
  for (const auto& grant : grants) {
    if (approves_any(grant.role)) scopes.push_back(grant.scope);
  }
  return domain::Reach(std::move(scopes));
}

std::vector<std::string_view> right_words(Role role) {
  std::vector<std::string_view> words;
  if (role == Role::kAdmin) words.emplace_back("admin");  // all of them
  for (const auto& row : kRights) {
    if (!has(row, role)) continue;
    if (row.right != Right::kApprove) {
      words.push_back(to_string(row.right));
      continue;
    }
    words.emplace_back("approve_own");
    if (approves_any(role)) words.push_back(to_string(row.right));
  }
  return words;
}

Grants grants_of(const json::array& roles) {
  Grants grants;
  for (const auto& item : roles) {
    if (const auto* word = item.if_string()) {
      if (const auto known = role(*word)) grants.push_back({*known, {}});
    } else if (const auto* object = item.if_object()) {
      if (auto grant = scoped_grant(*object)) grants.push_back(std::move(*grant));
    }
  }
  return grants;
}

json::array to_json(const Grants& grants) {
  json::array roles;
  for (const auto& [role, scope] : grants) {
    if (scope.unlimited()) {
      roles.push_back(json::value(to_string(role)));
      continue;
    }
    json::object item{{"role", to_string(role)}};
    if (scope.runbooks) item["runbooks"] = scope.runbooks->text();
    if (scope.hosts) item["hosts"] = scope.hosts->text();
    roles.push_back(std::move(item));
  }
  return roles;
}

}  // namespace runbook::auth
