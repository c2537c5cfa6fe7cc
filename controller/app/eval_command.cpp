#include "controller/app/eval_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <map>

#include "controller/app/authority_files.hpp"
#include "controller/app/settings.hpp"
#include "controller/expression/expression.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::app {
namespace {

namespace json = boost::json;

struct Word {
  std::string_view word;
  double number;
};
constexpr std::array<Word, 3> kWords = {{{"NaN", std::numeric_limits<double>::quiet_NaN()},
                                         {"Infinity", std::numeric_limits<double>::infinity()},
                                         {"-Infinity", -std::numeric_limits<double>::infinity()}}};

// JSON text in which a string of the same length stands for each number that JSON does not have, so that
// positions stay true; and the numbers by the count of strings, names included, before them.
struct PlainJson {
  std::string text;
  std::map<std::size_t, double> numbers;
};

std::size_t end_of_string(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

PlainJson plain_json(std::string_view text) {
  PlainJson plain{std::string(text), {}};
  std::size_t strings = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      ++strings;
      at = end_of_string(text, at);
      continue;
    }
    const auto found = std::ranges::find_if(
        kWords, [&](const Word& candidate) { return text.substr(at).starts_with(candidate.word); });
    if (found == kWords.end()) {
      ++at;
      continue;
    }
    const auto length = found->word.size();
    plain.text.replace(at, length, "\"\"" + std::string(length - 2, ' '));
    plain.numbers.emplace(strings++, found->number);
    at += length;
  }
  return plain;
}

// Puts the numbers in the places of their strings; `strings` counts in the order of the text.
void put_back(json::value& value, const std::map<std::size_t, double>& numbers, std::size_t& strings,
              const std::string& file) {
  if (value.is_string()) {
    const auto found = numbers.find(strings++);
    if (found != numbers.end()) value = found->second;
  } else if (value.is_array()) {
    for (auto& item : value.get_array()) put_back(item, numbers, strings, file);
  } else if (value.is_object()) {
    for (auto& member : value.get_object()) {
      if (numbers.contains(strings++))
        throw SettingsError(fmt::format("{}: a member's name must be a string", file));
      put_back(member.value(), numbers, strings, file);
    }
  }
}

}  // namespace

json::object variables_of(std::string_view text, const std::string& file) {
  const auto plain = plain_json(text);
  auto parsed = parse_json(plain.text);
  if (!parsed) throw SettingsError(fmt::format("{}: {}", file, parsed.error().message));
  if (!parsed->is_object()) throw SettingsError(fmt::format("{}: a JSON object is needed", file));
  std::size_t strings = 0;
  put_back(*parsed, plain.numbers, strings, file);
  return std::move(parsed->get_object());
}

int run_eval(const EvalOrder& order) {
  json::object variables;
  if (!order.context.empty()) {
    variables = variables_of(read_setting_file("--context", order.context), order.context);
  }
  const auto expression = expression::Expression::parse(order.expression);
  const auto value = expression ? expression->evaluate(variables) : std::unexpected(expression.error());
  if (!value) {
    fmt::print(stderr, "{}\n", to_string(value.error()));
    return 1;
  }
  fmt::print("{}\n", print(*value));
  return 0;
}

}  // namespace runbook::app
