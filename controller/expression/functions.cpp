#include "controller/expression/functions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ranges>
#include <vector>

#include "controller/expression/code_points.hpp"
#include "controller/expression/map.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::expression {
namespace {

constexpr std::int64_t kPatternMemory = 2 * 1024 * 1024;  // RE2: of one pattern, what it caches included
constexpr std::size_t kPatterns = 16;                     // kept compiled during one evaluation
constexpr std::size_t kShownPatternBytes = 200;           // of one that is not valid
constexpr std::size_t kPatternCost = 100;                 // of compiling, beside the size of its program
constexpr std::size_t kInstructionsOfOneCost = 16;        // of a program, for each 64 bytes of text

Answer size(std::span<const Value> arguments, Calls& calls) {
  const auto& value = arguments.front();
  std::size_t count = 0;
  switch (value.type()) {
    case Type::kString:
      calls.budget.spend(value.weight());
      count = count_code_points(value.as_string());
      break;
    case Type::kBytes: count = value.as_bytes().size(); break;
    case Type::kList: count = value.as_list().size(); break;
    case Type::kMap: count = value.as_map().size(); break;
    default: return std::unexpected(no_such_overload("size", arguments));
  }
  return Value::of_int(static_cast<std::int64_t>(count));
}

bool are_strings(std::span<const Value> arguments) {
  return std::ranges::all_of(arguments, &Value::is_string);
}

Answer contains(std::span<const Value> arguments, Calls& calls) {
  if (!are_strings(arguments)) return std::unexpected(no_such_overload("contains", arguments));
  if (!calls.budget.spend(arguments[0].weight() + arguments[1].weight())) return {};
  const auto& text = arguments[0].as_string();
  const auto& part = arguments[1].as_string();
  return Value::of_bool(memmem(text.data(), text.size(), part.data(), part.size()) !=
                        nullptr);  // linear time
}

Answer starts_with(std::span<const Value> arguments, Calls& calls) {
  if (!are_strings(arguments)) return std::unexpected(no_such_overload("startsWith", arguments));
  calls.budget.spend(arguments[1].weight());
  return Value::of_bool(arguments[0].as_string().starts_with(arguments[1].as_string()));
}

Answer ends_with(std::span<const Value> arguments, Calls& calls) {
  if (!are_strings(arguments)) return std::unexpected(no_such_overload("endsWith", arguments));
  calls.budget.spend(arguments[1].weight());
  return Value::of_bool(arguments[0].as_string().ends_with(arguments[1].as_string()));
}

// Null when the budget is used up.
const re2::RE2* compiled(const std::string& pattern, Calls& calls) {
  if (const auto found = calls.patterns.find(pattern); found != calls.patterns.end())
    return found->second.get();
  if (!calls.budget.spend(kPatternCost + pattern.size())) return nullptr;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  auto made = std::make_unique<re2::RE2>(pattern, options);
  if (!calls.budget.spend(made->ok() ? static_cast<std::size_t>(made->ProgramSize()) : kPatternCost))
    return nullptr;
  if (calls.patterns.size() >= kPatterns) calls.patterns.clear();
  return calls.patterns.emplace(pattern, std::move(made)).first->second.get();
}

// RE2 quotes the pattern as it is, and may cut it inside a character.
std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty() && shown.size() < kShownPatternBytes) {
    const auto length = utf8_length(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (length == 0 || byte < 0x20 || byte == 0x7F)
      shown += fmt::format("\\x{:02x}", byte);
    else
      shown += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text.empty() ? shown : shown + "…";
}

Answer matches(std::span<const Value> arguments, Calls& calls) {
  if (!are_strings(arguments)) return std::unexpected(no_such_overload("matches", arguments));
  const auto* pattern = compiled(arguments[1].as_string(), calls);
  if (pattern == nullptr) return {};
  if (!pattern->ok())
    return std::unexpected(fmt::format("the pattern is not valid: {}", printable(pattern->error())));
  const auto instructions = static_cast<std::size_t>(pattern->ProgramSize());
  if (!calls.budget.spend(arguments[0].weight() * (1 + instructions / kInstructionsOfOneCost))) return {};
  return Value::of_bool(re2::RE2::PartialMatch(arguments[0].as_string(), *pattern));
}

// name, as f(a), as a.f(), arguments, body
constexpr std::array kFunctions = {
    Function{"size", true, true, 1, size},
    Function{"contains", false, true, 2, contains},
    Function{"startsWith", false, true, 2, starts_with},
    Function{"endsWith", false, true, 2, ends_with},
    Function{"matches", true, true, 2, matches},
    Function{"bool", true, false, 1, to_bool},
    Function{"int", true, false, 1, to_int},
    Function{"uint", true, false, 1, to_uint},
    Function{"double", true, false, 1, to_double},
    Function{"string", true, false, 1, to_string},
    Function{"bytes", true, false, 1, to_bytes},
    Function{"dyn", true, false, 1, to_dyn},
    Function{"type", true, false, 1, to_type},
};

}  // namespace

const Function* find_function(std::string_view name) {
  const auto found = std::ranges::find(kFunctions, name, &Function::name);
  return found == kFunctions.end() ? nullptr : &*found;
}

std::string no_such_overload(std::string_view name, std::span<const Value> arguments) {
  std::vector<std::string_view> types;
  for (const auto& argument : arguments) types.push_back(name_of(argument.type()));
  return fmt::format("no such overload: {}({})", name, fmt::join(types, ", "));
}

}  // namespace runbook::expression
