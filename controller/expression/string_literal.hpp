// The texts of string and bytes literals: quotes, raw and triple-quoted forms, escapes (langdef, "String and
// Bytes Values"). Pure.
#pragma once

#include <expected>
#include <string>

#include "controller/expression/cursor.hpp"
#include "controller/expression/expression.hpp"

namespace runbook::expression {

struct StringLiteral {
  std::string content;
  bool is_bytes = false;
};

// True when a literal begins at the cursor: a quote, or a prefix of r and b and a quote.
bool begins_string(const Cursor& cursor);

// Reads the literal that begins at the cursor, to its end.
std::expected<StringLiteral, ExpressionError> read_string(Cursor& cursor);

}  // namespace runbook::expression
