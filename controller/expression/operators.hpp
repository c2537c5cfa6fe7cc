// The operators of CEL on values: arithmetic, comparison, membership, index (langdef, "Standard
// Definitions"). Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "controller/expression/budget.hpp"
#include "controller/expression/value.hpp"

namespace runbook::expression {

enum class Operation : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kRemainder,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kIn,
};

std::string_view sign_of(Operation operation);

// A value, or in words why there is none.
using Answer = std::expected<Value, std::string>;

Answer operate(Operation operation, const Value& left, const Value& right, Budget& budget);
Answer negate(const Value& value);
Answer logical_not(const Value& value);
// left[key] of a list or map.
Answer at_index(const Value& container, const Value& key);
Answer at_field(const Value& container, const std::string& field);

// Values of different types are unequal; numbers are compared as numbers.
bool equal(const Value& left, const Value& right);

}  // namespace runbook::expression
