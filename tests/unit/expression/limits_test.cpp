#include <random>

#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(Limits, ALongExpressionIsRefused) {
  const std::string longest = "'" + std::string(Expression::kMaxBytes - 2, 'a') + "'";
  EXPECT_TRUE(Expression::parse(longest).has_value());
  const auto longer = Expression::parse(longest + " ");
  ASSERT_FALSE(longer.has_value());
  EXPECT_EQ(longer.error().message, "the expression is longer than 16384 bytes");
}

TEST(Limits, NestingIsBoundedWhateverNests) {
  const auto most = Expression::kMaxDepth - 1;
  EXPECT_EQ(outcome_of(repeated("(", most) + "1" + repeated(")", most)), "int 1");
  EXPECT_EQ(outcome_of(repeated("[1].map(x, ", most) + "x" + repeated(")", most)),
            "list " + repeated("[", most) + "1" + repeated("]", most));
  for (const auto& [open, close] : std::vector<std::pair<std::string, std::string>>{{"(", ")"},
                                                                                    {"[", "]"},
                                                                                    {"{1: ", "}"},
                                                                                    {"f(", ")"},
                                                                                    {"-(", ")"},
                                                                                    {"a[", "]"},
                                                                                    {"[1].map(x, ", ")"}}) {
    const auto outcome = outcome_of(repeated(open, most + 1) + "1" + repeated(close, most + 1));
    EXPECT_NE(outcome.find("the expression is nested too deep"), std::string::npos) << open << outcome;
    EXPECT_NE(outcome_of(repeated(open, 16 * 1024 / open.size())).find("nested too deep"), std::string::npos);
  }
}

TEST(Limits, ChainsMayBeAsLongAsTheText) {
  EXPECT_EQ(outcome_of("1" + repeated(" + 1", 4000)), "int 4001");
  EXPECT_EQ(outcome_of("true" + repeated(" && true", 2000)), "bool true");
  EXPECT_EQ(outcome_of("false" + repeated(" || false", 1700) + " || true"), "bool true");
  EXPECT_EQ(outcome_of(repeated("!", 16000) + "true"), "bool true");
  EXPECT_EQ(outcome_of(repeated("-", 16000) + "1"), "int 1");
  EXPECT_EQ(outcome_of(repeated("false ? 1 : ", 1300) + "2"), "int 2");
  EXPECT_EQ(outcome_of("a" + repeated(".a", 8000), {{"a", 1}}),
            "error 1:3 a value of type int has no field a");
  EXPECT_EQ(outcome_of("[1]" + repeated("[0]", 5000)), "error 1:7 no such overload: int[int]");
  EXPECT_EQ(outcome_of("[1]" + repeated(".filter(x, true)", 1000)), "list [1]");
}

TEST(Limits, ManyStepsEndWithAnError) {
  const auto nested = [](std::string_view macro, std::size_t levels, std::string inner) {
    for (std::size_t i = 0; i < levels; ++i) inner = fmt::format("l.{}(x{}, {})", macro, i, inner);
    return outcome_of(inner, {{"l", boost::json::array(100, 1)}});
  };
  for (const auto* macro : {"all", "map"}) {
    EXPECT_NE(nested(macro, 5, "true").find("the expression costs more than 1000000 steps"),
              std::string::npos)
        << macro << nested(macro, 5, "true");
  }
  EXPECT_NE(nested("exists", 5, "false").find("costs more"), std::string::npos);
  EXPECT_EQ(nested("all", 2, "true"), "bool true");
}

TEST(Limits, NothingForgivesThatTheCostIsUsedUp) {
  const boost::json::object variables = {{"l", boost::json::array(2000, 1)}};
  const std::string costly = "l.all(x, l.all(y, true))";
  expect_outcomes({{costly + " || true", "error"},
                   {"l.exists(z, " + costly + ") || true", "error"},
                   {"!(" + costly + " && false)", "error"},
                   {"true || " + costly, "bool true"}},
                  variables);
}

TEST(Limits, ValuesThatDoubleEndWithAnError) {
  for (const auto* step : {".map(x, x + x)", ".map(x, [x, x])", ".map(x, {1: x, 2: x})"}) {
    const auto outcome = outcome_of("['0123456789']" + repeated(step, 60));
    EXPECT_NE(outcome.find("costs more"), std::string::npos) << step << outcome;
  }
  EXPECT_NE(outcome_of("[1]" + repeated(".map(x, [x])", 1000)).find("nested too deep"), std::string::npos);
}

TEST(Limits, LongTextsCostMore) {
  const boost::json::object variables = {{"s", std::string(1024 * 1024, 'a')}};
  EXPECT_EQ(outcome_of("s.contains('b')", variables), "bool false");
  EXPECT_EQ(outcome_of("s.size() == 1048576 && s.matches('a+$') && !s.endsWith('b')", variables),
            "bool true");
  const auto often = [&](std::string_view part) {
    return outcome_of("[0,1,2,3,4,5,6,7,8,9].all(x, [0,1,2,3,4,5,6,7,8,9].all(y, " + std::string(part) + "))",
                      variables);
  };
  for (const auto* part :
       {"!s.contains('b')", "s.matches('a$')", "s + 'a' != s", "s.size() > 0", "s == s + ''"}) {
    EXPECT_NE(often(part).find("costs more"), std::string::npos) << part << often(part);
  }
}

TEST(Limits, AMessageStaysShort) {
  const std::string name(10'000, 'a');
  const boost::json::object variables = {{"s", std::string(100'000, 'b')}, {"l", boost::json::array(500, 1)}};
  for (const auto& text : {name, "{}." + name, "'" + name + "' 1", "1 '" + name + "'", std::string("int(s)"),
                           std::string("{}[s]"), std::string("{}[l]"), std::string("'x'.matches(s + '(')")}) {
    const auto outcome = outcome_of(text, variables);
    EXPECT_LT(outcome.size(), 400) << outcome;
    EXPECT_TRUE(outcome.starts_with("error")) << outcome;
  }
}

// Words that bring the parser and the evaluator everywhere.
const std::vector<std::string_view> kWords = {
    "1",  "0",    "2u",      "1.5",  "'a'",     "b'a'",      "true",    "false",      "null",
    "x",  "l",    "m",       "m.a",  "(",       ")",         "[",       "]",          "{",
    "}",  ",",    ".",       ":",    "?",       "+",         "-",       "*",          "/",
    "%",  "!",    "==",      "!=",   "<",       "<=",        ">",       ">=",         "&&",
    "||", "in",   ".size()", "has(", "size(",   ".all(v,",   ".map(v,", ".filter(v,", ".exists(v,",
    "v",  "int(", "'\\q'",   "\"",   "'''",     "r'",        "\n",      "//",         "`a`",
    "0x", "1e",   "é",       "\xff", "string(", ".matches(", "[0]",     "type("};

TEST(Limits, NoRowOfWordsBreaksAnything) {
  std::mt19937 random(20240607);
  const auto variables = variables_from(R"({"x": 3, "l": [1, 2.5, "a"], "m": {"a": {"b": [true]}}})");
  std::size_t parsed = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string text;
    for (auto left = random() % 14 + 1; left > 0; --left) {
      text += kWords[random() % kWords.size()];
      if (random() % 2 == 0) text += ' ';
    }
    const auto expression = Expression::parse(text);
    if (!expression) {
      ASSERT_FALSE(expression.error().message.empty()) << text;
      ASSERT_LE(expression.error().column, text.size() + 1) << text;
      continue;
    }
    ++parsed;
    const auto value = expression->evaluate(variables);
    if (value) ASSERT_FALSE(print(*value).empty());
    expression->fields_used("m");
  }
  EXPECT_GT(parsed, 2000U);
}

}  // namespace
}  // namespace runbook::expression
