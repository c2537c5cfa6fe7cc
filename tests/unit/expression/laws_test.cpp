// Laws that hold for every pair of operands, values and errors alike.
#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

const std::vector<std::string> kOperands = {"true",
                                            "false",
                                            "0",
                                            "1",
                                            "-1",
                                            "9223372036854775807",
                                            "-9223372036854775808",
                                            "0u",
                                            "1u",
                                            "18446744073709551615u",
                                            "0.0",
                                            "-0.0",
                                            "1.0",
                                            "1.5",
                                            "1e300",
                                            "(0.0 / 0.0)",
                                            "(1.0 / 0.0)",
                                            "'a'",
                                            "''",
                                            "'é'",
                                            "b'a'",
                                            "b''",
                                            "null",
                                            "[]",
                                            "[1]",
                                            "[1.0]",
                                            "['a', 1]",
                                            "{}",
                                            "{'a': 1}",
                                            "{1: 1}",
                                            "int",
                                            "type(1.0)",
                                            "(1 / 0)",
                                            "missing",
                                            "{}.a",
                                            "[][0]",
                                            "f(1)",
                                            "(true && 1)"};

bool is_error(std::string_view outcome) { return outcome.starts_with("error"); }

// Which error is told may differ, as the specification allows.
void expect_same(const std::string& left, const std::string& right) {
  const auto a = outcome_of(left);
  const auto b = outcome_of(right);
  EXPECT_TRUE(a == b || (is_error(a) && is_error(b))) << left << " is " << a << "\n" << right << " is " << b;
}

template <class Check>
void for_all_pairs(Check check) {
  for (const auto& a : kOperands) {
    for (const auto& b : kOperands) check(a, b);
  }
}

TEST(Law, AndAndOrCommuteAndFollowDeMorgan) {
  for_all_pairs([](const std::string& a, const std::string& b) {
    expect_same(a + " && " + b, b + " && " + a);
    expect_same(a + " || " + b, b + " || " + a);
    expect_same("!(" + a + " && " + b + ")", "!(" + a + ") || !(" + b + ")");
    expect_same("[" + a + "].all(x, x)", a + " && true");
    expect_same("[true, false].exists(x, x ? " + a + " : " + b + ")", a + " || " + b);
    expect_same("[true, false].all(x, x ? " + a + " : " + b + ")", a + " && " + b);
  });
}

TEST(Law, EqualityIsSymmetricAndInequalityItsOpposite) {
  for_all_pairs([](const std::string& a, const std::string& b) {
    expect_same(a + " == " + b, b + " == " + a);
    expect_same(a + " != " + b, "!(" + a + " == " + b + ")");
    expect_same("[" + a + "] == [" + b + "]", a + " == " + b);
    expect_same("{'k': " + a + "} == {'k': " + b + "}", a + " == " + b);
    expect_same(a + " in [" + b + "]", a + " == " + b);
    expect_same(a + " in [null, " + b + "]", "[" + a + " in [null], " + a + " in [" + b + "]].exists(x, x)");
  });
}

TEST(Law, OrderIsOneOrderWhereThereIsOne) {
  for_all_pairs([](const std::string& a, const std::string& b) {
    expect_same(a + " < " + b, b + " > " + a);
    expect_same(a + " <= " + b, b + " >= " + a);
    expect_same(a + " <= " + b, "[" + a + " < " + b + ", " + a + " == " + b + "].exists(x, x)");
  });
}

TEST(Law, AConditionalIsItsBranch) {
  for_all_pairs([](const std::string& a, const std::string& b) {
    expect_same("true ? " + a + " : " + b, a);
    expect_same("false ? " + a + " : " + b, b);
    expect_same(a + " ? " + b + " : " + b, "[" + a + " ? 1 : 2].map(x, " + b + ")[0]");
  });
}

TEST(Law, SumsAndProductsOfOneTypeCommute) {
  for_all_pairs([](const std::string& a, const std::string& b) {
    expect_same(a + " * " + b, b + " * " + a);
    if (a.find_first_of("'[") == std::string::npos) expect_same(a + " + " + b, b + " + " + a);
    expect_same("type(" + a + " - " + b + ")", "[" + a + " - " + b + "].map(x, type(" + a + "))[0]");
    expect_same("size([" + a + "] + [" + b + "])", "[" + a + ", " + b + "].size()");
  });
}

TEST(Law, ATextReadsBackAsTheNumber) {
  for (const auto* number : {"0", "-1", "9223372036854775807", "-9223372036854775808"}) {
    expect_same(fmt::format("int(string({}))", number), number);
    expect_same(fmt::format("int(double({}) / 4.0)", number), fmt::format("int(double({}) * 0.25)", number));
  }
  expect_same("uint(string(18446744073709551615u))", "18446744073709551615u");
  for (const auto* number :
       {"0.1", "-0.0", "1e300", "5e-324", "1.7976931348623157e308", "123456789.123", "1e21"}) {
    expect_same(fmt::format("double(string({}))", number), number);
  }
}

}  // namespace
}  // namespace runbook::expression
