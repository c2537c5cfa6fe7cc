// Rights: what each role may do (CONTRACT §4). Roles add up; none implies another. Pure.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controller/auth/principal.hpp"

namespace runbook::auth {

enum class Right {
  kOpen,            // needs no key
  kSignedIn,        // any valid key or session: about the caller only
  kRead,            // runbooks, executions, output, hosts
  kExecute,         // execute, control, complete, skip, retry
  kApprove,         // approve, reject: those who may only execute, in executions they started
  kAuthor,          // create, edit, delete, roll back runbooks
  kUseCredentials,  // list and use credentials
  kAdmin,           // keys, tokens, agents
};

std::string_view to_string(Right right);  // "open", "signed_in", "read", …

inline constexpr std::array<std::pair<Role, std::string_view>, 5> kRoles{{
    {Role::kViewer, "viewer"},
    {Role::kOperator, "operator"},
    {Role::kApprover, "approver"},
    {Role::kAuthor, "author"},
    {Role::kAdmin, "admin"},
}};

std::optional<Role> role(std::string_view word);
std::string_view to_string(Role role);
std::string_view description(Role role);  // one sentence

// One row a right that roles give.
struct RightRow {
  Right right;
  std::array<bool, kRoles.size()> allowed;  // in the order of kRoles
};
inline constexpr std::array<RightRow, 6> kRights{{
    //                 viewer operator approver author admin
    {Right::kRead, {true, true, true, true, true}},
    {Right::kExecute, {false, true, false, false, true}},
    {Right::kApprove, {false, true, true, false, true}},
    {Right::kAuthor, {false, false, false, true, true}},
    {Right::kUseCredentials, {false, true, false, false, true}},
    {Right::kAdmin, {false, false, false, false, true}},
}};

bool allows(const std::set<Role>& roles, Right right);

// Right::kApprove in every execution, not only in those the person started.
bool may_approve_any(const std::set<Role>& roles);

// What a role gives, in the words of GET /roles. Right::kApprove is "approve_own", and "approve" besides
// where it holds in every execution.
std::vector<std::string_view> right_words(Role role);

// Words that are no role give nothing.
std::set<Role> roles_of(const std::vector<std::string>& words);

}  // namespace runbook::auth
