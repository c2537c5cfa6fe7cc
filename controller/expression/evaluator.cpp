#include "controller/expression/evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "controller/expression/map.hpp"
#include "controller/expression/numbers.hpp"

namespace runbook::expression {
namespace {

using Kind = Node::Kind;

constexpr std::size_t kValueDepth = 200;  // levels of lists and maps an expression may build

std::unexpected<ExpressionError> fail(const Node& node, std::string message) {
  return std::unexpected(ExpressionError{std::move(message), node.position.line, node.position.column});
}

std::unexpected<ExpressionError> too_costly(const Node& node) {
  return fail(node, fmt::format("the expression costs more than {} steps", Expression::kMaxCost));
}

// The type that a name denotes when no variable has it.
std::optional<Type> type_named(std::string_view name) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(Type::kType); ++i) {
    if (name_of(static_cast<Type>(i)) == name) return static_cast<Type>(i);
  }
  return std::nullopt;
}

}  // namespace

bool is_type_name(std::string_view name) { return type_named(name).has_value(); }

Evaluator::Evaluator(const boost::json::object& variables)
    : variables_(variables), budget_(Expression::kMaxCost), calls_{budget_} {
  has_dotted_names_ = std::ranges::any_of(variables_, [](const auto& member) {
    return member.key().find('.') != boost::json::string_view::npos;
  });
}

Evaluator::Outcome Evaluator::evaluate(const Node& from) {
  const Node* node = &from;
  while (node->kind == Kind::kConditional) {
    if (!spend(1)) return too_costly(*node);
    const auto condition = evaluate(*node->operands[0]);
    if (!condition) return condition;
    if (!condition->is_bool()) {
      return fail(*node, fmt::format("no such overload: {} ? :", name_of(condition->type())));
    }
    node = node->operands[condition->as_bool() ? 1 : 2];
  }
  Chain chain;  // what is applied to the first operand
  for (; node->kind >= Kind::kSelect; node = node->operands.front()) chain.push_back(node);
  auto operand = begin(*node, chain);
  while (operand && !chain.empty()) {
    const auto& next = *chain.back();
    chain.pop_back();
    if (!spend(1)) return too_costly(next);
    operand = apply(next, std::move(*operand));
  }
  if (!operand) return std::unexpected(std::move(operand.error()));
  return read(std::move(*operand));
}

Evaluator::Located Evaluator::begin(const Node& node, Chain& chain) {
  if (!spend(1)) return too_costly(node);
  const auto located = [](Outcome outcome) -> Located {
    if (!outcome) return std::unexpected(std::move(outcome.error()));
    return Operand{std::move(*outcome)};
  };
  switch (node.kind) {
    case Kind::kLiteral: return Operand{node.literal};
    case Kind::kName: return variable(node, chain);
    case Kind::kList: return located(list(node));
    case Kind::kMap: return located(map(node));
    case Kind::kAnd: return located(logical(node, false));
    case Kind::kOr: return located(logical(node, true));
    case Kind::kCall: return located(call(node, {}, 0));
    default: return located(evaluate(node));
  }
}

// A variable may have points in its name; the longest name that there is wins (langdef, "Name Resolution").
Evaluator::Located Evaluator::variable(const Node& node, Chain& chain) {
  if (node.bound) {
    const auto found = std::ranges::find(scope_.rbegin(), scope_.rend(), node.name,
                                         [](const auto& entry) { return entry.first; });
    return Operand{found->second};
  }
  const auto* place = variables_.if_contains(node.name);
  if (has_dotted_names_) {
    std::string name = node.name;
    std::size_t fields = 0;
    for (std::size_t i = 1; i <= chain.size() && chain[chain.size() - i]->kind == Kind::kSelect; ++i) {
      name += '.' + chain[chain.size() - i]->name;
      if (const auto* longer = variables_.if_contains(name)) {
        place = longer;
        fields = i;
      }
    }
    chain.resize(chain.size() - fields);
  }
  if (place != nullptr) return Operand{{}, place};
  if (const auto type = type_named(node.name)) return Operand{Value::of_type(*type)};
  return fail(node, fmt::format("unknown name: {}", node.name));
}

Value Evaluator::read(Operand operand) {
  if (operand.place == nullptr) return std::move(operand.value);
  if (operand.place->is_primitive() && !operand.place->is_string()) return Value::from_json(*operand.place);
  const auto found = read_before_.find(operand.place);
  if (found != read_before_.end()) return found->second;
  return read_before_.emplace(operand.place, Value::from_json(*operand.place)).first->second;
}

Evaluator::Located Evaluator::apply(const Node& node, Operand operand) {
  const auto located = [](Outcome outcome) -> Located {
    if (!outcome) return std::unexpected(std::move(outcome.error()));
    return Operand{std::move(*outcome)};
  };
  switch (node.kind) {
    case Kind::kSelect:
    case Kind::kHas: return field(node, std::move(operand));
    case Kind::kIndex: return index(node, std::move(operand));
    case Kind::kMethod: return located(call(node, {read(std::move(operand))}, 1));
    case Kind::kNot: return located(answered(node, logical_not(read(std::move(operand)))));
    case Kind::kNegate: return located(answered(node, negate(read(std::move(operand)))));
    case Kind::kComprehension: return located(comprehension(node, read(std::move(operand))));
    default: break;
  }
  const auto left = read(std::move(operand));
  const auto right = evaluate(*node.operands[1]);
  if (!right) return located(right);
  auto answer = operate(node.operation, left, *right, budget_);
  if (!answer || budget_.used_up()) return located(answered(node, std::move(answer)));
  return located(made(node, std::move(*answer)));
}

Evaluator::Located Evaluator::field(const Node& node, Operand operand) {
  const bool asks = node.kind == Kind::kHas;
  if (operand.place != nullptr && operand.place->is_object()) {
    const auto* found = operand.place->get_object().if_contains(node.name);
    if (asks) return Operand{Value::of_bool(found != nullptr)};
    if (found == nullptr) return fail(node, fmt::format("no such key: {}", node.name));
    return Operand{{}, found};
  }
  const auto value = read(std::move(operand));
  if (asks && value.type() == Type::kMap) {
    return Operand{Value::of_bool(value.as_map().find(Value::of_string(node.name)) != nullptr)};
  }
  auto answer = at_field(value, node.name);
  if (!answer) return fail(node, std::move(answer.error()));
  return Operand{std::move(*answer)};
}

Evaluator::Located Evaluator::index(const Node& node, Operand operand) {
  const auto key = evaluate(*node.operands[1]);
  if (!key) return std::unexpected(key.error());
  const auto* place = operand.place;
  if (place != nullptr && place->is_object() && key->is_string()) {
    if (const auto* found = place->get_object().if_contains(key->as_string())) return Operand{{}, found};
    return fail(node, fmt::format("no such key: {}", shown(*key)));
  }
  if (place != nullptr && place->is_array() && key->is_number()) {
    const auto position = exact_uint(*key);
    if (position && *position < place->get_array().size()) return Operand{{}, &place->get_array()[*position]};
  }
  auto answer = at_index(read(std::move(operand)), *key);
  if (!answer) return fail(node, std::move(answer.error()));
  return Operand{std::move(*answer)};
}

// && and ||: an operand that decides wins over errors on either side of it (langdef, "Logical Operators").
Evaluator::Outcome Evaluator::logical(const Node& node, bool decisive) {
  std::optional<ExpressionError> error;
  for (const auto* operand : node.operands) {
    auto value = evaluate(*operand);
    if (value && value->is_bool() && value->as_bool() == decisive) return value;
    if (budget_.used_up()) return too_costly(node);
    if (error || (value && value->is_bool())) continue;
    if (value) {
      const auto sign = decisive ? "||" : "&&";
      value = fail(*operand, fmt::format("no such overload: {} with {}", sign, name_of(value->type())));
    }
    error = std::move(value.error());
  }
  if (error) return std::unexpected(std::move(*error));
  return Value::of_bool(!decisive);
}

Evaluator::Outcome Evaluator::list(const Node& node) {
  Value::List items;
  items.reserve(node.operands.size());
  for (const auto* operand : node.operands) {
    auto item = evaluate(*operand);
    if (!item) return item;
    items.push_back(std::move(*item));
  }
  return made(node, Value::of_list(std::move(items)));
}

Evaluator::Outcome Evaluator::map(const Node& node) {
  Map entries;
  for (std::size_t i = 0; i < node.operands.size(); i += 2) {
    auto key = evaluate(*node.operands[i]);
    if (!key) return key;
    auto value = evaluate(*node.operands[i + 1]);
    if (!value) return value;
    const auto written = *key;
    const auto inserted = entries.insert(std::move(*key), std::move(*value));
    if (inserted == Map::Insertion::kDuplicate) {
      return fail(*node.operands[i], fmt::format("the key {} is there twice", shown(written)));
    }
    if (inserted == Map::Insertion::kNoKey) {
      return fail(*node.operands[i],
                  fmt::format("a value of type {} cannot be a key", name_of(written.type())));
    }
  }
  return made(node, Value::of_map(std::move(entries)));
}

// `arguments` begins with the receiver of a method; the operands from `first` on follow.
Evaluator::Outcome Evaluator::call(const Node& node, std::vector<Value> arguments, std::size_t first) {
  for (std::size_t i = first; i < node.operands.size(); ++i) {
    auto argument = evaluate(*node.operands[i]);
    if (!argument) return argument;
    arguments.push_back(std::move(*argument));
  }
  const auto* function = node.function;
  if (function == nullptr) return fail(node, fmt::format("unknown function: {}", node.name));
  const bool right_style = node.kind == Kind::kMethod ? function->method : function->global;
  if (!right_style || arguments.size() != function->arguments) {
    return fail(node, no_such_overload(node.name, arguments));
  }
  auto answer = function->body(arguments, calls_);
  if (!answer || budget_.used_up()) return answered(node, std::move(answer));
  return answer->weight() > 1 ? made(node, std::move(*answer)) : Outcome(std::move(*answer));
}

Evaluator::Outcome Evaluator::answered(const Node& node, Answer answer) {
  if (budget_.used_up()) return too_costly(node);
  if (!answer) return fail(node, std::move(answer.error()));
  return std::move(*answer);
}

Evaluator::Outcome Evaluator::made(const Node& node, Value value) {
  if (!spend(value.weight())) return too_costly(node);
  if (value.depth() > kValueDepth) return fail(node, "lists and maps are nested too deep");
  return value;
}

}  // namespace runbook::expression
