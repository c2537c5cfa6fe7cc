#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

TEST(Literal, Numbers) {
  expect_outcomes({
      {"0", "int 0"},
      {"007", "int 7"},
      {"-1", "int -1"},
      {"- 1", "int -1"},
      {"0x1F", "int 31"},
      {"-0xff", "int -255"},
      {"0xABCDEFu", "uint 11259375"},
      {"5u", "uint 5"},
      {"5U", "uint 5"},
      {"9223372036854775807", "int 9223372036854775807"},
      {"-9223372036854775808", "int -9223372036854775808"},
      {"-0x8000000000000000", "int -9223372036854775808"},
      {"0xFFFFFFFFFFFFFFFFu", "uint 18446744073709551615"},
      {"1.5", "double 1.5"},
      {".5", "double 0.5"},
      {"1e3", "double 1000.0"},
      {"1E+3", "double 1000.0"},
      {"-2.5e-1", "double -0.25"},
      {"1e-999", "double 0.0"},
      {"9223372036854775808", "error 1:1 9223372036854775808 is out of range"},
      {"-9223372036854775809", "error 1:2 9223372036854775809 is out of range"},
      {"0x8000000000000000", "error 1:1 0x8000000000000000 is out of range"},
      {"18446744073709551616u", "error 1:1 18446744073709551616u is out of range"},
      {"1e999", "error 1:1 1e999 is out of range"},
      {"1.", "error 1:3 the expression ends too early"},
      {"1x", "error 1:2 x is not expected here"},
      {"0x", "error 1:2 x is not expected here"},
      {"1e", "error 1:2 e is not expected here"},
      {"1 2", "error 1:3 2 is not expected here"},
  });
}

TEST(Literal, Strings) {
  expect_outcomes({
      {R"('')", R"(string "")"},
      {R"("it's")", R"(string "it's")"},
      {R"('say "x"')", R"(string "say \"x\"")"},
      {R"("""a"b""c""")", R"(string "a\"b\"\"c")"},
      {"'''a\nb'''", R"(string "a\nb")"},
      {"'''x''x'''", R"(string "x''x")"},
      {R"("""""")", R"(string "")"},
      {R"(r'\n')", R"(string "\\n")"},
      {R"(R"\\")", R"(string "\\\\")"},
      {R"(r"""a\""")", R"(string "a\\")"},
      {R"(b'a' == B"a")", "bool true"},
      {R"(br'\n' == b'\\n')", "bool true"},
      {R"(bR"""x""" == b'x')", "bool true"},
      {"'é' == '\\u00e9'", "bool true"},
      {"'a' 'b'", "error 1:5 'b' is not expected here"},
      {"'a\nb'", "error 1:3 a string ends before the end of the line"},
      {"'a", "error 1:1 the string that begins here has no end"},
      {"\"a'", "error 1:1 the string that begins here has no end"},
      {"1 + '''a''", "error 1:5 the string that begins here has no end"},
      {R"('\)", "error 1:2 this escape is not known"},
      {R"('\')", "error 1:1 the string that begins here has no end"},
      {"rb'a'", "error 1:3 'a' is not expected here"},
  });
}

TEST(Literal, Escapes) {
  expect_outcomes({
      {R"('\a\b\f\n\r\t\v' == '\x07\x08\x0c\x0a\x0d\x09\x0b')", "bool true"},
      {R"('\\\?\"\'\`')", R"(string "\\?\"'`")"},
      {R"('\x41\X42')", R"(string "AB")"},
      {R"('\101\060')", R"(string "A0")"},
      {R"('\xff')", R"(string "ÿ")"},
      {R"('\377' == '\u00ff')", "bool true"},
      {R"(b'\xff' == b'\377')", "bool true"},
      {R"(b'\xff' == bytes('\xff'))", "bool false"},
      {R"('\303\277')", R"(string "Ã¿")"},
      {R"(b'\303\277' == b'ÿ')", "bool true"},
      {R"('\u270c')", R"(string "✌")"},
      {R"('\U0001f431')", R"(string "🐱")"},
      {R"('\ud83d\udc31' == '\U0001f431')", "bool true"},
      {R"('a\000b'.size())", "int 3"},
      {R"('\ud800')", "error 1:2 this is no code point"},
      {R"('ab\udc00')", "error 1:4 this is no code point"},
      {R"('\ud83dx')", "error 1:2 this is no code point"},
      {R"('\ud83d\u0041')", "error 1:2 this is no code point"},
      {R"('\U00110000')", "error 1:2 this is no code point"},
      {R"('\U0000d800')", "error 1:2 this is no code point"},
      {R"('\q')", "error 1:2 this escape is not known"},
      {R"('\8')", "error 1:2 this escape is not known"},
      {R"('\400')", "error 1:2 this escape is not known"},
      {R"('\08')", "error 1:2 digits are missing in this escape"},
      {R"('\x4')", "error 1:2 digits are missing in this escape"},
      {R"('\u12')", "error 1:2 4 hexadecimal digits are needed here"},
      {R"('\U1234567')", "error 1:2 8 hexadecimal digits are needed here"},
      {R"(b'\u0041')", "error 1:3 \\u is not for bytes"},
      {R"(b'\U00000041')", "error 1:3 \\U is not for bytes"},
  });
}

}  // namespace
}  // namespace runbook::expression
