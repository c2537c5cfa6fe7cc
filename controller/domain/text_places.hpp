// Every text of a block that is an expression or may hold placeholders, in one list: what is checked at save
// and what is looked at for the results a block needs. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/runbook.hpp"

namespace runbook::domain {

enum class TextKind { kExpression, kShell, kUrl, kText };

struct TextPlace {
  std::string pointer;    // below the block
  std::string_view text;  // lives as long as the block
  TextKind kind = TextKind::kText;
};
std::vector<TextPlace> text_places(const Block& block);

}  // namespace runbook::domain
