#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

TEST(Text, SizeCountsCodePointsBytesItemsAndEntries) {
  expect_outcomes({
      {"size('')", "int 0"},
      {"size('abc')", "int 3"},
      {"'abc'.size()", "int 3"},
      {"size('été')", "int 3"},
      {"size('🐱🐱')", "int 2"},
      {R"(size('e\u0301'))", "int 2"},  // no normalization
      {"size(b'été')", "int 5"},
      {R"(size(b'\377'))", "int 1"},
      {"b'ab'.size()", "int 2"},
      {"size([])", "int 0"},
      {"[1, [2, 3]].size()", "int 2"},
      {"size({})", "int 0"},
      {"{'a': 1, 'b': 2}.size()", "int 2"},
      {"size(1)", "error 1:1 no such overload: size(int)"},
      {"null.size()", "error 1:6 no such overload: size(null_type)"},
      {"size()", "error 1:1 no such overload: size()"},
      {"size('a', 'b')", "error 1:1 no such overload: size(string, string)"},
  });
}

TEST(Text, ContainsStartsAndEnds) {
  expect_outcomes({
      {"'hello'.contains('ell')", "bool true"},
      {"'hello'.contains('')", "bool true"},
      {"''.contains('')", "bool true"},
      {"''.contains('a')", "bool false"},
      {"'hello'.contains('Ell')", "bool false"},
      {"'🐱🐶'.contains('🐶')", "bool true"},
      {R"('a\000b'.contains('\000b'))", "bool true"},
      {"'hello'.startsWith('he')", "bool true"},
      {"'hello'.startsWith('')", "bool true"},
      {"'he'.startsWith('hello')", "bool false"},
      {"'hello'.endsWith('llo')", "bool true"},
      {"'hello'.endsWith('')", "bool true"},
      {"'été'.endsWith('é')", "bool true"},
      {"'hello'.endsWith('hell')", "bool false"},
      {"'a'.contains(1)", "error 1:5 no such overload: contains(string, int)"},
      {"1.contains('a')", "error 1:3 no such overload: contains(int, string)"},
      {"b'a'.startsWith(b'a')", "error 1:6 no such overload: startsWith(bytes, bytes)"},
      {"'a'.endsWith()", "error 1:5 no such overload: endsWith(string)"},
      {"contains('a', 'a')", "error 1:1 no such overload: contains(string, string)"},
      {"[1].contains(1)", "error 1:5 no such overload: contains(list, int)"},
  });
}

TEST(Text, MatchesLikeRe2Anywhere) {
  expect_outcomes({
      {"'hubba'.matches('ubb')", "bool true"},
      {"matches('hubba', 'ubb')", "bool true"},
      {"'abcd'.matches('bc')", "bool true"},
      {"'abcd'.matches('^bc')", "bool false"},
      {"'abcd'.matches('^abcd$')", "bool true"},
      {"'abc'.matches('')", "bool true"},
      {"''.matches('')", "bool true"},
      {"''.matches('.')", "bool false"},
      {R"('a1'.matches(r'\d'))", "bool true"},
      {"'🐱'.matches('^.$')", "bool true"},
      {R"('été'.matches('^\\pL+$'))", "bool true"},
      {"'ABC'.matches('(?i)abc')", "bool true"},
      {R"('a\nb'.matches('a.b'))", "bool false"},
      {R"('a\nb'.matches('(?s)a.b'))", "bool true"},
      {R"('a\nb'.matches('^b'))", "bool false"},
      {R"('a\nb'.matches('(?m)^b'))", "bool true"},
      {"'x'.matches('(')", "error 1:5 the pattern is not valid: missing )"},
      {R"('x'.matches('(\x00\x01é'))", "error 1:5 the pattern is not valid: missing ): (\\x00\\x01é"},
      {"'x'.matches('*')", "error 1:5 the pattern is not valid: no argument for repetition operator"},
      {R"('aa'.matches(r'(a)\1'))", "error 1:6 the pattern is not valid: invalid escape sequence"},
      {"'x'.matches('(?=x)')", "error 1:5 the pattern is not valid: invalid perl operator"},
      {"'x'.matches('((a{100}){100}){100}')", "error 1:5 the pattern is not valid"},
      {"'x'.matches(1)", "error 1:5 no such overload: matches(string, int)"},
      {"'x'.matches()", "error 1:5 no such overload: matches(string)"},
  });
}

TEST(Text, APatternCannotMakeMatchingSlow) {
  const std::string text(200'000, 'a');
  EXPECT_EQ(outcome_of("s.matches('^(a+)+$')", {{"s", text}}), "bool true");
  EXPECT_EQ(outcome_of("s.matches('^(a+)+$')", {{"s", text + "!"}}), "bool false");
  EXPECT_EQ(outcome_of("s.matches('(a?){50}a{50}$')", {{"s", text + "!"}}), "bool false");
}

TEST(Text, FunctionsThatAreNotThereAreNamed) {
  expect_outcomes({
      {"timestamp('2024-01-01T00:00:00Z')", "error 1:1 unknown function: timestamp"},
      {"duration('1s')", "error 1:1 unknown function: duration"},
      {"'a'.upper()", "error 1:5 unknown function: upper"},
      {"1 + f(2)", "error 1:5 unknown function: f"},
      {"'a'.int()", "error 1:5 no such overload: int(string)"},
      {"f(1 / 0)", "error 1:5 division by zero"},
  });
}

}  // namespace
}  // namespace runbook::expression
