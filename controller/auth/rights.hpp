// Rights: what each role may do (CONTRACT §4). Roles add up; none implies another; each may be limited to
// some runbooks and hosts. Pure.
#pragma once

#include <boost/json.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/auth/principal.hpp"

namespace runbook::auth {

enum class Right {
  kOpen,               // needs no key
  kSignedIn,           // any valid key or session: about the caller only
  kRead,               // runbooks, executions, output, hosts
  kReadMetrics,        // what is counted of all of them
  kExecute,            // execute, control, complete, skip, retry
  kApprove,            // approve, reject: those who may only execute, in executions they started
  kAuthor,             // create, edit, delete, roll back runbooks
  kUseCredentials,     // list and use credentials
  kManageHosts,        // label, drain, revoke hosts
  kManageTokens,       // enrolment tokens
  kManageCredentials,  // make, replace, delete them
  kManageKeys,         // API keys
  kReadAudit,
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

// What a right is about: objects that a grant's scope can tell apart; runbooks or hosts alone, where a limit
// on the others would be none (what an author writes runs anywhere), so that a grant with one gives nothing;
// or things of the whole installation, which only a grant without limits gives.
enum class Concerns { kObjects, kRunbooks, kHosts, kWhole };

// One row a right that roles give: the permission matrix.
struct RightRow {
  Right right;
  Concerns concerns;
  std::array<bool, kRoles.size()> allowed;  // in the order of kRoles
};
inline constexpr std::array<RightRow, 11> kRights{{
    //                                                viewer operator approver author admin
    {Right::kRead, Concerns::kObjects, {true, true, true, true, true}},
    {Right::kReadMetrics, Concerns::kWhole, {true, true, true, true, true}},
    {Right::kExecute, Concerns::kObjects, {false, true, false, false, true}},
    {Right::kApprove, Concerns::kObjects, {false, true, true, false, true}},
    {Right::kAuthor, Concerns::kRunbooks, {false, false, false, true, true}},
    {Right::kUseCredentials, Concerns::kObjects, {false, true, false, false, true}},
    {Right::kManageHosts, Concerns::kHosts, {false, false, false, false, true}},
    {Right::kManageTokens, Concerns::kWhole, {false, false, false, false, true}},
    {Right::kManageCredentials, Concerns::kWhole, {false, false, false, false, true}},
    {Right::kManageKeys, Concerns::kWhole, {false, false, false, false, true}},
    {Right::kReadAudit, Concerns::kWhole, {false, false, false, false, true}},
}};

// Whether the right is given at all, for however few objects.
bool allows(const Grants& grants, Right right);

// The objects it is given for. Right::kApprove: those in which it holds if the person started them, too.
domain::Reach reach(const Grants& grants, Right right);

// Right::kApprove in every execution reached, not only in those the person started.
domain::Reach reach_of_any_approval(const Grants& grants);

// What a role gives, in the words of GET /roles. Right::kApprove is "approve_own", and "approve" besides
// where it holds in every execution.
std::vector<std::string_view> right_words(Role role);

// As keys are stored: words, or {"role", "runbooks", "hosts"} with selectors. What cannot be understood gives
// nothing: unknown words and members, selectors that cannot be read.
Grants grants_of(const boost::json::array& roles);
boost::json::array to_json(const Grants& grants);

}  // namespace runbook::auth
