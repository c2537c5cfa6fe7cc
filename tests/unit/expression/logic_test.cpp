#include "tests/unit/expression/cases.hpp"

namespace runbook::expression {
namespace {

TEST(Logic, AndAndOrOfBooleans) {
  expect_outcomes({
      {"true && true", "bool true"},
      {"true && false", "bool false"},
      {"false && true", "bool false"},
      {"false || false", "bool false"},
      {"false || true", "bool true"},
      {"true || false", "bool true"},
      {"!true", "bool false"},
      {"!!true", "bool true"},
      {"!!!true", "bool false"},
      {"true && true && false", "bool false"},
      {"false || false || true", "bool true"},
  });
}

TEST(Logic, WhatDecidesWinsOverErrorsOnEitherSide) {
  expect_outcomes({
      {"false && 1 / 0 > 0", "bool false"},
      {"1 / 0 > 0 && false", "bool false"},
      {"true || 1 / 0 > 0", "bool true"},
      {"1 / 0 > 0 || true", "bool true"},
      {"true && 1 / 0 > 0", "error 1:11 division by zero"},
      {"1 / 0 > 0 && true", "error 1:3 division by zero"},
      {"false || 1 / 0 > 0", "error 1:12 division by zero"},
      {"1 / 0 > 0 || false", "error 1:3 division by zero"},
      {"1 / 0 > 0 || 1 % 0 > 0", "error 1:3 division by zero"},
      {"1 / 0 > 0 || 1 % 0 > 0 || true", "bool true"},
      {"(1 / 0 > 0 && true) || true", "bool true"},
      {"!(1 / 0 > 0) && false", "bool false"},
      {"missing || true", "bool true"},
      {"true || missing", "bool true"},
      {"missing && false", "bool false"},
      {"nothing(1) || true", "bool true"},
      {"{}.a || true", "bool true"},
      {"[][0] && false", "bool false"},
  });
}

TEST(Logic, WhatIsNoBoolCountsAsAnError) {
  expect_outcomes({
      {"1 && false", "bool false"},
      {"false && 'a'", "bool false"},
      {"'a' && false", "bool false"},
      {"1 || true", "bool true"},
      {"true || 1", "bool true"},
      {"1 && true", "error 1:1 no such overload: && with int"},
      {"true && 1", "error 1:9 no such overload: && with int"},
      {"'a' || false", "error 1:1 no such overload: || with string"},
      {"null || null", "error 1:1 no such overload: || with null_type"},
      {"!1", "error 1:1 no such overload: !int"},
      {"!'a'", "error 1:1 no such overload: !string"},
      {"!null", "error 1:1 no such overload: !null_type"},
  });
}

TEST(Logic, AConditionalEvaluatesTheChosenBranchAlone) {
  expect_outcomes({
      {"true ? 1 : 2", "int 1"},
      {"false ? 1 : 2", "int 2"},
      {"true ? 1 : 1 / 0", "int 1"},
      {"false ? 1 / 0 : 2", "int 2"},
      {"true ? 1 / 0 : 2", "error 1:10 division by zero"},
      {"1 / 0 > 0 ? 1 : 2", "error 1:3 division by zero"},
      {"1 ? 1 : 2", "error 1:3 no such overload: int ? :"},
      {"null ? 1 : 2", "error 1:6 no such overload: null_type ? :"},
      {"true ? 1 : 'a'", "int 1"},
      {"false ? 1 : true ? 2 : 3", "int 2"},
      {"false ? 1 : false ? 2 : 3", "int 3"},
      {"(true ? false : true) ? 1 : 2", "int 2"},
      {"true ? (false ? 1 : 2) : 3", "int 2"},
      {"false || true ? 1 : 2", "int 1"},
      {"(false ? 'a' : {'b': 3}).b", "int 3"},
  });
}

}  // namespace
}  // namespace runbook::expression
