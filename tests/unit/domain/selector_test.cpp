#include "controller/domain/selector.hpp"

#include <gtest/gtest.h>

namespace runbook::domain {
namespace {

const Labels kHost = {
    {"role", "web"}, {"env", "prod"}, {"example.com/rack", "r-1"}, {"cores", "8"}, {"empty", ""}};

struct Match {
  const char* selector;
  bool matches;
};

class SelectorMatches : public ::testing::TestWithParam<Match> {};

TEST_P(SelectorMatches, AsKubernetesDoes) {
  const auto selector = Selector::parse(GetParam().selector);
  ASSERT_TRUE(selector) << GetParam().selector << ": " << selector.error().message;
  EXPECT_EQ(selector->matches(kHost), GetParam().matches) << GetParam().selector;
}

constexpr Match kMatches[] = {
    {"", true},
    {"  \t", true},
    {"role=web", true},
    {"role==web", true},
    {"role = web , env in (prod)", true},
    {"role=Web", false},
    {"role=we", false},
    {"role!=db", true},
    {"role!=web", false},
    {"absent!=x", true},
    {"role in (web,db)", true},
    {"role in (db)", false},
    {"role notin (db, cache)", true},
    {"role notin (web)", false},
    {"absent notin (x)", true},
    {"absent in (x)", false},
    {"role", true},
    {"absent", false},
    {"!absent", true},
    {"! role", false},
    {"example.com/rack=r-1", true},
    {"cores>4", true},
    {"cores>8", false},
    {"cores<16,cores>7", true},
    {"role>1", false},
    {"empty=", true},
    {"empty in ()", true},
    {"empty in (,x)", true},
    {"role in ()", false},
    {"role=web,env=staging", false},
    {"role=web,env in (staging,prod),!retired,tier!=db", true},
    {"in", false},
    {"notin=x", false},
    {"role in (in,notin,web)", true},
};
INSTANTIATE_TEST_SUITE_P(Table, SelectorMatches, ::testing::ValuesIn(kMatches));

struct Refusal {
  const char* selector;
  int character;  // counted from 1, where the message points
};

class SelectorRefuses : public ::testing::TestWithParam<Refusal> {};

TEST_P(SelectorRefuses, AndNamesTheCharacter) {
  const auto selector = Selector::parse(GetParam().selector);
  ASSERT_FALSE(selector) << GetParam().selector;
  EXPECT_TRUE(
      selector.error().message.starts_with("At character " + std::to_string(GetParam().character) + ":"))
      << GetParam().selector << ": " << selector.error().message;
}

constexpr Refusal kRefusals[] = {
    {",", 1},           {"a,", 3},        {"a,,b", 3},          {"=b", 1},           {"a=b=c", 4},
    {"a=b||c=d", 3},    {"!a=b", 3},      {"a!b", 3},           {"a in b", 6},       {"a in (b", 8},
    {"a in (b c)", 9},  {"a in (b)c", 9}, {"a nott in (b)", 3}, {"a (", 3},          {"(", 1},
    {"a<x", 3},         {"a>", 3},        {"a=b c", 5},         {"-a=b", 1},         {"a=-b", 3},
    {"A.example/b", 1}, {"a/b/c", 1},     {"a in (b,-)", 9},    {"role=web;env", 6}, {"\xC3\xA4=x", 1},
};
INSTANTIATE_TEST_SUITE_P(Table, SelectorRefuses, ::testing::ValuesIn(kRefusals));

TEST(Selector, IsBounded) {
  EXPECT_TRUE(Selector::parse(std::string(4096, ' ')));
  EXPECT_FALSE(Selector::parse(std::string(4097, ' ')));
}

TEST(Labels, FollowKubernetesRules) {
  for (const auto* key : {"a", "A-b_c.9", "example.com/role", "0/x"})
    EXPECT_EQ(label_key_fault(key), "") << key;
  for (const auto* key : {"", "-a", "a-", "a b", "/a", "a/", "Example.com/a", "a..b/c", "\xC3\xA4"}) {
    EXPECT_NE(label_key_fault(key), "") << key;
  }
  EXPECT_EQ(label_key_fault(std::string(63, 'a')), "");
  EXPECT_NE(label_key_fault(std::string(64, 'a')), "");
  EXPECT_EQ(label_key_fault(std::string(253, 'a') + "/b"), "");
  EXPECT_NE(label_key_fault(std::string(254, 'a') + "/b"), "");
  for (const auto* value : {"", "a", "1.2-3_4"}) EXPECT_EQ(label_value_fault(value), "") << value;
  for (const auto* value : {"a b", ".a", "a/b", "a="}) EXPECT_NE(label_value_fault(value), "") << value;
  EXPECT_EQ(label_value_fault(std::string(63, 'a')), "");
  EXPECT_NE(label_value_fault(std::string(64, 'a')), "");
}

}  // namespace
}  // namespace runbook::domain
