// The words, macros and operators that the parser knows (langdef, "Syntax" and "Macros"). Pure.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "controller/expression/operators.hpp"
#include "controller/expression/tree.hpp"

namespace runbook::expression {

inline constexpr std::array<std::string_view, 18> kReserved = {
    "as", "break", "const", "continue",  "else",    "for",    "function", "if",   "import",
    "in", "let",   "loop",  "namespace", "package", "return", "var",      "void", "while"};

struct MacroShape {
  std::string_view name;
  Macro macro;
  std::size_t most;  // operands in the variable's scope
};
inline constexpr std::array<MacroShape, 6> kMacros = {{{"all", Macro::kAll, 1},
                                                       {"exists", Macro::kExists, 1},
                                                       {"exists_one", Macro::kExistsOne, 1},
                                                       {"existsOne", Macro::kExistsOne, 1},
                                                       {"map", Macro::kMap, 2},
                                                       {"filter", Macro::kFilter, 1}}};

// Operators of two operands, loosest first.
struct Level {
  std::array<std::pair<std::string_view, Operation>, 7> operators;
};
inline constexpr std::array<Level, 3> kLevels = {
    Level{{{{"<", Operation::kLess},
            {"<=", Operation::kLessOrEqual},
            {">", Operation::kGreater},
            {">=", Operation::kGreaterOrEqual},
            {"==", Operation::kEqual},
            {"!=", Operation::kNotEqual},
            {"in", Operation::kIn}}}},
    Level{{{{"+", Operation::kAdd}, {"-", Operation::kSubtract}}}},
    Level{{{{"*", Operation::kMultiply}, {"/", Operation::kDivide}, {"%", Operation::kRemainder}}}}};

}  // namespace runbook::expression
