// The words of an expression (langdef, "Syntax"). Pure.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "controller/expression/cursor.hpp"
#include "controller/expression/expression.hpp"

namespace runbook::expression {

struct Token {
  enum class Kind : std::uint8_t {
    kEnd,
    kName,        // identifiers and words: true, in, … included
    kQuotedName,  // `name` in backticks, after a point
    kInt,         // text: digits, or 0x and digits
    kUint,        // the same, without the u
    kDouble,
    kString,
    kBytes,
    kSign,  // an operator or bracket
  };

  Kind kind = Kind::kEnd;
  std::string_view text;  // of the expression
  std::string content;    // of a string, bytes or quoted name
  Position position;

  bool is(std::string_view sign) const { return kind == Kind::kSign && text == sign; }
  bool is_word(std::string_view word) const { return kind == Kind::kName && text == word; }
};

// All tokens, the last one is kEnd. They look into `text`.
std::expected<std::vector<Token>, ExpressionError> read_tokens(std::string_view text);

}  // namespace runbook::expression
