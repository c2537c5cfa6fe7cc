#include "controller/auth/rights.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runbook::auth {
namespace {

namespace json = boost::json;
using domain::Labels;
using domain::Reach;

struct Row {
  Right right;
  const char* roles;  // those CONTRACT §4 ticks
  Concerns concerns;
};

constexpr Row kContract[] = {
    {Right::kRead, "viewer operator approver author admin", Concerns::kObjects},
    {Right::kReadMetrics, "viewer operator approver author admin", Concerns::kWhole},
    {Right::kExecute, "operator admin", Concerns::kObjects},
    {Right::kApprove, "operator approver admin", Concerns::kObjects},
    {Right::kAuthor, "author admin", Concerns::kRunbooks},
    {Right::kUseCredentials, "operator admin", Concerns::kObjects},
    {Right::kManageHosts, "admin", Concerns::kHosts},
    {Right::kManageTokens, "admin", Concerns::kWhole},
    {Right::kManageCredentials, "admin", Concerns::kWhole},
    {Right::kManageKeys, "admin", Concerns::kWhole},
    {Right::kReadAudit, "admin", Concerns::kWhole},
};

Grants roles(std::initializer_list<Role> held) {
  Grants grants;
  for (const auto role : held) grants.push_back({role, {}});
  return grants;
}

domain::Selector selector(std::string_view text) { return domain::Selector::parse(text).value(); }

Grant staging(Role role) { return {role, {.hosts = selector("env=staging")}}; }

const Labels kStaging{{"env", "staging"}};
const Labels kProduction{{"env", "prod"}};

TEST(Rights, EqualTheContract) {
  EXPECT_EQ(std::size(kContract), kRights.size());
  for (const auto& row : kContract) {
    for (const auto& [role, word] : kRoles) {
      const bool ticked = std::string_view(row.roles).find(word) != std::string_view::npos;
      EXPECT_EQ(allows(roles({role}), row.right), ticked) << word << " " << to_string(row.right);
    }
  }
}

// "| `read` runbooks, … | ✓ | … | objects |" → the row's word, then its cells.
std::vector<std::vector<std::string>> rows_of_the_page() {
  std::ifstream page(RUNBOOK_RIGHTS_PAGE);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    std::vector<std::string> cells{line.substr(3, line.find('`', 3) - 3)};
    for (auto at = line.find('|', 1); at + 1 < line.size();) {
      const auto end = line.find('|', at + 1);
      cells.push_back(line.substr(at + 1, end - at - 1));
      at = end;
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::string_view on_the_page(Concerns concerns) {
  switch (concerns) {
    case Concerns::kObjects: return " objects ";
    case Concerns::kRunbooks: return " runbooks ";
    case Concerns::kHosts: return " hosts ";
    case Concerns::kWhole: return " the whole ";
  }
  return "";
}

TEST(Rights, EqualTheirPage) {
  const auto rows = rows_of_the_page();
  ASSERT_EQ(rows.size(), kRights.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = kRights.at(i);
    ASSERT_EQ(rows[i].size(), kRoles.size() + 2) << rows[i].front();
    EXPECT_EQ(rows[i].front(), to_string(row.right));
    for (std::size_t role = 0; role < kRoles.size(); ++role) {
      EXPECT_EQ(rows[i][role + 1].find("✓") != std::string::npos, row.allowed.at(role))
          << rows[i].front() << " " << kRoles.at(role).second;
    }
    EXPECT_EQ(rows[i].back(), on_the_page(row.concerns)) << rows[i].front();
  }
}

// A limit on the other objects, or on any where the right concerns the whole, leaves nothing of it.
TEST(Rights, ALimitThatWouldLimitNothingGivesNothing) {
  const domain::Scope by_hosts{.hosts = selector("env=staging")};
  const domain::Scope by_runbooks{.runbooks = selector("team=web")};
  const domain::Scope by_both{.runbooks = selector("team=web"), .hosts = selector("env=staging")};
  for (const auto& row : kContract) {
    const bool objects = row.concerns == Concerns::kObjects;
    const std::array kCases{std::pair(by_hosts, objects || row.concerns == Concerns::kHosts),
                            std::pair(by_runbooks, objects || row.concerns == Concerns::kRunbooks),
                            std::pair(by_both, objects)};
    for (const auto& [role, word] : kRoles) {
      const bool ticked = std::string_view(row.roles).find(word) != std::string_view::npos;
      for (const auto& [scope, given] : kCases) {
        EXPECT_EQ(allows({{role, scope}}, row.right), ticked && given) << word << to_string(row.right);
        EXPECT_EQ(reach({{role, scope}}, row.right).nothing(), !(ticked && given)) << word;
      }
    }
  }
  const Grants mixed{{Role::kAuthor, by_hosts}, {Role::kAuthor, by_runbooks}};
  EXPECT_TRUE(reach(mixed, Right::kAuthor).has_runbook({{"team", "web"}}));
  EXPECT_FALSE(reach(mixed, Right::kAuthor).has_runbook({{"team", "db"}}));
}

TEST(Rights, RolesAddUp) {
  EXPECT_TRUE(allows(roles({Role::kOperator, Role::kAuthor}), Right::kExecute));
  EXPECT_TRUE(allows(roles({Role::kOperator, Role::kAuthor}), Right::kAuthor));
  const auto all_but_one = roles({Role::kOperator, Role::kAuthor, Role::kApprover, Role::kViewer});
  EXPECT_FALSE(allows(all_but_one, Right::kManageKeys));
}

TEST(Rights, EachRightReachesWhatItsOwnRolesReach) {
  const Grants grants{{Role::kViewer, {}}, staging(Role::kOperator)};
  EXPECT_TRUE(reach(grants, Right::kRead).unlimited());
  EXPECT_TRUE(reach(grants, Right::kExecute).has_host(kStaging));
  EXPECT_FALSE(reach(grants, Right::kExecute).has_host(kProduction));
  EXPECT_TRUE(reach(grants, Right::kAuthor).nothing());
}

TEST(Rights, OperatorsApproveOnlyWhatTheyStarted) {
  EXPECT_TRUE(reach_of_any_approval(roles({Role::kApprover})).unlimited());
  EXPECT_TRUE(reach_of_any_approval(roles({Role::kAdmin})).unlimited());
  EXPECT_TRUE(reach_of_any_approval(roles({Role::kOperator, Role::kAuthor, Role::kViewer})).nothing());
  EXPECT_TRUE(reach_of_any_approval(roles({Role::kOperator, Role::kApprover})).unlimited());
  const Grants mixed{{Role::kOperator, {}}, staging(Role::kApprover)};
  EXPECT_FALSE(reach_of_any_approval(mixed).has_host(kProduction));
  EXPECT_TRUE(reach_of_any_approval(mixed).has_host(kStaging));
}

TEST(Rights, NoRoleMeansNothing) {
  for (const auto& row : kContract) EXPECT_FALSE(allows({}, row.right)) << to_string(row.right);
  EXPECT_TRUE(allows({}, Right::kSignedIn));
  EXPECT_TRUE(reach({}, Right::kRead).nothing());
}

TEST(Rights, WhatCannotBeUnderstoodGivesNothing) {
  const auto given = json::parse(R"(["root", "Admin", "admin ", "", 7, null, ["admin"], {"role": "root"}, {},
      {"role": "admin", "hosts": "env in ("}, {"role": "admin", "runbooks": 7}, {"role": ["admin"]},
      {"role": "admin", "hosts": null}, {"role": "admin", "until": "noon"}, {"hosts": "env=staging"}])");
  EXPECT_TRUE(grants_of(given.as_array()).empty());
}

TEST(Rights, KnownRolesAreTakenBesideUnknownOnes) {
  const auto grants = grants_of(json::array{"viewer", "root"});
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants.front().role, Role::kViewer);
  EXPECT_TRUE(grants.front().scope.unlimited());
}

TEST(Rights, AreWrittenAsTheyAreRead) {
  const auto stored = json::parse(R"j(["viewer", {"role": "approver", "hosts": "env in (a, b)"},
      {"role": "operator", "runbooks": "team=web", "hosts": "env!=prod"}])j");
  EXPECT_EQ(json::value(to_json(grants_of(stored.as_array()))), stored);
}

}  // namespace
}  // namespace runbook::auth
