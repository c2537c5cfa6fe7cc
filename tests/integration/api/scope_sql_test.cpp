// The rules of scopes stand in two places, domain/scope and the database: they must say the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "controller/domain/scope.hpp"
#include "controller/domain/targets.hpp"
#include "db/parameters.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::domain {
namespace {

namespace json = boost::json;

const std::vector<std::string> kSelectors = {"",
                                             "env=staging",
                                             "env==staging",
                                             "env!=staging",
                                             "env in (staging,prod)",
                                             "env in ()",
                                             "env notin (prod)",
                                             "env notin ()",
                                             "env",
                                             "!env",
                                             "size>5",
                                             "size<5",
                                             "size>-1",
                                             "size<9223372036854775807",
                                             "size>9223372036854775806",
                                             "env=",
                                             "env!=",
                                             "a.b/c=x",
                                             "env=Staging",
                                             "env,size>3,!gone",
                                             "env=stagin",
                                             "size=5",
                                             "env=staging,size",
                                             "size notin (5,6)",
                                             "env=staging,env=prod"};

const std::vector<Labels> kLabels = {{},
                                     {{"env", "staging"}},
                                     {{"env", "prod"}},
                                     {{"env", ""}},
                                     {{"env", "STAGING"}},
                                     {{"env", "staging"}, {"size", "5"}},
                                     {{"env", "staging"}, {"size", "6"}},
                                     {{"size", "05"}},
                                     {{"size", "5x"}},
                                     {{"size", "1e9"}},
                                     {{"size", "-7"}},
                                     {{"size", "9223372036854775807"}},
                                     {{"size", "9223372036854775808"}},
                                     {{"size", "99999999999999999999999999999999999999999"}},
                                     {{"a.b/c", "x"}},
                                     {{"env", "staging.x"}, {"gone", "1"}},
                                     {{"env", "stagin_"}},
                                     {{"env", "staging%"}},
                                     {{"ENV", "staging"}}};

class ScopeSqlTest : public testing::PostgresTest {
 protected:
  bool ask(const std::string& function, const json::value& first, const Labels& labels) {
    bool answer = false;
    database().transact_here("ask", [&](pqxx::work& work) {
      answer = db::boolean(
          db::exec(work, fmt::format("SELECT {}($1, $2)", function), first, to_json(labels))[0][0]);
    });
    return answer;
  }
};

TEST_F(ScopeSqlTest, SelectorsSelectTheSame) {
  for (const auto& text : kSelectors) {
    const auto selector = Selector::parse(text);
    ASSERT_TRUE(selector.has_value()) << text;
    for (const auto& labels : kLabels) {
      EXPECT_EQ(ask("selector_matches", selector->to_json(), labels), selector->matches(labels))
          << text << " on " << json::serialize(to_json(labels));
    }
  }
}

TEST_F(ScopeSqlTest, ReachesReachTheSame) {
  const auto parse = [](const char* text) { return Selector::parse(text).value(); };
  const std::vector<Reach> reaches = {
      Reach(),
      Reach::everything(),
      Reach({{.runbooks = parse("env=staging")}}),
      Reach({{.hosts = parse("env=staging")}}),
      Reach({{.runbooks = parse("env=staging"), .hosts = parse("size>5")}, {.hosts = parse("env=prod")}}),
      Reach({{.runbooks = parse("env=prod"), .hosts = parse("size>5")}, {.runbooks = parse("!env")}})};
  for (const auto& reach : reaches) {
    for (const auto& labels : kLabels) {
      EXPECT_EQ(ask("reaches_runbook", reach.to_json(), labels), reach.has_runbook(labels));
      EXPECT_EQ(ask("reaches_host", reach.to_json(), labels), reach.has_host(labels));
      for (const auto& host : kLabels) {
        const auto scope = reach.hosts_of(labels);
        EXPECT_EQ(ask("host_scope_has", scope.to_json(), host), scope.contains(host));
      }
    }
  }
}

// Of hosts that nobody knows yet the selectors' words are all there is to compare.
TEST_F(ScopeSqlTest, AScopeIsWithinAnotherByItsWords) {
  const auto within = [&](const char* scope, const char* other) {
    return db::boolean(
        sql(fmt::format("SELECT coalesce(host_scope_within('{}', '{}'), false)", scope, other))[0][0]);
  };
  const auto staging = json::serialize(Selector::parse("env=staging").value().to_json());
  const auto prod = json::serialize(Selector::parse("env=prod").value().to_json());
  const auto one = "[" + staging + "]";
  const auto two = "[" + prod + "," + staging + "]";
  EXPECT_TRUE(within(one.c_str(), one.c_str()));
  EXPECT_TRUE(within(one.c_str(), two.c_str()));
  EXPECT_TRUE(within(two.c_str(), two.c_str()));
  EXPECT_FALSE(within(two.c_str(), one.c_str()));
  EXPECT_TRUE(within("[]", one.c_str()));
  EXPECT_FALSE(within("null", two.c_str()));
  EXPECT_TRUE(within("null", "null"));
  for (const auto* broken : {"{}", "true", "7", "\"all\""}) {
    EXPECT_FALSE(within(broken, one.c_str())) << broken;
    EXPECT_FALSE(within(one.c_str(), broken)) << broken;
  }
}

TEST_F(ScopeSqlTest, WhatCannotBeUnderstoodReachesNothing) {
  const Labels labels{{"env", "staging"}};
  for (const auto* reach :
       {"[]", "{}", "true", "7", "\"all\"", "[null]", "[{}]", "[[]]",
        R"([{"runbooks": "all", "hosts": "all"}])", R"([{"runbooks": {}, "hosts": {}}])",
        R"([{"runbooks": [{}], "hosts": [{}]}])", R"([{"runbooks": [null], "hosts": [null]}])",
        R"([{"runbooks": [{"key": "env", "op": "like", "values": ["%"]}],
                                 "hosts": [{"key": "env", "op": "like", "values": ["%"]}]}])",
        R"([{"runbooks": [{"key": "env", "op": "in", "values": null}],
                                 "hosts": [{"key": "env", "op": "in"}]}])"}) {
    EXPECT_FALSE(ask("reaches_runbook", json::parse(reach), labels)) << reach;
    EXPECT_FALSE(ask("reaches_host", json::parse(reach), labels)) << reach;
  }
  EXPECT_FALSE(db::boolean(sql("SELECT coalesce(reaches_runbook(NULL, '{}'), false)")[0][0]));
}

}  // namespace
}  // namespace runbook::domain
