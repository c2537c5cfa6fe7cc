// Tables of expressions and what they come to, for the tests of controller/expression/.
#pragma once

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "controller/expression/expression.hpp"

namespace runbook::expression {

// "int 7", "string \"a\"", or "error LINE:COLUMN message".
inline std::string outcome_of(std::string_view text, const boost::json::object& variables = {}) {
  const auto spelled = [](const ExpressionError& error) {
    return fmt::format("error {}:{} {}", error.line, error.column, error.message);
  };
  const auto parsed = Expression::parse(text);
  if (!parsed) return spelled(parsed.error());
  const auto value = parsed->evaluate(variables);
  if (!value) return spelled(value.error());
  return fmt::format("{} {}", name_of(value->type()), print(*value));
}

struct Case {
  std::string_view expression;
  std::string_view outcome;  // of an error the beginning is enough
};

inline void expect_outcomes(std::initializer_list<Case> cases, const boost::json::object& variables = {}) {
  for (const auto& [expression, expected] : cases) {
    const auto outcome = outcome_of(expression, variables);
    const bool is_error = expected.starts_with("error");
    EXPECT_EQ(is_error ? outcome.substr(0, expected.size()) : outcome, expected) << expression << "\n"
                                                                                 << outcome;
  }
}

inline boost::json::object variables_from(std::string_view json) {
  return boost::json::parse(json).get_object();
}

}  // namespace runbook::expression
