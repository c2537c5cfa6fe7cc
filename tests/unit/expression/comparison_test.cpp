#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

TEST(Comparison, NumbersAreEqualAcrossTypes) {
  expect_outcomes({
      {"1 == 1", "bool true"},
      {"1 == 1.0", "bool true"},
      {"1.0 == 1", "bool true"},
      {"1u == 1", "bool true"},
      {"1u == 1.0", "bool true"},
      {"1 == 1.5", "bool false"},
      {"1 != 1.0", "bool false"},
      {"-1 == 18446744073709551615u", "bool false"},
      {"0.0 == -0.0", "bool true"},
      {"0 == -0.0", "bool true"},
      {"9223372036854775807u == 9223372036854775807", "bool true"},
      {"9223372036854775808u == 9223372036854775808.0", "bool true"},
      {"1 == 1e400 - 1e400", "error 1:6 1e400 is out of range"},
      {"1 == true", "bool false"},
  });
}

TEST(Comparison, OfDifferentTypesIsUnequalAndNoError) {
  expect_outcomes({
      {"1 == '1'", "bool false"},
      {"'1' != 1", "bool true"},
      {"null == null", "bool true"},
      {"null == 0", "bool false"},
      {"null == false", "bool false"},
      {"null != ''", "bool true"},
      {"'a' == b'a'", "bool false"},
      {"[] == {}", "bool false"},
      {"[1] == 1", "bool false"},
      {"int == 1", "bool false"},
      {"true == 'true'", "bool false"},
      {"int == int", "bool true"},
      {"int == uint", "bool false"},
      {"type(1) == int", "bool true"},
      {"type(1.0) == int", "bool false"},
  });
}

TEST(Comparison, OfNumbersOrdersThemOnOneLine) {
  expect_outcomes({
      {"1 < 2", "bool true"},
      {"2 <= 2", "bool true"},
      {"3 > 3", "bool false"},
      {"3 >= 3", "bool true"},
      {"1 < 2.5", "bool true"},
      {"2.5 > 2", "bool true"},
      {"2u > 1", "bool true"},
      {"-1 < 0u", "bool true"},
      {"0u > -9223372036854775808", "bool true"},
      {"9223372036854775807 < 9223372036854775808u", "bool true"},
      {"18446744073709551615u > 1.5", "bool true"},
      {"18446744073709551615u < 1e30", "bool true"},
      {"-9223372036854775808 > -1e30", "bool true"},
      {"0u >= -0.5", "bool true"},
      {"1.0 <= 1u", "bool true"},
      {"9223372036854775807 < 1.0 / 0.0", "bool true"},
      {"-9223372036854775808 > -1.0 / 0.0", "bool true"},
      {"-0.0 < 0.0", "bool false"},
  });
}

TEST(Comparison, OfNotANumberIsAlwaysFalse) {
  expect_outcomes(
      {
          {"nan == nan", "bool false"},
          {"nan != nan", "bool true"},
          {"nan < 1", "bool false"},
          {"nan > 1", "bool false"},
          {"nan <= 1u", "bool false"},
          {"1.0 >= nan", "bool false"},
          {"nan <= nan", "bool false"},
          {"[nan] == [nan]", "bool false"},
          {"nan in [nan]", "bool false"},
          {"{'a': nan} == {'a': nan}", "bool false"},
          {"nan == 'x'", "bool false"},
      },
      {{"nan", std::numeric_limits<double>::quiet_NaN()}});
}

TEST(Comparison, OrdersTextsByCodePointAndBytesByByte) {
  expect_outcomes({
      {"'a' < 'b'", "bool true"},
      {"'a' < 'B'", "bool false"},
      {"'a' < 'aa'", "bool true"},
      {"'' < 'a'", "bool true"},
      {"'a' >= 'a'", "bool true"},
      {R"('\uffff' < '\U0001F600')", "bool true"},  // not so in UTF-16
      {R"('z' < '\u00e9')", "bool true"},
      {R"(b'\x7f' < b'\x80')", "bool true"},
      {"b'a' <= b'a'", "bool true"},
      {"false < true", "bool true"},
      {"true > true", "bool false"},
      {"true >= true", "bool true"},
  });
}

TEST(Comparison, WithoutAnOrderIsAnError) {
  expect_outcomes({
      {"1 < '1'", "error 1:3 no such overload: int < string"},
      {"true < 1", "error 1:6 no such overload: bool < int"},
      {"'a' > b'a'", "error 1:5 no such overload: string > bytes"},
      {"null < null", "error 1:6 no such overload: null_type < null_type"},
      {"[1] < [2]", "error 1:5 no such overload: list < list"},
      {"{} >= {}", "error 1:4 no such overload: map >= map"},
      {"int < uint", "error 1:5 no such overload: type < type"},
      {"1 < 2 < 3", "error 1:7 no such overload: bool < int"},
      {"1 < 2 == true", "bool true"},
  });
}

TEST(Comparison, OfListsAndMapsIsThatOfTheirParts) {
  expect_outcomes({
      {"[1, 2] == [1, 2]", "bool true"},
      {"[1, 2] == [2, 1]", "bool false"},
      {"[1] == [1, 2]", "bool false"},
      {"[1] == [1.0]", "bool true"},
      {"[1] == ['1']", "bool false"},
      {"[[1u]] == [[1.0]]", "bool true"},
      {"[] != [null]", "bool true"},
      {"{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "bool true"},
      {"{'a': 1} == {'a': 1.0}", "bool true"},
      {"{1: 'a'} == {1u: 'a'}", "bool true"},
      {"{'a': 1} == {'a': 2}", "bool false"},
      {"{'a': 1} == {'b': 1}", "bool false"},
      {"{'a': 1} == {'a': 1, 'b': 1}", "bool false"},
      {"{true: 1} == {1: 1}", "bool false"},
      {"{} == {}", "bool true"},
  });
}

}  // namespace
}  // namespace runbook::expression
