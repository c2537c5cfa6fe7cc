#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

TEST(Conversion, ToIntTruncatesAndKnowsItsRange) {
  expect_outcomes({
      {"int(5)", "int 5"},
      {"int(5u)", "int 5"},
      {"int(1.9)", "int 1"},
      {"int(-1.9)", "int -1"},
      {"int(-0.5)", "int 0"},
      {"int(1e18)", "int 1000000000000000000"},
      {"int('12')", "int 12"},
      {"int('-12')", "int -12"},
      {"int('+12')", "int 12"},
      {"int('-9223372036854775808')", "int -9223372036854775808"},
      {"int(18446744073709551615u)", "error 1:1 int(18446744073709551615) is out of range"},
      {"int(9223372036854775807.0)", "error 1:1 int(9.223372036854776e+18) is out of range"},
      {"int(-9223372036854775808.0)", "error 1:1 int(-9.223372036854776e+18) is out of range"},
      {"int(1e99)", "error 1:1 int(1e+99) is out of range"},
      {"int(0.0 / 0.0)", "error 1:1 int(NaN) is out of range"},
      {"int(1.0 / 0.0)", "error 1:1 int(Infinity) is out of range"},
      {"int('9223372036854775808')", R"(error 1:1 "9223372036854775808" is no int)"},
      {"int('x')", R"(error 1:1 "x" is no int)"},
      {"int('')", R"(error 1:1 "" is no int)"},
      {"int(' 1')", R"(error 1:1 " 1" is no int)"},
      {"int('1.0')", R"(error 1:1 "1.0" is no int)"},
      {"int('0x1')", R"(error 1:1 "0x1" is no int)"},
      {"int('+-1')", R"(error 1:1 "+-1" is no int)"},
      {"int(true)", "error 1:1 no such overload: int(bool)"},
      {"int(null)", "error 1:1 no such overload: int(null_type)"},
      {"int(b'1')", "error 1:1 no such overload: int(bytes)"},
      {"int()", "error 1:1 no such overload: int()"},
  });
}

TEST(Conversion, ToUintKnowsNoNegatives) {
  expect_outcomes({
      {"uint(5)", "uint 5"},
      {"uint(5u)", "uint 5"},
      {"uint(1.9)", "uint 1"},
      {"uint('18446744073709551615')", "uint 18446744073709551615"},
      {"uint(1e19)", "uint 10000000000000000000"},
      {"uint(-1)", "error 1:1 uint(-1) is out of range"},
      {"uint(-0.5)", "error 1:1 uint(-0.5) is out of range"},
      {"uint(18446744073709551615.0)", "error 1:1 uint(1.8446744073709552e+19) is out of range"},
      {"uint('18446744073709551616')", R"(error 1:1 "18446744073709551616" is no uint)"},
      {"uint('-1')", R"(error 1:1 "-1" is no uint)"},
      {"uint('1u')", R"(error 1:1 "1u" is no uint)"},
      {"uint(false)", "error 1:1 no such overload: uint(bool)"},
  });
}

TEST(Conversion, ToDoubleReadsDecimalsAndTheThreeWords) {
  expect_outcomes({
      {"double(2)", "double 2.0"},
      {"double(2u)", "double 2.0"},
      {"double(2.5)", "double 2.5"},
      {"double('1.5e3')", "double 1500.0"},
      {"double('-0.0')", "double -0.0"},
      {"double('.5')", "double 0.5"},
      {"double('7')", "double 7.0"},
      {"double('NaN')", "double NaN"},
      {"double('Infinity')", "double Infinity"},
      {"double('-Infinity')", "double -Infinity"},
      {"double('inf')", "double Infinity"},
      {"double(9223372036854775807)", "double 9.223372036854776e+18"},
      {"double('1e-999')", "double 0.0"},
      {"double('1e999')", R"(error 1:1 "1e999" is no double)"},
      {"double('')", R"(error 1:1 "" is no double)"},
      {"double('1.5 ')", R"(error 1:1 "1.5 " is no double)"},
      {"double('0x1p3')", R"(error 1:1 "0x1p3" is no double)"},
      {"double('1e')", R"(error 1:1 "1e" is no double)"},
      {"double('.')", R"(error 1:1 "." is no double)"},
      {"double('1_000')", R"(error 1:1 "1_000" is no double)"},
      {"double(true)", "error 1:1 no such overload: double(bool)"},
  });
}

TEST(Conversion, ToStringIsTheShortestTextThatReadsBack) {
  expect_outcomes({
      {"string('a')", R"(string "a")"},
      {"string(true)", R"(string "true")"},
      {"string(-5)", R"(string "-5")"},
      {"string(5u)", R"(string "5")"},
      {"string(1.0)", R"(string "1")"},
      {"string(123.456)", R"(string "123.456")"},
      {"string(-4.5e-3)", R"(string "-0.0045")"},
      {"string(0.1 + 0.2)", R"(string "0.30000000000000004")"},
      {"string(3000000.0)", R"(string "3000000")"},
      {"string(1e300)", R"(string "1e+300")"},
      {"string(-0.0)", R"(string "-0")"},
      {"string(0.0 / 0.0)", R"(string "NaN")"},
      {"string(-1.0 / 0.0)", R"(string "-Infinity")"},
      {"string(b'abc')", R"(string "abc")"},
      {R"(string(b'\303\277'))", R"(string "ÿ")"},
      {R"(string(b'\xff'))", "error 1:1 the bytes are not valid UTF-8"},
      {"string(null)", "error 1:1 no such overload: string(null_type)"},
      {"string([1])", "error 1:1 no such overload: string(list)"},
      {"string({})", "error 1:1 no such overload: string(map)"},
  });
}

TEST(Conversion, ToBoolBytesDynAndType) {
  expect_outcomes({
      {"bool(true)", "bool true"},
      {"bool('true') && bool('True') && bool('TRUE') && bool('t') && bool('T') && bool('1')", "bool true"},
      {"bool('false') || bool('False') || bool('FALSE') || bool('f') || bool('F') || bool('0')",
       "bool false"},
      {"bool('TrUe')", R"(error 1:1 "TrUe" is no bool)"},
      {"bool('yes')", R"(error 1:1 "yes" is no bool)"},
      {"bool(1)", "error 1:1 no such overload: bool(int)"},
      {"bytes('é') == b'\\303\\251'", "bool true"},
      {"bytes(b'a') == b'a'", "bool true"},
      {"bytes(1)", "error 1:1 no such overload: bytes(int)"},
      {"b'abc'", R"(bytes "YWJj")"},
      {"b'a'", R"(bytes "YQ==")"},
      {"b'ab'", R"(bytes "YWI=")"},
      {"dyn(1) == 1", "bool true"},
      {"type(null)", R"(type "null_type")"},
      {"type(b'')", R"(type "bytes")"},
      {"type([]) == list && type({}) == map", "bool true"},
      {"type(type(1)) == type", "bool true"},
      {"type(type(1)) == type(string)", "bool true"},
  });
}

}  // namespace
}  // namespace runbook::expression
