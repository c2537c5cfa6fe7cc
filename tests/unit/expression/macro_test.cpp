#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

TEST(Macro, AllAndExistsAreAndAndOrOverTheItems) {
  expect_outcomes({
      {"[1, 2].all(x, x > 0)", "bool true"},
      {"[1, 2].all(x, x > 1)", "bool false"},
      {"[].all(x, false)", "bool true"},
      {"[1, 2].exists(x, x > 1)", "bool true"},
      {"[1, 2].exists(x, x > 2)", "bool false"},
      {"[].exists(x, true)", "bool false"},
      {"[0, 1].exists(x, 1 / x == 1)", "bool true"},
      {"[1, 0].exists(x, 1 / x == 1)", "bool true"},
      {"[0, 2].exists(x, 1 / x == 1)", "error 1:20 division by zero"},
      {"[0, 2].all(x, 1 / x == 1)", "bool false"},
      {"[2, 0].all(x, 1 / x == 1)", "bool false"},
      {"[0, 1].all(x, 1 / x == 1)", "error 1:17 division by zero"},
      {"[1, 'a'].all(x, x < 5)", "error 1:19 no such overload: string < int"},
      {"[9, 'a'].all(x, x < 5)", "bool false"},
      {"[1].all(x, 1)", "error 1:12 a bool is needed here, not a value of type int"},
      {"[1].exists(x, 'a')", "error 1:15 a bool is needed here, not a value of type string"},
      {"{'a': 1, 'b': 2}.all(k, k < 'c')", "bool true"},
      {"{'a': 1, 'b': 2}.exists(k, k == 'b')", "bool true"},
  });
}

TEST(Macro, ExistsOneCountsAndForgivesNoError) {
  expect_outcomes({
      {"[1, 2, 3].exists_one(x, x == 2)", "bool true"},
      {"[1, 2, 2].exists_one(x, x == 2)", "bool false"},
      {"[].exists_one(x, true)", "bool false"},
      {"[1, 2, 3].existsOne(x, x == 2)", "bool true"},
      {"[2, 2, 0].exists_one(x, 4 / x == 2)", "error 1:27 division by zero"},
      {"[1].exists_one(x, 1)", "error 1:19 a bool is needed here"},
      {"{6: 'a', 7: 'b'}.exists_one(k, k % 5 == 2)", "bool true"},
  });
}

TEST(Macro, MapAndFilterMakeLists) {
  expect_outcomes({
      {"[1, 2, 3].map(x, x * x)", "list [1,4,9]"},
      {"[].map(x, x)", "list []"},
      {"[1, 2, 3].map(x, x > 1, x * 10)", "list [20,30]"},
      {"[1, 0].map(x, 1 / x)", "error 1:17 division by zero"},
      {"[1, 0].map(x, x > 0, 1 / x)", "list [1]"},
      {"[1].map(x, 'a', x)", "error 1:12 a bool is needed here"},
      {"[1, 2, 3].filter(x, x % 2 == 1)", "list [1,3]"},
      {"[1, 2].filter(x, x > 5)", "list []"},
      {"[1, 0].filter(x, 1 / x > 0)", "error 1:20 division by zero"},
      {"[1].filter(x, x)", "error 1:15 a bool is needed here"},
      {"{'b': 1, 'a': 2}.map(k, k)", R"(list ["b","a"])"},
      {"{'b': 1, 'a': 2}.filter(k, k > 'a')", R"(list ["b"])"},
      {"[[1, 2], [3]].map(l, l.map(x, x + 1))", "list [[2,3],[4]]"},
      {"[1, 2].map(x, [3].map(x, x))", "list [[3],[3]]"},
      {"[1, 2].map(x, [3].map(y, x + y))", "list [[4],[5]]"},
      {"[1].map(x, x).size() == 1 && [5].filter(y, y == 5)[0] == 5", "bool true"},
  });
}

TEST(Macro, TheVariableIsSeenInsideAlone) {
  expect_outcomes(
      {
          {"[1].map(x, x) == [x]", "bool false"},
          {"[1].map(x, x + .x)", "list [8]"},
          {"[x].map(x, x + 1)", "list [8]"},
          {"[1].all(y, y == 1) && y == 1", "error 1:23 unknown name: y"},
          {"[1].map(int, int + 1)", "list [2]"},
      },
      {{"x", 7}});
}

TEST(Macro, NeedsARangeAndAVariable) {
  expect_outcomes({
      {"1.all(x, true)", "error 1:3 no such overload: a macro over a value of type int"},
      {"'abc'.map(x, x)", "error 1:7 no such overload: a macro over a value of type string"},
      {"null.exists(x, true)", "error 1:6 no such overload"},
      {"[1].all(1, true)", "error 1:9 all() takes the name of a variable first"},
      {"[1].all(x.y, true)", "error 1:9 all() takes the name of a variable first"},
      {"[1].all(x)", "error 1:9 all() takes the name of a variable first"},
      {"[1].all()", "error 1:9 all() takes the name of a variable first"},
      {"[1].all(x, true, true)", "error 1:18 all() has too many arguments"},
      {"[1].map(x, true, x, x)", "error 1:21 map() has too many arguments"},
      {"[1].filter(true, true)", "error 1:12 filter() takes the name of a variable first"},
      {"[1].map(for, 1)", "error 1:9 map() takes the name of a variable first"},
      {"all([1], x, true)", "error 1:10 unknown name: x"},
      {"(1 / 0).all(x, true)", "error 1:4 division by zero"},
  });
}

}  // namespace
}  // namespace runbook::expression
