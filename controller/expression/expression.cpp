#include "controller/expression/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "controller/expression/evaluator.hpp"
#include "controller/expression/parser.hpp"
#include "controller/expression/tree.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::expression {
namespace {

using Kind = Node::Kind;

bool names(const Node& node, std::string_view variable) {
  return node.kind == Kind::kName && !node.bound && node.name == variable;
}

// The field of its first operand that a node names, when it is known without evaluating anything.
std::optional<std::string> field_of(const Node& node) {
  if (node.kind == Kind::kSelect || node.kind == Kind::kHas) return node.name;
  if (node.kind != Kind::kIndex) return std::nullopt;
  const auto& key = *node.operands[1];
  if (key.kind != Kind::kLiteral || !key.literal.is_string()) return std::nullopt;
  return key.literal.as_string();
}

// Why the text is not even looked at, when it is not.
std::optional<ExpressionError> refusal_of(std::string_view text) {
  if (text.size() > Expression::kMaxBytes) {
    return ExpressionError{fmt::format("the expression is longer than {} bytes", Expression::kMaxBytes)};
  }
  Cursor cursor(text);
  while (!cursor.at_end()) {
    const auto length = utf8_length(text.substr(cursor.offset()));
    if (length == 0) {
      return ExpressionError{"the text is not valid UTF-8 here", cursor.position().line,
                             cursor.position().column};
    }
    cursor.advance(length);
  }
  return std::nullopt;
}

// A message may show words of the expression, which can be long.
std::unexpected<ExpressionError> cut(ExpressionError error) {
  constexpr std::size_t kMostBytes = 300;
  if (error.message.size() > kMostBytes) {
    std::size_t end = kMostBytes;
    while ((static_cast<unsigned char>(error.message[end]) & 0xC0U) == 0x80)
      --end;  // not inside a code point
    error.message.replace(end, std::string::npos, "…");
  }
  return std::unexpected(std::move(error));
}

}  // namespace

std::string to_string(const ExpressionError& error) {
  return fmt::format("line {}, column {}: {}", error.line, error.column, error.message);
}

std::expected<Expression, ExpressionError> Expression::parse(std::string_view text) {
  if (auto refusal = refusal_of(text)) return std::unexpected(std::move(*refusal));
  auto tree = std::make_shared<Tree>();
  if (auto parsed = parse_into(*tree, text); !parsed) return cut(std::move(parsed.error()));
  Expression expression;
  expression.tree_ = std::move(tree);
  return expression;
}

std::expected<Value, ExpressionError> Expression::evaluate(const boost::json::object& variables) const {
  auto outcome = Evaluator(variables).evaluate(*tree_->root);
  if (!outcome) return cut(std::move(outcome.error()));
  return outcome;
}

FieldsUsed Expression::fields_used(std::string_view root) const {
  FieldsUsed used;
  std::set<const Node*> seen;  // names whose field is known
  for (const auto& node : tree_->nodes) {
    if (node.operands.empty() || !names(*node.operands.front(), root)) continue;
    const auto field = field_of(node);
    if (!field) continue;
    used.names.insert(*field);
    seen.insert(node.operands.front());
  }
  used.all = std::ranges::any_of(
      tree_->nodes, [&](const Node& node) { return names(node, root) && !seen.contains(&node); });
  return used;
}

std::optional<ExpressionError> Expression::unknown_name(const std::set<std::string>& variables) const {
  std::optional<ExpressionError> first;
  const auto note = [&](const Node& node, std::string message) {
    if (first &&
        std::tie(first->line, first->column) <= std::tuple(node.position.line, node.position.column)) {
      return;
    }
    first = ExpressionError{std::move(message), node.position.line, node.position.column};
  };
  for (const auto& node : tree_->nodes) {
    const bool is_call = node.kind == Kind::kCall || node.kind == Kind::kMethod;
    if (is_call && node.function == nullptr) note(node, fmt::format("unknown function: {}", node.name));
    if (node.kind == Kind::kName && !node.bound && !variables.contains(node.name) &&
        !is_type_name(node.name)) {
      note(node, fmt::format("unknown name: {}", node.name));
    }
  }
  return first;
}

}  // namespace runbook::expression
