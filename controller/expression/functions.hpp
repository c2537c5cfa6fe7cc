// The functions of CEL that expressions may call: size, texts, conversions, type (langdef, "List of Standard
// Definitions"; without timestamps and durations). Pure.
#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "controller/expression/budget.hpp"
#include "controller/expression/operators.hpp"
#include "controller/expression/value.hpp"

namespace runbook::expression {

// What the calls of one evaluation share.
struct Calls {
  Budget& budget;
  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> patterns = {};
};

struct Function {
  using Body = Answer (*)(std::span<const Value> arguments, Calls& calls);

  std::string_view name;
  bool global = true;         // f(a, b)
  bool method = false;        // a.f(b)
  std::size_t arguments = 1;  // the receiver is the first
  Body body = nullptr;
};

// Null when there is none of this name.
const Function* find_function(std::string_view name);

// "no such overload: size(int)"
std::string no_such_overload(std::string_view name, std::span<const Value> arguments);

// int(), string() and so on (conversions.cpp); one argument each.
Answer to_bool(std::span<const Value> arguments, Calls& calls);
Answer to_int(std::span<const Value> arguments, Calls& calls);
Answer to_uint(std::span<const Value> arguments, Calls& calls);
Answer to_double(std::span<const Value> arguments, Calls& calls);
Answer to_string(std::span<const Value> arguments, Calls& calls);
Answer to_bytes(std::span<const Value> arguments, Calls& calls);
Answer to_dyn(std::span<const Value> arguments, Calls& calls);
Answer to_type(std::span<const Value> arguments, Calls& calls);

}  // namespace runbook::expression
