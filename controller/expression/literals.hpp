// The values of literal tokens. Pure.
#pragma once

#include <expected>
#include <string>

#include "controller/expression/lexer.hpp"
#include "controller/expression/value.hpp"

namespace runbook::expression {

// Of a number, string or bytes token; `negative`: a minus stands before the int or double. An error, in
// words, when the number is out of range.
std::expected<Value, std::string> literal_value(const Token& token, bool negative);

}  // namespace runbook::expression
