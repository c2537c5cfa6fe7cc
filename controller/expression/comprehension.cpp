// The macros over lists and maps (langdef, "Macros").
#include <fmt/format.h>

#include <optional>

#include "controller/expression/evaluator.hpp"
#include "controller/expression/map.hpp"

namespace runbook::expression {
namespace {

std::unexpected<ExpressionError> fail(const Node& node, std::string message) {
  return std::unexpected(ExpressionError{std::move(message), node.position.line, node.position.column});
}

}  // namespace

Evaluator::Outcome Evaluator::comprehension(const Node& node, const Value& range) {
  Value::List keys;
  const auto* items = &keys;
  if (range.type() == Type::kList) {
    items = &range.as_list();
  } else if (range.type() == Type::kMap) {
    if (!spend(range.as_map().size())) return answered(node, {});
    for (const auto& entry : range.as_map().entries()) keys.push_back(entry.key);
  } else {
    return fail(node,
                fmt::format("no such overload: a macro over a value of type {}", name_of(range.type())));
  }
  switch (node.macro) {
    case Macro::kAll:
    case Macro::kExists: return decide(node, *items);
    case Macro::kExistsOne: return count_one(node, *items);
    case Macro::kMap:
    case Macro::kFilter: return transform(node, *items);
  }
  return {};
}

Evaluator::Outcome Evaluator::with_variable(const Node& node, std::size_t operand, const Value& item) {
  scope_.emplace_back(node.name, item);
  auto outcome = evaluate(*node.operands[operand]);
  scope_.pop_back();
  return outcome;
}

std::expected<bool, ExpressionError> Evaluator::holds(const Node& node, std::size_t operand,
                                                      const Value& item) {
  const auto outcome = with_variable(node, operand, item);
  if (!outcome) return std::unexpected(outcome.error());
  if (outcome->is_bool()) return outcome->as_bool();
  return fail(*node.operands[operand],
              fmt::format("a bool is needed here, not a value of type {}", name_of(outcome->type())));
}

// all and exists: && and || over the items, so one that decides wins over errors of others.
Evaluator::Outcome Evaluator::decide(const Node& node, const Value::List& items) {
  const bool decisive = node.macro == Macro::kExists;
  std::optional<ExpressionError> error;
  for (const auto& item : items) {
    auto held = holds(node, 1, item);
    if (held && *held == decisive) return Value::of_bool(decisive);
    if (budget_.used_up()) return answered(node, {});
    if (!held && !error) error = std::move(held.error());
  }
  if (error) return std::unexpected(std::move(*error));
  return Value::of_bool(!decisive);
}

Evaluator::Outcome Evaluator::count_one(const Node& node, const Value::List& items) {
  std::size_t count = 0;
  for (const auto& item : items) {
    auto held = holds(node, 1, item);
    if (!held) return std::unexpected(std::move(held.error()));
    if (*held) ++count;
  }
  return Value::of_bool(count == 1);
}

// filter(x, keep), map(x, change) and map(x, keep, change)
Evaluator::Outcome Evaluator::transform(const Node& node, const Value::List& items) {
  const bool changes = node.macro == Macro::kMap;
  const bool keeps_some = !changes || node.operands.size() == 3;
  Value::List results;
  for (const auto& item : items) {
    if (keeps_some) {
      auto keep = holds(node, 1, item);
      if (!keep) return std::unexpected(std::move(keep.error()));
      if (!*keep) continue;
    }
    if (!changes) {
      results.push_back(item);
      continue;
    }
    auto changed = with_variable(node, node.operands.size() - 1, item);
    if (!changed) return changed;
    results.push_back(std::move(*changed));
  }
  return made(node, Value::of_list(std::move(results)));
}

}  // namespace runbook::expression
