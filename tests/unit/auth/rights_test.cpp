#include "controller/auth/rights.hpp"

#include <gtest/gtest.h>

namespace runbook::auth {
namespace {

struct Row {
  Right right;
  const char* roles;  // those CONTRACT §4 ticks
};

constexpr Row kContract[] = {
    {Right::kRead, "viewer operator approver author admin"},
    {Right::kExecute, "operator admin"},
    {Right::kApprove, "operator approver admin"},
    {Right::kAuthor, "author admin"},
    {Right::kUseCredentials, "operator admin"},
    {Right::kAdmin, "admin"},
};

TEST(Rights, EqualTheContract) {
  for (const auto& row : kContract) {
    for (const auto& [role, word] : kRoles) {
      const bool ticked = std::string_view(row.roles).find(word) != std::string_view::npos;
      EXPECT_EQ(allows({role}, row.right), ticked) << word << " " << to_string(row.right);
    }
  }
}

TEST(Rights, RolesAddUp) {
  EXPECT_TRUE(allows({Role::kOperator, Role::kAuthor}, Right::kExecute));
  EXPECT_TRUE(allows({Role::kOperator, Role::kAuthor}, Right::kAuthor));
  EXPECT_FALSE(allows({Role::kOperator, Role::kAuthor, Role::kApprover, Role::kViewer}, Right::kAdmin));
}

TEST(Rights, OperatorsApproveOnlyWhatTheyStarted) {
  EXPECT_TRUE(may_approve_any({Role::kApprover}));
  EXPECT_TRUE(may_approve_any({Role::kAdmin}));
  EXPECT_FALSE(may_approve_any({Role::kOperator, Role::kAuthor, Role::kViewer}));
  EXPECT_TRUE(may_approve_any({Role::kOperator, Role::kApprover}));
}

TEST(Rights, NoRoleMeansNothing) {
  for (const auto& row : kContract) EXPECT_FALSE(allows({}, row.right)) << to_string(row.right);
  EXPECT_TRUE(allows({}, Right::kSignedIn));
}

TEST(Rights, UnknownRolesGiveNothing) {
  EXPECT_TRUE(roles_of({"root", "Admin", "admin ", ""}).empty());
  EXPECT_EQ(roles_of({"viewer", "root"}), std::set{Role::kViewer});
}

}  // namespace
}  // namespace runbook::auth
