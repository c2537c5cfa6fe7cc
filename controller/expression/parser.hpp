// From the tokens of an expression to its tree (langdef, "Syntax"). Pure.
#pragma once

#include <expected>
#include <memory>
#include <string_view>

#include "controller/expression/expression.hpp"
#include "controller/expression/tree.hpp"

namespace runbook::expression {

// `text` is valid UTF-8 of at most Expression::kMaxBytes.
std::expected<void, ExpressionError> parse_into(Expression::Tree& tree, std::string_view text);

}  // namespace runbook::expression
