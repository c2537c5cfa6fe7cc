#include "controller/expression/expression.hpp"

#include <fmt/ranges.h>

#include <limits>
#include <thread>

#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

std::string used(std::string_view text) {
  const auto fields = Expression::parse(text)->fields_used("steps");
  return fmt::format("{}{}", fmt::join(fields.names, " "), fields.all ? " *" : "");
}

TEST(Expression, KnowsTheFieldsItNames) {
  EXPECT_EQ(used("1 + 1"), "");
  EXPECT_EQ(used("steps.a.stdout"), "a");
  EXPECT_EQ(used("steps.a.json.x + steps[\"b\"].stdout"), "a b");
  EXPECT_EQ(used("has(steps.a)"), "a");
  EXPECT_EQ(used("has(steps.a.json.x) ? steps.b : .steps.c"), "a b c");
  EXPECT_EQ(used("params.steps.a"), "");
  EXPECT_EQ(used("[1].all(x, steps.a.exit_code == x)"), "a");
  EXPECT_EQ(used("steps.a.hosts[steps.b.stdout]"), "a b");
  EXPECT_EQ(used("steps.`a-b`.stdout"), "a-b");
  EXPECT_EQ(used("steps.a == steps.a"), "a");
}

TEST(Expression, SaysAllWhenAFieldIsComputed) {
  EXPECT_EQ(used("steps[params.name].stdout"), " *");
  EXPECT_EQ(used("steps.a.stdout + steps['b' + 'c']"), "a *");
  EXPECT_EQ(used("size(steps)"), " *");
  EXPECT_EQ(used("steps.all(s, true)"), " *");
  EXPECT_EQ(used("'a' in steps"), " *");
  EXPECT_EQ(used("[steps]"), " *");
  EXPECT_EQ(used("steps"), " *");
  EXPECT_EQ(used("steps.size()"), " *");
  EXPECT_EQ(used("steps[0]"), " *");
}

TEST(Expression, AVariableOfAMacroIsNotTheOneOutside) {
  EXPECT_EQ(used("[1].all(steps, steps.a == 1)"), "");
  EXPECT_EQ(used("[1].all(steps, .steps.a == 1)"), "a");
  EXPECT_EQ(used("steps.a.all(steps, steps.b)"), "a");
}

std::string unknown(std::string_view text) {
  const auto error = Expression::parse(text)->unknown_name({"params", "steps"});
  return error ? to_string(*error) : "";
}

TEST(Expression, NamesTheFirstUnknownVariableOrFunction) {
  EXPECT_EQ(unknown("params.a + steps.b.stdout"), "");
  EXPECT_EQ(unknown("type(1) == int && [1].all(x, x > 0)"), "");
  EXPECT_EQ(unknown("param.a"), "line 1, column 1: unknown name: param");
  EXPECT_EQ(unknown("true ||\n upper(stepz)"), "line 2, column 2: unknown function: upper");
  EXPECT_EQ(unknown("params.a.trim() == x"), "line 1, column 10: unknown function: trim");
  EXPECT_EQ(unknown("[1].all(x, true) && x"), "line 1, column 21: unknown name: x");
}

TEST(Expression, MayBeEvaluatedOnSeveralThreadsAtOnce) {
  const auto expression = *Expression::parse("l.map(x, x * n).filter(x, string(x).matches('^[0-9]*5$'))");
  std::vector<std::jthread> threads;
  for (int n = 1; n <= 4; ++n) {
    threads.emplace_back([&expression, n] {
      for (int i = 0; i < 200; ++i) {
        const auto value = expression.evaluate({{"l", {5, 6}}, {"n", n}});
        EXPECT_EQ(print(*value), n % 2 == 1 ? fmt::format("[{}]", 5 * n) : "[]");
      }
    });
  }
}

std::string text_of(std::string_view expression) {
  const auto text = to_text(*Expression::parse(expression)->evaluate({}));
  return text ? *text : "error: " + text.error();
}

TEST(Value, TurnsIntoTheTextOfASubstitution) {
  EXPECT_EQ(text_of("'a \\'b\\' \\n'"), "a 'b' \n");
  EXPECT_EQ(text_of("true"), "true");
  EXPECT_EQ(text_of("-5"), "-5");
  EXPECT_EQ(text_of("5u"), "5");
  EXPECT_EQ(text_of("1.0"), "1");
  EXPECT_EQ(text_of("2.5"), "2.5");
  EXPECT_EQ(text_of("0.0 / 0.0"), "NaN");
  EXPECT_EQ(text_of("[1, 'a', {'b': 1.0}, null]"), R"([1,"a",{"b":1.0},null])");
  EXPECT_EQ(text_of("{'a': []}"), R"({"a":[]})");
  EXPECT_EQ(text_of("null"), "error: the value is null, which has no text");
  EXPECT_EQ(text_of("int"), "error: a value of type type has no text");
  EXPECT_EQ(text_of("b'a'"), "error: a value of type bytes has no text");
  EXPECT_EQ(text_of("[0.0 / 0.0]"), "error: JSON has no NaN");
  EXPECT_EQ(text_of("{1: 'a', '1': 'b'}"), "error: two keys are 1 in JSON");
}

TEST(Value, ToJsonAndBackIsTheSame) {
  const auto json = boost::json::parse(
      R"({"a": [1, 18446744073709551615, 1.5, true, null, "\u0000\"é"], "b": {}, "c": [], "d": {"e": {}}})");
  EXPECT_EQ(*to_json(Value::from_json(json)), json);
  EXPECT_EQ(boost::json::parse(print(Value::from_json(json))), json);
  EXPECT_EQ(*to_json(Value::of_bytes("abc")), boost::json::value("YWJj"));
  EXPECT_FALSE(to_json(Value::of_double(std::numeric_limits<double>::infinity())).has_value());
}

TEST(Value, PrintsWhatJsonDoesNotHave) {
  expect_outcomes({
      {"[0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0]", "list [NaN,Infinity,-Infinity]"},
      {"[1.0, 1, 1u, 1e100, -0.0]", "list [1.0,1,1,1e+100,-0.0]"},
      {"{1: {true: int}}", R"(map {"1":{"true":"int"}})"},
      {R"('\"\\\n\x01é')", R"(string "\"\\\n\u0001é")"},
  });
}

TEST(Value, WeighsItsPartsAsOftenAsTheyOccur) {
  const auto text = Value::of_string(std::string(640, 'a'));
  EXPECT_EQ(text.weight(), 11U);
  const auto list = Value::of_list({text, text});
  EXPECT_EQ(list.weight(), 23U);
  EXPECT_EQ(list.depth(), 1U);
  EXPECT_EQ(Value::of_list({list, list}).weight(), 47U);
  EXPECT_EQ(Value::of_list({list}).depth(), 2U);
  EXPECT_EQ(Value().weight(), 1U);
}

}  // namespace
}  // namespace runbook::expression
