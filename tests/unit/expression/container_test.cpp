#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

TEST(Map, AMissingKeyIsAnErrorAndHasAsksForIt) {
  expect_outcomes(
      {
          {"m.a", "int 1"},
          {"m['a']", "int 1"},
          {"m.b", "error 1:3 no such key: b"},
          {"m['b']", R"(error 1:2 no such key: "b")"},
          {"m.n", "null_type null"},
          {"m.o.p", "bool true"},
          {"m.o.q", "error 1:5 no such key: q"},
          {"m.x.y", "error 1:3 no such key: x"},
          {"has(m.a)", "bool true"},
          {"has(m.b)", "bool false"},
          {"has(m.n)", "bool true"},
          {"has(m.o.p)", "bool true"},
          {"has(m.o.q)", "bool false"},
          {"has(m.x.y)", "error 1:7 no such key: x"},
          {"has(nothing.a)", "error 1:5 unknown name: nothing"},
          {"has(m.b) && m.b == 1", "bool false"},
          {"has(m.b) ? m.b : 'none'", R"(string "none")"},
          {"has({'a': 1}.a)", "bool true"},
          {"has({'a': 1}.b)", "bool false"},
          {"has({1: 1}.a)", "bool false"},
          {"has(m.a.b)", "error 1:9 a value of type int has no field b"},
          {"has(m.l.b)", "error 1:9 a value of type list has no field b"},
          {"m.a.b", "error 1:5 a value of type int has no field b"},
          {"'text'.length", "error 1:8 a value of type string has no field length"},
          {"null.a", "error 1:6 a value of type null_type has no field a"},
      },
      variables_from(R"({"m": {"a": 1, "n": null, "o": {"p": true}, "l": [1]}})"));
}

TEST(Map, HasTakesAFieldAlone) {
  expect_outcomes(
      {
          {"has(m)", "error 1:5 has() takes a field"},
          {"has(m['a'])", "error 1:5 has() takes a field"},
          {"has(1)", "error 1:5 has() takes a field"},
          {"has(m.a())", "error 1:5 has() takes a field"},
          {"has()", "error 1:5 ) is not expected here"},
          {"has(m.a, m.b)", "error 1:8 ) is expected here, not ,"},
          {"m.has(a)", "error 1:7 unknown name: a"},
      },
      variables_from(R"({"m": {"a": 1}})"));
}

TEST(Map, NumbersAreOneKeyWhateverTheirType) {
  expect_outcomes({
      {"{1: 'a'}[1]", R"(string "a")"},
      {"{1: 'a'}[1u]", R"(string "a")"},
      {"{1: 'a'}[1.0]", R"(string "a")"},
      {"{1u: 'a'}[1]", R"(string "a")"},
      {"{1: 'a'}[1.5]", "error 1:9 no such key: 1.5"},
      {"{18446744073709551615u: 'a'}[-1]", "error 1:29 no such key: -1"},
      {"{18446744073709551615u: 'a'}[18446744073709551615u]", R"(string "a")"},
      {"{1: 'a'}['1']", R"(error 1:9 no such key: "1")"},
      {"{1: 'a'}[true]", "error 1:9 no such key: true"},
      {"{true: 'a'}[true]", R"(string "a")"},
      {"{'': 'a'}['']", R"(string "a")"},
      {"{1: 'a'}[null]", "error 1:9 no such key: null"},
      {"{1: 'a'}[[1]]", "error 1:9 no such key: [1]"},
      {"{0: 1, 1: 2}[0.0 / 0.0]", "error 1:13 no such key: NaN"},
  });
}

TEST(Map, KeysAreOfFourTypesAndThereOnce) {
  expect_outcomes({
      {"{'a': 1, 2: 'b', 3u: true, false: null}", R"(map {"a":1,"2":"b","3":true,"false":null})"},
      {"{'a': 1, 'a': 2}", R"(error 1:10 the key "a" is there twice)"},
      {"{1: 1, 1u: 2}", "error 1:8 the key 1 is there twice"},
      {"{true: 1, 1: 2}", R"(map {"true":1,"1":2})"},
      {"{1.0: 1}", "error 1:2 a value of type double cannot be a key"},
      {"{null: 1}", "error 1:2 a value of type null_type cannot be a key"},
      {"{b'a': 1}", "error 1:2 a value of type bytes cannot be a key"},
      {"{[1]: 1}", "error 1:2 a value of type list cannot be a key"},
      {"{'a' + 'b': 1 + 1}", R"(map {"ab":2})"},
      {"{'a': 1 / 0}", "error 1:9 division by zero"},
      {"{1 / 0: 1}", "error 1:4 division by zero"},
      {"{'a': 1,}", R"(map {"a":1})"},
      {"{'a': {'b': {'c': 4}}}.a.b.c", "int 4"},
  });
}

TEST(List, IsReadByPosition) {
  expect_outcomes(
      {
          {"[1, 2, 3][0]", "int 1"},
          {"[1, 2, 3][2]", "int 3"},
          {"[1, 2, 3][1u]", "int 2"},
          {"[1, 2, 3][1.0]", "int 2"},
          {"[1, 2, 3][3]", "error 1:10 index 3 is out of range: the list has 3"},
          {"[1, 2, 3][-1]", "error 1:10 index -1 is out of range"},
          {"[1, 2, 3][0.5]", "error 1:10 index 0.5 is out of range"},
          {"[][0]", "error 1:3 index 0 is out of range"},
          {"[1]['0']", "error 1:4 no such overload: list[string]"},
          {"[1][true]", "error 1:4 no such overload: list[bool]"},
          {"'abc'[0]", "error 1:6 no such overload: string[int]"},
          {"1[0]", "error 1:2 no such overload: int[int]"},
          {"[[1, 2], [3]][0][1]", "int 2"},
          {"l[1].a", "int 5"},
          {"l[4]", "error 1:2 index 4 is out of range: the list has 2"},
          {"l['a']", "error 1:2 no such overload: list[string]"},
          {"[1, 2,]", "list [1,2]"},
          {"[1 / 0]", "error 1:4 division by zero"},
      },
      variables_from(R"({"l": [0, {"a": 5}]})"));
}

TEST(In, LooksThroughListsAndKeys) {
  expect_outcomes({
      {"2 in [1, 2]", "bool true"},
      {"2.0 in [1, 2]", "bool true"},
      {"3 in [1, 2]", "bool false"},
      {"'a' in [1, 'a']", "bool true"},
      {"'1' in [1]", "bool false"},
      {"[1] in [[1]]", "bool true"},
      {"null in [null]", "bool true"},
      {"1 in []", "bool false"},
      {"'a' in {'a': 1}", "bool true"},
      {"1 in {'a': 1}", "bool false"},
      {"1.0 in {1: 'a'}", "bool true"},
      {"1u in {1: 'a'}", "bool true"},
      {"null in {'a': 1}", "bool false"},
      {"'a' in 'abc'", "error 1:5 no such overload: string in string"},
      {"1 in 1", "error 1:3 no such overload: int in int"},
      {"!('a' in ['b'])", "bool true"},
      {"1 in [1] == true", "bool true"},
  });
}

TEST(Variables, NumbersOfJsonBecomeIntUintOrDouble) {
  expect_outcomes(
      {
          {"type(i)", R"(type "int")"},
          {"type(u)", R"(type "uint")"},
          {"type(d)", R"(type "double")"},
          {"type(z)", R"(type "double")"},
          {"i + 1", "int 6"},
          {"d * 2.0", "double 3.0"},
          {"i == 5.0", "bool true"},
          {"o.l[1] + 'c'", R"(string "bc")"},
          {"o", R"(map {"l":["a","b"]})"},
          {"size(o.l) == o.l.size()", "bool true"},
      },
      variables_from(R"({"i": 5, "u": 9223372036854775808, "d": 1.5, "z": 1.0, "o": {"l": ["a", "b"]}})"));
}

TEST(Variables, MayHideTypesAndHavePointsInTheirNames) {
  expect_outcomes(
      {
          {"int", "int 7"},
          {"uint", R"(type "uint")"},
          {"a.b", "int 1"},
          {"a.b.c", "int 2"},
          {"a.d", "int 3"},
          {".a.b", "int 1"},
          {"[5].map(a, a)", "list [5]"},
          {"[{'b': 6}].map(a, a.b)", "list [6]"},
          {"[{'b': 6}].map(a, .a.b)", "list [1]"},
          {"unknown", "error 1:1 unknown name: unknown"},
          {"true", "bool true"},
      },
      variables_from(R"({"int": 7, "a.b": 1, "a.b.c": 2, "a": {"d": 3, "b": 4}, "true": false})"));
}

}  // namespace
}  // namespace runbook::expression
