// The parsed form of an expression. Nodes belong to the tree, so that however long a chain of operators is,
// neither reading nor dropping it goes deep. Immutable once parsed; pure.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "controller/expression/cursor.hpp"
#include "controller/expression/expression.hpp"
#include "controller/expression/functions.hpp"
#include "controller/expression/operators.hpp"
#include "controller/expression/value.hpp"

namespace runbook::expression {

enum class Macro : std::uint8_t { kAll, kExists, kExistsOne, kMap, kFilter };

struct Node {
  enum class Kind : std::uint8_t {
    kLiteral,
    kName,         // name; bound: the variable of a macro round it
    kList,         // operands
    kMap,          // operands: key, value, key, value, …
    kAnd,          // two operands or more
    kOr,           // the same
    kConditional,  // operands: condition, then, else
    kCall,         // name, function, operands
                   // From here on the first operand is always evaluated, and first:
    kSelect,       // operand.name
    kHas,          // has(operand.name)
    kIndex,        // operand[operand]
    kMethod,       // operand.name(operands)
    kNot,
    kNegate,
    kBinary,         // operation, two operands
    kComprehension,  // macro over operand; name: its variable; then one or two operands in its scope
  };

  Kind kind = Kind::kLiteral;
  Position position;
  Value literal;
  std::string name;
  bool bound = false;
  bool absolute = false;  // .name: never the variable of a macro
  Operation operation = Operation::kAdd;
  Macro macro = Macro::kAll;
  const Function* function = nullptr;  // null: there is none of this name
  std::vector<const Node*> operands;
};

struct Expression::Tree {
  std::deque<Node> nodes;
  const Node* root = nullptr;
};

}  // namespace runbook::expression
