#include "controller/expression/operators.hpp"

#include <fmt/format.h>

#include <array>
#include <compare>
#include <limits>
#include <optional>

#include "controller/expression/map.hpp"
#include "controller/expression/numbers.hpp"

namespace runbook::expression {
namespace {

std::unexpected<std::string> no_overload(Operation operation, const Value& left, const Value& right) {
  return std::unexpected(fmt::format("no such overload: {} {} {}", name_of(left.type()), sign_of(operation),
                                     name_of(right.type())));
}

std::unexpected<std::string> overflow(Type type) {
  return std::unexpected(fmt::format("{} overflow", name_of(type)));
}

Value made(std::int64_t value) { return Value::of_int(value); }
Value made(std::uint64_t value) { return Value::of_uint(value); }

template <class Integer>
Answer whole(Operation operation, Integer left, Integer right, Type type) {
  Integer result = 0;
  switch (operation) {
    case Operation::kAdd:
      if (__builtin_add_overflow(left, right, &result)) return overflow(type);
      return made(result);
    case Operation::kSubtract:
      if (__builtin_sub_overflow(left, right, &result)) return overflow(type);
      return made(result);
    case Operation::kMultiply:
      if (__builtin_mul_overflow(left, right, &result)) return overflow(type);
      return made(result);
    default: break;
  }
  if (right == 0)
    return std::unexpected(operation == Operation::kDivide ? "division by zero" : "remainder by zero");
  if constexpr (std::is_signed_v<Integer>) {
    if (left == std::numeric_limits<Integer>::min() && right == -1) return overflow(type);
  }
  return made(operation == Operation::kDivide ? left / right : left % right);
}

std::optional<Value> floating(Operation operation, double left, double right) {
  switch (operation) {
    case Operation::kAdd: return Value::of_double(left + right);
    case Operation::kSubtract: return Value::of_double(left - right);
    case Operation::kMultiply: return Value::of_double(left * right);
    case Operation::kDivide: return Value::of_double(left / right);
    default: return std::nullopt;
  }
}

Value joined(const Value::List& left, const Value::List& right) {
  Value::List items;
  items.reserve(left.size() + right.size());
  items.insert(items.end(), left.begin(), left.end());
  items.insert(items.end(), right.begin(), right.end());
  return Value::of_list(std::move(items));
}

Answer arithmetic(Operation operation, const Value& left, const Value& right) {
  if (left.type() != right.type()) return no_overload(operation, left, right);
  switch (left.type()) {
    case Type::kInt: return whole(operation, left.as_int(), right.as_int(), Type::kInt);
    case Type::kUint: return whole(operation, left.as_uint(), right.as_uint(), Type::kUint);
    case Type::kDouble:
      if (auto result = floating(operation, left.as_double(), right.as_double())) return *result;
      break;
    case Type::kString:
      if (operation == Operation::kAdd) return Value::of_string(left.as_string() + right.as_string());
      break;
    case Type::kBytes:
      if (operation == Operation::kAdd) return Value::of_bytes(left.as_bytes() + right.as_bytes());
      break;
    case Type::kList:
      if (operation == Operation::kAdd) return joined(left.as_list(), right.as_list());
      break;
    default: break;
  }
  return no_overload(operation, left, right);
}

// None for types without an order.
std::optional<std::partial_ordering> order(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) return compare_numbers(left, right);
  if (left.type() != right.type()) return std::nullopt;
  switch (left.type()) {
    case Type::kBool: return left.as_bool() <=> right.as_bool();
    case Type::kString: return left.as_string() <=> right.as_string();  // bytes of UTF-8 sort as code points
    case Type::kBytes: return left.as_bytes() <=> right.as_bytes();
    default: return std::nullopt;
  }
}

Answer compared(Operation operation, const Value& left, const Value& right) {
  const auto found = order(left, right);
  if (!found) return no_overload(operation, left, right);
  switch (operation) {
    case Operation::kLess: return Value::of_bool(*found < 0);
    case Operation::kLessOrEqual: return Value::of_bool(*found <= 0);
    case Operation::kGreater: return Value::of_bool(*found > 0);
    default: return Value::of_bool(*found >= 0);
  }
}

Answer contains(const Value& item, const Value& container) {
  if (container.type() == Type::kMap) return Value::of_bool(container.as_map().find(item) != nullptr);
  if (container.type() != Type::kList) return no_overload(Operation::kIn, item, container);
  for (const auto& candidate : container.as_list()) {
    if (equal(item, candidate)) return Value::of_bool(true);
  }
  return Value::of_bool(false);
}

bool equal_lists(const Value::List& left, const Value::List& right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!equal(left[i], right[i])) return false;
  }
  return true;
}

bool equal_maps(const Map& left, const Map& right) {
  if (left.size() != right.size()) return false;
  for (const auto& [key, value] : left.entries()) {
    const auto* other = right.find(key);
    if (other == nullptr || !equal(value, *other)) return false;
  }
  return true;
}

// What an operation looks at, at most.
std::size_t cost_of(Operation operation, const Value& left, const Value& right) {
  if (operation == Operation::kIn && right.type() == Type::kList) {
    return std::min(right.weight(), right.as_list().size() * left.weight());
  }
  if (operation <= Operation::kRemainder) return 1;  // what is made is paid for by its weight
  return std::min(left.weight(), right.weight());
}

}  // namespace

std::string_view sign_of(Operation operation) {
  static constexpr std::array<std::string_view, 12> kSigns = {
      "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in"};
  return kSigns.at(static_cast<std::size_t>(operation));
}

bool equal(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) return compare_numbers(left, right) == 0;
  if (left.type() != right.type()) return false;
  switch (left.type()) {
    case Type::kBool: return left.as_bool() == right.as_bool();
    case Type::kString: return left.as_string() == right.as_string();
    case Type::kBytes: return left.as_bytes() == right.as_bytes();
    case Type::kType: return left.as_type() == right.as_type();
    case Type::kList: return equal_lists(left.as_list(), right.as_list());
    case Type::kMap: return equal_maps(left.as_map(), right.as_map());
    default: return true;  // null
  }
}

Answer operate(Operation operation, const Value& left, const Value& right, Budget& budget) {
  if (!budget.spend(cost_of(operation, left, right))) return {};
  switch (operation) {
    case Operation::kEqual: return Value::of_bool(equal(left, right));
    case Operation::kNotEqual: return Value::of_bool(!equal(left, right));
    case Operation::kIn: return contains(left, right);
    case Operation::kLess:
    case Operation::kLessOrEqual:
    case Operation::kGreater:
    case Operation::kGreaterOrEqual: return compared(operation, left, right);
    default: return arithmetic(operation, left, right);
  }
}

Answer negate(const Value& value) {
  if (value.type() == Type::kDouble) return Value::of_double(-value.as_double());
  if (value.type() != Type::kInt) {
    return std::unexpected(fmt::format("no such overload: -{}", name_of(value.type())));
  }
  if (value.as_int() == std::numeric_limits<std::int64_t>::min()) return overflow(Type::kInt);
  return Value::of_int(-value.as_int());
}

Answer logical_not(const Value& value) {
  if (value.is_bool()) return Value::of_bool(!value.as_bool());
  return std::unexpected(fmt::format("no such overload: !{}", name_of(value.type())));
}

Answer at_index(const Value& container, const Value& key) {
  if (container.type() == Type::kMap) {
    if (const auto* found = container.as_map().find(key)) return *found;
    return std::unexpected(fmt::format("no such key: {}", shown(key)));
  }
  if (container.type() != Type::kList || !key.is_number()) {
    return std::unexpected(
        fmt::format("no such overload: {}[{}]", name_of(container.type()), name_of(key.type())));
  }
  const auto& items = container.as_list();
  const auto index = exact_uint(key);
  if (index && *index < items.size()) return items[*index];
  return std::unexpected(fmt::format("index {} is out of range: the list has {}", shown(key), items.size()));
}

Answer at_field(const Value& container, const std::string& field) {
  if (container.type() != Type::kMap) {
    return std::unexpected(
        fmt::format("a value of type {} has no field {}", name_of(container.type()), field));
  }
  if (const auto* found = container.as_map().find(Value::of_string(field))) return *found;
  return std::unexpected(fmt::format("no such key: {}", field));
}

}  // namespace runbook::expression
