// Evaluator: one evaluation of a parsed expression (langdef, "Evaluation"). Lives as long as the call; the
// tree and the variables outlive it. Pure.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/json.hpp>

#include <expected>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "controller/expression/expression.hpp"
#include "controller/expression/functions.hpp"
#include "controller/expression/tree.hpp"

namespace runbook::expression {

// True for int, string and the other names of types.
bool is_type_name(std::string_view name);

class Evaluator {
 public:
  explicit Evaluator(const boost::json::object& variables);
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  using Outcome = std::expected<Value, ExpressionError>;
  Outcome evaluate(const Node& node);

 private:
  // A value, or a place in the variables that is not read yet: of a big document only the part that is asked
  // for becomes a Value.
  struct Operand {
    Value value;
    const boost::json::value* place = nullptr;
  };
  using Located = std::expected<Operand, ExpressionError>;

  using Chain = boost::container::small_vector<const Node*, 8>;  // outermost first

  // The first operand of a chain of nodes; may take from the chain what is part of a variable's name.
  Located begin(const Node& node, Chain& chain);
  Located variable(const Node& node, Chain& chain);
  Located apply(const Node& node, Operand operand);
  Located field(const Node& node, Operand operand);
  Located index(const Node& node, Operand operand);
  Value read(Operand operand);

  Outcome logical(const Node& node, bool decisive);
  Outcome list(const Node& node);
  Outcome map(const Node& node);
  Outcome call(const Node& node, std::vector<Value> arguments, std::size_t first);
  Outcome comprehension(const Node& node, const Value& range);
  Outcome decide(const Node& node, const Value::List& items);
  Outcome count_one(const Node& node, const Value::List& items);
  Outcome transform(const Node& node, const Value::List& items);
  // The operand as a bool, with `item` as the variable.
  std::expected<bool, ExpressionError> holds(const Node& node, std::size_t operand, const Value& item);
  Outcome with_variable(const Node& node, std::size_t operand, const Value& item);

  // Pays for a list, map or text that was made.
  Outcome made(const Node& node, Value value);
  Outcome answered(const Node& node, Answer answer);
  bool spend(std::size_t cost) { return budget_.spend(cost); }

  const boost::json::object& variables_;
  bool has_dotted_names_ = false;
  Budget budget_;
  Calls calls_;
  std::vector<std::pair<std::string_view, Value>> scope_;             // variables of macros, innermost last
  std::unordered_map<const boost::json::value*, Value> read_before_;  // what is not small
};

}  // namespace runbook::expression
