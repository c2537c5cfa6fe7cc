#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

TEST(Syntax, OperatorsBindAsTheSpecificationHasThem) {
  expect_outcomes({
      {"1 + 2 * 3", "int 7"},
      {"(1 + 2) * 3", "int 9"},
      {"10 - 4 - 3", "int 3"},
      {"100 / 10 / 2", "int 5"},
      {"7 % 4 * 2", "int 6"},
      {"2 * 3 % 4", "int 2"},
      {"-2 * -3", "int 6"},
      {"1 - -1", "int 2"},
      {"-[1][0]", "int -1"},
      {"-'abc'.size()", "int -3"},
      {"!true || true", "bool true"},
      {"!(true || true)", "bool false"},
      {"true || false && false", "bool true"},
      {"(true || false) && false", "bool false"},
      {"1 + 1 == 2", "bool true"},
      {"1 < 2 && 2 < 3", "bool true"},
      {"1 == 1 == true", "bool true"},
      {"2 == 2 in [true]", "bool true"},
      {"1 + 1 in [2]", "bool true"},
      {"true ? 1 : 2 + 10", "int 1"},
      {"(true ? 1 : 2) + 10", "int 11"},
      {"1 > 2 ? 'a' : 'b'", R"(string "b")"},
      {"false ? 1 : true ? 2 : 3", "int 2"},
      {"[1 + 1, 2 * 2][1] - 1", "int 3"},
  });
}

TEST(Syntax, BlanksAndCommentsAreNothing) {
  expect_outcomes({
      {" 1\t+\n2\r\n+\f3 ", "int 6"},
      {"1 // one\n+ 2 // two", "int 3"},
      {"// first\n1", "int 1"},
      {"'// no comment'", R"(string "// no comment")"},
      {"[ 1 , 2 ] . size ( )", "int 2"},
      {"4 / / 2", "error 1:5 / is not expected here"},
      {"1\v+ 2", "error 1:2 a control character cannot stand here"},
      {"1\xc2\xa0+ 2", "error 1:2"},
  });
}

TEST(Syntax, ReservedWordsAreNoNames) {
  for (const std::string word :
       {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while"}) {
    EXPECT_EQ(outcome_of(word), "error 1:1 " + word + " is a reserved word");
    EXPECT_EQ(outcome_of("1 + " + word + "(1)"), "error 1:5 " + word + " is a reserved word");
    EXPECT_EQ(outcome_of("{'" + word + "': 1}." + word), "int 1");  // a field may be called so
  }
  expect_outcomes({
      {"in", "error 1:1 in is not expected here"},
      {"1 in", "error 1:5 the expression ends too early"},
      {"{}.in", "error 1:4 in is not expected here"},
      {"{}.true", "error 1:4 true is not expected here"},
      {"null.null", "error 1:6 null is not expected here"},
      {"{'a-b': 1}.`a-b`", "int 1"},
      {"has({'a/b.c d': 1}.`a/b.c d`)", "bool true"},
      {"`a`", "error 1:1 `a` is not expected here"},
      {"{}.`a+b`", "error 1:4 a name in backticks"},
      {"{}.``", "error 1:4 a name in backticks"},
  });
}

TEST(Syntax, ErrorsHaveTheirLineAndColumnInCodePoints) {
  expect_outcomes({
      {"", "error 1:1 the expression ends too early"},
      {"  ", "error 1:3 the expression ends too early"},
      {"1 +", "error 1:4 the expression ends too early"},
      {"1 + * 2", "error 1:5 * is not expected here"},
      {"(1", "error 1:3 ) is missing at the end"},
      {"(1 2", "error 1:4 ) is expected here, not 2"},
      {"[1, 2", "error 1:6 ] is missing at the end"},
      {"[1 2]", "error 1:4 , or ] is expected here, not 2"},
      {"[,]", "error 1:2 , is not expected here"},
      {"{1}", "error 1:3 : is expected here, not }"},
      {"{1: 2", "error 1:6 } is missing at the end"},
      {"f(1", "error 1:4 ) is missing at the end"},
      {"f(1,)", "error 1:5 ) is not expected here"},
      {"1)", "error 1:2 ) is not expected here"},
      {"a.", "error 1:3 the expression ends too early"},
      {"a.1", "error 1:2 .1 is not expected here"},
      {"a[", "error 1:3 the expression ends too early"},
      {"true ? 1", "error 1:9 : is missing at the end"},
      {"true ? : 1", "error 1:8 : is not expected here"},
      {"a = 1", "error 1:3 '=' is not an operator"},
      {"a & b", "error 1:3 '&' cannot stand here"},
      {"a | b", "error 1:3 '|' cannot stand here"},
      {"'ééé' + §", "error 1:9 '§' cannot stand here"},
      {"'🐱🐱' + $", "error 1:8 '$' cannot stand here"},
      {"1 +\n  ?", "error 2:3 ? is not expected here"},
      {"1 +\r\n\r\n?", "error 3:1 ? is not expected here"},
      {"'''é\né''' + ?", "error 2:8 ? is not expected here"},
      {"1 // é\n+ ?", "error 2:3 ? is not expected here"},
      {"'é' +\n 1 / 0", "error 2:4 division by zero"},
      {"M{a: 1}", "error 1:2 messages are not supported"},
      {"a.b.M{}", "error 1:6 messages are not supported"},
      {"!-1", "error 1:2 - is not expected here"},
      {"-!true", "error 1:2 ! is not expected here"},
      {"a.?b", "error 1:3 ? is not expected here"},
      {"\xff", "error 1:1 the text is not valid UTF-8 here"},
      {"'é' + \xc3(", "error 1:7 the text is not valid UTF-8 here"},
  });
}

TEST(Syntax, PositionsReadAsASentence) {
  const auto parsed = Expression::parse("1 +\n ?");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(to_string(parsed.error()), "line 2, column 2: ? is not expected here");
}

}  // namespace
}  // namespace runbook::expression
