// Expressions: the subset of CEL (Common Expression Language, https://github.com/google/cel-spec,
// doc/langdef.md) that conditions and substitutions use (ARCHITECTURE, decision 7). Pure: no clock, no I/O,
// bounded cost.
#pragma once

#include <boost/json.hpp>

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "controller/expression/value.hpp"

namespace runbook::expression {

// Where and why parsing or evaluation ended. Lines and columns count from 1, columns in code points.
struct ExpressionError {
  std::string message;
  std::size_t line = 1;
  std::size_t column = 1;
};

// "line 1, column 5: message"
std::string to_string(const ExpressionError& error);

// Which fields of `root` an expression names: expression `steps.a.json.x + steps["b"].stdout` names a and b
// of "steps".
struct FieldsUsed {
  bool all = false;  // an index is computed, or the variable is used as a whole
  std::set<std::string> names;
};

class Expression {
 public:
  static constexpr std::size_t kMaxBytes = 16 * 1024;
  static constexpr std::size_t kMaxDepth = 100;       // of nesting, in the text
  static constexpr std::size_t kMaxCost = 1'000'000;  // steps of one evaluation; long texts cost more

  static std::expected<Expression, ExpressionError> parse(std::string_view text);

  // `variables` by name. Unknown names, missing fields and wrong types are errors as the specification has
  // them.
  std::expected<Value, ExpressionError> evaluate(const boost::json::object& variables) const;

  FieldsUsed fields_used(std::string_view root) const;

  // The first name that is neither among `variables` nor a type, or call of a function that there is not: an
  // error whenever it is evaluated. For checks before anything runs.
  std::optional<ExpressionError> unknown_name(const std::set<std::string>& variables) const;

  struct Tree;

 private:
  Expression() = default;

  std::shared_ptr<const Tree> tree_;  // immutable, shared by copies
};

}  // namespace runbook::expression
