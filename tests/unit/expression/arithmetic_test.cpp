#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

TEST(Arithmetic, OfIntsIsExactAndTruncates) {
  expect_outcomes({
      {"1 + 2", "int 3"},
      {"7 - 10", "int -3"},
      {"6 * -7", "int -42"},
      {"7 / 2", "int 3"},
      {"-7 / 2", "int -3"},
      {"7 / -2", "int -3"},
      {"7 % 3", "int 1"},
      {"-7 % 3", "int -1"},
      {"7 % -3", "int 1"},
      {"-(3)", "int -3"},
      {"--3", "int 3"},
      {"0 - 0", "int 0"},
      {"9223372036854775806 + 1", "int 9223372036854775807"},
      {"-9223372036854775807 - 1", "int -9223372036854775808"},
      {"-4611686018427387904 * 2", "int -9223372036854775808"},
      {"-9223372036854775808 / 1", "int -9223372036854775808"},
  });
}

TEST(Arithmetic, OfIntsThatOverflowsIsAnError) {
  expect_outcomes(
      {
          {"9223372036854775807 + 1", "error 1:21 int overflow"},
          {"-9223372036854775808 + -1", "error 1:22 int overflow"},
          {"-9223372036854775808 - 1", "error 1:22 int overflow"},
          {"9223372036854775807 - -1", "error 1:21 int overflow"},
          {"9223372036854775807 * 2", "error 1:21 int overflow"},
          {"-9223372036854775808 * -1", "error 1:22 int overflow"},
          {"3037000500 * 3037000500", "error 1:12 int overflow"},
          {"-9223372036854775808 / -1", "error 1:22 int overflow"},
          {"-9223372036854775808 % -1", "error 1:22 int overflow"},
          {"-(-9223372036854775808)", "error 1:1 int overflow"},
          {"-x", "error 1:1 int overflow"},
      },
      variables_from(R"({"x": -9223372036854775808})"));
}

TEST(Arithmetic, OfUintsNeverGoesBelowZeroOrAround) {
  expect_outcomes({
      {"1u + 2u", "uint 3"},
      {"5u - 5u", "uint 0"},
      {"6u * 7u", "uint 42"},
      {"7u / 2u", "uint 3"},
      {"7u % 4u", "uint 3"},
      {"18446744073709551614u + 1u", "uint 18446744073709551615"},
      {"18446744073709551615u + 1u", "error 1:23 uint overflow"},
      {"0u - 1u", "error 1:4 uint overflow"},
      {"9223372036854775808u * 2u", "error 1:22 uint overflow"},
      {"-1u", "error 1:1 no such overload: -uint"},
      {"-(5u)", "error 1:1 no such overload: -uint"},
      {"1u / 0u", "error 1:4 division by zero"},
      {"1u % 0u", "error 1:4 remainder by zero"},
  });
}

TEST(Arithmetic, ByZeroIsAnErrorForIntegersAlone) {
  expect_outcomes({
      {"1 / 0", "error 1:3 division by zero"},
      {"0 / 0", "error 1:3 division by zero"},
      {"1 % 0", "error 1:3 remainder by zero"},
      {"1.0 / 0.0", "double Infinity"},
      {"-1.0 / 0.0", "double -Infinity"},
      {"1.0 / -0.0", "double -Infinity"},
      {"0.0 / 0.0", "double NaN"},
  });
}

TEST(Arithmetic, OfDoublesIsThatOfIeee754) {
  expect_outcomes({
      {"1.5 + 2.25", "double 3.75"},
      {"0.1 + 0.2", "double 0.30000000000000004"},
      {"1.0 - 3.0", "double -2.0"},
      {"2.5 * 4.0", "double 10.0"},
      {"7.0 / 2.0", "double 3.5"},
      {"-(2.5)", "double -2.5"},
      {"-0.0", "double -0.0"},
      {"1e308 * 10.0", "double Infinity"},
      {"-1e308 * 10.0", "double -Infinity"},
      {"1e-320 / 1e10", "double 0.0"},
      {"9007199254740992.0 + 1.0", "double 9007199254740992.0"},
      {"7.0 % 2.0", "error 1:5 no such overload: double % double"},
  });
}

TEST(Arithmetic, ConvertsNothingByItself) {
  expect_outcomes({
      {"1 + 1.0", "error 1:3 no such overload: int + double"},
      {"1.0 + 1", "error 1:5 no such overload: double + int"},
      {"1 + 1u", "error 1:3 no such overload: int + uint"},
      {"1u - 1", "error 1:4 no such overload: uint - int"},
      {"2 * 1.5", "error 1:3 no such overload: int * double"},
      {"1 / 1u", "error 1:3 no such overload: int / uint"},
      {"5u % 2", "error 1:4 no such overload: uint % int"},
      {"'a' + 1", "error 1:5 no such overload: string + int"},
      {"1 + 'a'", "error 1:3 no such overload: int + string"},
      {"'a' + b'a'", "error 1:5 no such overload: string + bytes"},
      {"'a' - 'a'", "error 1:5 no such overload: string - string"},
      {"'a' * 2", "error 1:5 no such overload: string * int"},
      {"true + true", "error 1:6 no such overload: bool + bool"},
      {"null + null", "error 1:6 no such overload: null_type + null_type"},
      {"[1] + 1", "error 1:5 no such overload: list + int"},
      {"[1] - [1]", "error 1:5 no such overload: list - list"},
      {"{} + {}", "error 1:4 no such overload: map + map"},
      {"-'a'", "error 1:1 no such overload: -string"},
      {"-true", "error 1:1 no such overload: -bool"},
      {"-null", "error 1:1 no such overload: -null_type"},
      {"double(1) + 1.0", "double 2.0"},
      {"uint(1) + 1u", "uint 2"},
  });
}

TEST(Arithmetic, PlusJoinsTextsBytesAndLists) {
  expect_outcomes({
      {"'a' + 'b'", R"(string "ab")"},
      {"'' + ''", R"(string "")"},
      {"'¢' + 'ÿ' + '🐱'", R"(string "¢ÿ🐱")"},
      {"b'a' + b'b' == b'ab'", "bool true"},
      {R"(b'\xff' + b'\x00' == b'\xff\x00')", "bool true"},
      {"[1] + ['a'] + []", R"(list [1,"a"])"},
      {"[] + []", "list []"},
      {"[[1]] + [2]", "list [[1],2]"},
  });
}

}  // namespace
}  // namespace runbook::expression
