#include "controller/expression/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include "controller/expression/grammar.hpp"
#include "controller/expression/lexer.hpp"
#include "controller/expression/literals.hpp"

namespace runbook::expression {
namespace {

using Kind = Node::Kind;
using Parsed = std::expected<Node*, ExpressionError>;

class Parser {
 public:
  Parser(Expression::Tree& tree, std::vector<Token> tokens) : tree_(tree), tokens_(std::move(tokens)) {}

  std::expected<void, ExpressionError> parse() {
    auto root = expression();
    if (root && token().kind != Token::Kind::kEnd) root = unexpected();
    if (!root) return std::unexpected(std::move(root.error()));
    tree_.root = *root;
    return {};
  }

 private:
  const Token& token(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }

  bool accept(std::string_view sign) {
    if (!token().is(sign)) return false;
    ++at_;
    return true;
  }

  static std::unexpected<ExpressionError> fail(Position position, std::string message) {
    return std::unexpected(ExpressionError{std::move(message), position.line, position.column});
  }

  std::unexpected<ExpressionError> unexpected() const {
    if (token().kind == Token::Kind::kEnd) return fail(token().position, "the expression ends too early");
    return fail(token().position, fmt::format("{} is not expected here", token().text));
  }

  // A comma, or what ends the list of things; true at its end.
  std::expected<bool, ExpressionError> ends(std::string_view end) {
    if (accept(end)) return true;
    if (accept(",")) return false;
    if (token().kind == Token::Kind::kEnd) {
      return fail(token().position, fmt::format("{} is missing at the end", end));
    }
    return fail(token().position, fmt::format(", or {} is expected here, not {}", end, token().text));
  }

  std::expected<void, ExpressionError> expect(std::string_view sign) {
    if (accept(sign)) return {};
    if (token().kind == Token::Kind::kEnd) {
      return fail(token().position, fmt::format("{} is missing at the end", sign));
    }
    return fail(token().position, fmt::format("{} is expected here, not {}", sign, token().text));
  }

  Node* add(Kind kind, Position position, std::vector<const Node*> operands = {}) {
    auto& node = tree_.nodes.emplace_back();
    node.kind = kind;
    node.position = position;
    node.operands = std::move(operands);
    return &node;
  }

  // Expr = ConditionalOr ["?" ConditionalOr ":" Expr]
  Parsed expression() {
    if (depth_ == Expression::kMaxDepth) return fail(token().position, "the expression is nested too deep");
    ++depth_;
    std::vector<Node*> conditionals;
    auto parsed = logical("||", Kind::kOr);
    while (parsed && token().is("?")) {
      auto* node = add(Kind::kConditional, token().position, {*parsed});
      ++at_;
      const auto chosen = logical("||", Kind::kOr);
      if (!chosen) return chosen;
      node->operands.push_back(*chosen);
      if (auto colon = expect(":"); !colon) return std::unexpected(std::move(colon.error()));
      conditionals.push_back(node);
      parsed = logical("||", Kind::kOr);
    }
    if (!parsed) return parsed;
    for (auto* node : conditionals | std::views::reverse) {
      node->operands.push_back(*parsed);
      parsed = node;
    }
    --depth_;
    return parsed;
  }

  // ConditionalOr and ConditionalAnd
  Parsed logical(std::string_view sign, Kind kind) {
    const auto next = [&] { return kind == Kind::kOr ? logical("&&", Kind::kAnd) : binary(0); };
    auto first = next();
    if (!first || !token().is(sign)) return first;
    auto* node = add(kind, token().position, {*first});
    while (accept(sign)) {
      const auto operand = next();
      if (!operand) return operand;
      node->operands.push_back(*operand);
    }
    return node;
  }

  std::optional<Operation> operation_of(const Level& level) const {
    for (const auto& [sign, operation] : level.operators) {
      if (!sign.empty() && (token().is(sign) || (sign == "in" && token().is_word(sign)))) return operation;
    }
    return std::nullopt;
  }

  // Relation, Addition, Multiplication
  Parsed binary(std::size_t level) {
    if (level == kLevels.size()) return unary();
    auto left = binary(level + 1);
    while (left) {
      const auto operation = operation_of(kLevels[level]);
      if (!operation) break;
      auto* node = add(Kind::kBinary, token().position, {*left});
      node->operation = *operation;
      ++at_;
      const auto right = binary(level + 1);
      if (!right) return right;
      node->operands.push_back(*right);
      left = node;
    }
    return left;
  }

  // Unary = Member | "!" {"!"} Member | "-" {"-"} Member. The last minus before digits is part of the
  // literal.
  Parsed unary() {
    const std::string_view sign = token().is("!") ? "!" : "-";
    std::vector<Position> signs;
    while (token().is(sign)) {
      signs.push_back(token().position);
      ++at_;
    }
    const bool is_number = token().kind == Token::Kind::kInt || token().kind == Token::Kind::kDouble;
    const bool negative = sign == "-" && !signs.empty() && is_number;
    if (negative) signs.pop_back();
    auto operand = member(negative);
    for (const auto position : signs | std::views::reverse) {
      if (operand) operand = add(sign == "!" ? Kind::kNot : Kind::kNegate, position, {*operand});
    }
    return operand;
  }

  Parsed member(bool negative) {
    auto parsed = primary(negative);
    while (parsed) {
      if (token().is(".")) {
        ++at_;
        parsed = dotted(*parsed);
      } else if (token().is("[")) {
        auto* node = add(Kind::kIndex, token().position, {*parsed});
        ++at_;
        const auto index = expression();
        if (!index) return index;
        node->operands.push_back(*index);
        if (auto end = expect("]"); !end) return std::unexpected(std::move(end.error()));
        parsed = node;
      } else if (token().is("{")) {
        return fail(token().position, "messages are not supported; a map is written {\"key\": value}");
      } else {
        break;
      }
    }
    return parsed;
  }

  // After the point: a field, a method or a macro.
  Parsed dotted(Node* operand) {
    const auto& name = token();
    if (name.kind == Token::Kind::kQuotedName) {
      ++at_;
      auto* node = add(Kind::kSelect, name.position, {operand});
      node->name = name.content;
      return node;
    }
    if (name.kind != Token::Kind::kName || is_keyword(name.text)) return unexpected();
    ++at_;
    if (!token().is("(")) {
      auto* node = add(Kind::kSelect, name.position, {operand});
      node->name = name.text;
      return node;
    }
    ++at_;
    const auto macro = std::ranges::find(kMacros, name.text, &MacroShape::name);
    if (macro != kMacros.end()) return comprehension(*macro, name, operand);
    auto* node = add(Kind::kMethod, name.position, {operand});
    return called(node, name);
  }

  static bool is_keyword(std::string_view word) {
    return word == "true" || word == "false" || word == "null" || word == "in";
  }

  // The arguments after "(", onto the operands of `node`.
  Parsed called(Node* node, const Token& name) {
    node->name = name.text;
    node->function = find_function(name.text);
    if (accept(")")) return node;
    for (;;) {
      const auto argument = expression();
      if (!argument) return argument;
      node->operands.push_back(*argument);
      const auto ended = ends(")");
      if (!ended) return std::unexpected(ended.error());
      if (*ended) return node;
    }
  }

  Parsed comprehension(const MacroShape& shape, const Token& name, Node* range) {
    const auto& variable = token();
    if (variable.kind != Token::Kind::kName || is_keyword(variable.text) || is_reserved(variable.text) ||
        !token(1).is(",")) {
      return fail(variable.position, fmt::format("{}() takes the name of a variable first", shape.name));
    }
    ++at_;
    auto* node = add(Kind::kComprehension, name.position, {range});
    node->macro = shape.macro;
    node->name = variable.text;
    scope_.push_back(variable.text);
    while (accept(",")) {
      if (node->operands.size() > shape.most) {
        return fail(token().position, fmt::format("{}() has too many arguments", shape.name));
      }
      const auto operand = expression();
      if (!operand) return operand;
      node->operands.push_back(*operand);
    }
    scope_.pop_back();
    if (auto end = expect(")"); !end) return std::unexpected(std::move(end.error()));
    return node;
  }

  static bool is_reserved(std::string_view word) {
    return std::ranges::find(kReserved, word) != kReserved.end();
  }

  Parsed primary(bool negative) {
    const auto& first = token();
    switch (first.kind) {
      case Token::Kind::kName: return named(false);
      case Token::Kind::kInt:
      case Token::Kind::kUint:
      case Token::Kind::kDouble:
      case Token::Kind::kString:
      case Token::Kind::kBytes: {
        auto value = literal_value(first, negative);
        if (!value) return fail(first.position, std::move(value.error()));
        ++at_;
        auto* node = add(Kind::kLiteral, first.position);
        node->literal = std::move(*value);
        return node;
      }
      case Token::Kind::kSign: break;
      default: return unexpected();
    }
    if (accept("(")) {
      auto inner = expression();
      if (!inner) return inner;
      if (auto end = expect(")"); !end) return std::unexpected(std::move(end.error()));
      return inner;
    }
    if (accept("[")) return list(first.position);
    if (accept("{")) return map(first.position);
    if (first.is(".") && token(1).kind == Token::Kind::kName) {
      ++at_;
      return named(true);
    }
    return unexpected();
  }

  Parsed named(bool absolute) {
    const auto& name = token();
    if (is_keyword(name.text) && (absolute || name.text == "in")) return unexpected();
    if (is_reserved(name.text)) {
      return fail(name.position, fmt::format("{} is a reserved word", name.text));
    }
    ++at_;
    if (is_keyword(name.text)) {
      auto* node = add(Kind::kLiteral, name.position);
      if (name.text != "null") node->literal = Value::of_bool(name.text == "true");
      return node;
    }
    if (accept("(")) {
      auto* node = add(Kind::kCall, name.position);
      return name.text == "has" && !absolute ? has(node) : called(node, name);
    }
    auto* node = add(Kind::kName, name.position);
    node->name = name.text;
    node->absolute = absolute;
    node->bound = !absolute && std::ranges::find(scope_, name.text) != scope_.end();
    return node;
  }

  // has(operand.field): the field becomes a question.
  Parsed has(Node* node) {
    const auto position = token().position;
    const auto argument = expression();
    if (!argument) return argument;
    if ((*argument)->kind != Kind::kSelect) return fail(position, "has() takes a field: has(a.b)");
    if (auto end = expect(")"); !end) return std::unexpected(std::move(end.error()));
    node->kind = Kind::kHas;
    node->position = (*argument)->position;
    node->name = (*argument)->name;
    node->operands = (*argument)->operands;
    return node;
  }

  Parsed list(Position position) {
    auto* node = add(Kind::kList, position);
    while (!accept("]")) {
      const auto item = expression();
      if (!item) return item;
      node->operands.push_back(*item);
      const auto ended = ends("]");
      if (!ended) return std::unexpected(ended.error());
      if (*ended) break;
    }
    return node;
  }

  Parsed map(Position position) {
    auto* node = add(Kind::kMap, position);
    while (!accept("}")) {
      const auto key = expression();
      if (!key) return key;
      if (auto colon = expect(":"); !colon) return std::unexpected(std::move(colon.error()));
      const auto value = expression();
      if (!value) return value;
      node->operands.insert(node->operands.end(), {*key, *value});
      const auto ended = ends("}");
      if (!ended) return std::unexpected(ended.error());
      if (*ended) break;
    }
    return node;
  }

  Expression::Tree& tree_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::vector<std::string_view> scope_;  // the variables of the macros round here
};

}  // namespace

std::expected<void, ExpressionError> parse_into(Expression::Tree& tree, std::string_view text) {
  auto tokens = read_tokens(text);
  if (!tokens) return std::unexpected(std::move(tokens.error()));
  return Parser(tree, std::move(*tokens)).parse();
}

}  // namespace runbook::expression
