#include "controller/domain/selector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_symbol(char c) { return std::string_view("=!(),<>").find(c) != std::string_view::npos; }

}  // namespace

// The grammar of Kubernetes' labels.Parse: requirements separated by commas; inside parentheses an absent
// word is the empty value; `in` and `notin` are words like others where a key or a value stands.
class SelectorParser {
 public:
  using Operator = Selector::Operator;
  using Requirement = Selector::Requirement;

  explicit SelectorParser(std::string_view text) : text_(text) { skip_space(); }

  Result<std::vector<Requirement>> parse() {
    std::vector<Requirement> requirements;
    if (at_end()) return requirements;
    while (true) {
      auto requirement = parse_requirement();
      if (!requirement) return std::unexpected(requirement.error());
      requirements.push_back(std::move(*requirement));
      if (at_end()) return requirements;
      if (!take(',')) return expected("',' or the end");
    }
  }

 private:
  Result<Requirement> parse_requirement() {
    const bool negated = take('!');
    const std::size_t key_at = at_;
    auto key = take_word();
    if (key.empty()) return expected("a label key");
    if (auto wrong = label_key_fault(key); !wrong.empty()) return failed(key_at, wrong);
    Requirement requirement{std::move(key), Operator::kExists, {}};
    if (negated) {
      requirement.op = Operator::kNotExists;
      return requirement;
    }
    if (at_end() || peek() == ',') return requirement;
    return parse_operator(std::move(requirement));
  }

  Result<Requirement> parse_operator(Requirement requirement) {
    if (take('!')) {
      if (!take('=')) return expected("'=' after '!'");
      requirement.op = Operator::kNotIn;
      return parse_value(std::move(requirement));
    }
    if (take('=')) {
      take('=');
      requirement.op = Operator::kIn;
      return parse_value(std::move(requirement));
    }
    if (take('>')) return parse_number(std::move(requirement), Operator::kGreater);
    if (take('<')) return parse_number(std::move(requirement), Operator::kLess);
    const std::size_t word_at = at_;
    const auto word = take_word();
    if (word == "in" || word == "notin") {
      requirement.op = word == "in" ? Operator::kIn : Operator::kNotIn;
      return parse_set(std::move(requirement));
    }
    at_ = word_at;
    return expected("one of =, ==, !=, in, notin, <, >");
  }

  Result<Requirement> parse_value(Requirement requirement) {
    const std::size_t value_at = at_;
    auto value = take_word();
    if (auto wrong = label_value_fault(value); !wrong.empty()) return failed(value_at, wrong);
    requirement.values.push_back(std::move(value));
    return requirement;
  }

  Result<Requirement> parse_number(Requirement requirement, Operator op) {
    const std::size_t value_at = at_;
    auto value = take_word();
    if (!whole_number(value)) return failed(value_at, "a whole number must follow < and >");
    requirement.op = op;
    requirement.values.push_back(std::move(value));
    return requirement;
  }

  Result<Requirement> parse_set(Requirement requirement) {
    if (!take('(')) return expected("'('");
    do {
      const std::size_t value_at = at_;
      auto value = take_word();
      if (auto wrong = label_value_fault(value); !wrong.empty()) return failed(value_at, wrong);
      requirement.values.push_back(std::move(value));
    } while (take(','));
    if (!take(')')) return expected("',' or ')'");
    return requirement;
  }

  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return text_[at_]; }

  void skip_space() {
    while (!at_end() && is_space(peek())) ++at_;
  }

  bool take(char symbol) {
    if (at_end() || peek() != symbol) return false;
    ++at_;
    skip_space();
    return true;
  }

  std::string take_word() {
    const std::size_t begin = at_;
    while (!at_end() && !is_space(peek()) && !is_symbol(peek())) ++at_;
    std::string word(text_.substr(begin, at_ - begin));
    skip_space();
    return word;
  }

  std::unexpected<Error> failed(std::size_t position, std::string_view what) const {
    return failure(ErrorCode::kInvalid, fmt::format("At character {}: {}.", position + 1, what));
  }

  std::unexpected<Error> expected(std::string_view what) const {
    std::string found = at_end() ? "the text ends" : fmt::format("'{}' stands", peek());
    return failed(at_, fmt::format("{} was expected where {}", what, found));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Result<Selector> Selector::parse(std::string_view text) {
  if (text.size() > limits::kSelectorBytes) {
    return failure(ErrorCode::kInvalid,
                   fmt::format("A selector may have at most {} bytes.", limits::kSelectorBytes));
  }
  auto requirements = SelectorParser(text).parse();
  if (!requirements) return std::unexpected(requirements.error());
  Selector selector;
  selector.text_ = text;
  selector.requirements_ = std::move(*requirements);
  return selector;
}

bool Selector::Requirement::holds(const Labels& labels) const {
  const auto label = labels.find(key);
  const bool present = label != labels.end();
  const auto listed = [&] { return std::ranges::find(values, label->second) != values.end(); };
  const auto compared = [&](bool greater) {
    const auto left = whole_number(label->second);
    const auto right = whole_number(values.front());
    return left && right && (greater ? *left > *right : *left < *right);
  };
  switch (op) {
    case Operator::kIn: return present && listed();
    case Operator::kNotIn: return !present || !listed();  // Kubernetes: an absent key is not in any set
    case Operator::kExists: return present;
    case Operator::kNotExists: return !present;
    case Operator::kGreater: return present && compared(true);
    case Operator::kLess: return present && compared(false);
  }
  std::unreachable();
}

bool Selector::matches(const Labels& labels) const {
  return std::ranges::all_of(requirements_, [&](const Requirement& each) { return each.holds(labels); });
}

boost::json::array Selector::to_json() const {
  constexpr auto kWords = std::to_array<std::string_view>({"in", "notin", "exists", "!", ">", "<"});
  boost::json::array all;
  for (const auto& each : requirements_) {
    all.push_back(boost::json::object{{"key", each.key},
                                      {"op", kWords.at(static_cast<std::size_t>(each.op))},
                                      {"values", boost::json::value_from(each.values)}});
  }
  return all;
}

}  // namespace runbook::domain
