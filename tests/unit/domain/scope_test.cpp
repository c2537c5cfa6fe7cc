#include "controller/domain/scope.hpp"

#include <gtest/gtest.h>

namespace runbook::domain {
namespace {

Selector selector(std::string_view text) { return Selector::parse(text).value(); }

const Labels kWeb{{"team", "web"}};
const Labels kDatabase{{"team", "db"}};
const Labels kStaging{{"env", "staging"}};
const Labels kProduction{{"env", "prod"}};

TEST(Reach, IsNothingByDefault) {
  const Reach reach;
  EXPECT_TRUE(reach.nothing());
  EXPECT_FALSE(reach.unlimited());
  EXPECT_FALSE(reach.has_runbook({}));
  EXPECT_FALSE(reach.has_host({}));
  EXPECT_FALSE(reach.hosts_of({}).contains({}));
  EXPECT_EQ(boost::json::serialize(reach.to_json()), "[]");
}

TEST(Reach, OfAGrantWithoutLimitsIsEverything) {
  const Reach reach({{.hosts = selector("env=staging")}, {}});
  EXPECT_TRUE(reach.unlimited());
  EXPECT_TRUE(reach.has_host(kProduction));
  EXPECT_TRUE(reach.hosts_of(kWeb).contains(kProduction));
  EXPECT_TRUE(reach.to_json().is_null());
}

TEST(Reach, OfSeveralGrantsIsTheirUnion) {
  const Reach reach({{.runbooks = selector("team=web"), .hosts = selector("env=staging")},
                     {.runbooks = selector("team=db"), .hosts = selector("env=prod")}});
  EXPECT_TRUE(reach.has_runbook(kWeb));
  EXPECT_TRUE(reach.has_runbook(kDatabase));
  EXPECT_FALSE(reach.has_runbook({}));
  EXPECT_TRUE(reach.has_host(kStaging));
  EXPECT_TRUE(reach.has_host(kProduction));
  EXPECT_FALSE(reach.has_host({}));
  EXPECT_FALSE(reach.unlimited());
}

TEST(Reach, HostsOfARunbookAreThoseOfGrantsAboutIt) {
  const Reach reach({{.runbooks = selector("team=web"), .hosts = selector("env=staging")},
                     {.runbooks = selector("team=db"), .hosts = selector("env=prod")}});
  EXPECT_TRUE(reach.hosts_of(kWeb).contains(kStaging));
  EXPECT_FALSE(reach.hosts_of(kWeb).contains(kProduction));
  EXPECT_TRUE(reach.hosts_of(kDatabase).contains(kProduction));
  EXPECT_FALSE(reach.hosts_of({}).contains(kStaging));
  EXPECT_EQ(boost::json::serialize(reach.hosts_of({}).to_json()), "[]");
}

TEST(Reach, AGrantAboutTheRunbookWithoutHostsReachesAllHosts) {
  const Reach reach({{.runbooks = selector("team=web")}, {.hosts = selector("env=staging")}});
  EXPECT_TRUE(reach.hosts_of(kWeb).contains(kProduction));
  EXPECT_FALSE(reach.hosts_of(kDatabase).contains(kProduction));
  EXPECT_TRUE(reach.hosts_of(kDatabase).contains(kStaging));
}

}  // namespace
}  // namespace runbook::domain
