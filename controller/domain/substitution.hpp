// Substitution: a text whose "${{ expression }}" are parsed, and what becomes of it in each place (CONTRACT
// §1). Pure; immutable once parsed.
#pragma once

#include <boost/json.hpp>

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/placeholders.hpp"
#include "controller/expression/expression.hpp"

namespace runbook::domain {

struct Substitution {
  Placeholder place;
  expression::Expression expression;
};

// An error inside of the expression of `place`, as a position of the whole text.
TextError located(const Placeholder& place, const expression::ExpressionError& error);

class Template {
 public:
  // Errors are those of find_placeholders() and of the expressions.
  static std::expected<Template, TextError> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<Substitution>& substitutions() const { return substitutions_; }

  // Whether it is one placeholder and nothing else.
  bool is_whole() const;

  // What a value becomes; an error says in words what is wrong with it.
  using Encode = std::function<std::expected<std::string, std::string>(std::string value)>;

  // The text with its values in place, at most `most` bytes.
  std::expected<std::string, TextError> render(const boost::json::object& variables, std::size_t most,
                                               const Encode& encode = {}) const;

  // The value of one placeholder, and as text: booleans and numbers as string() makes them, lists and maps as
  // JSON; null is an error.
  std::expected<expression::Value, TextError> value(const Substitution& substitution,
                                                    const boost::json::object& variables) const;
  std::expected<std::string, TextError> value_text(const Substitution& substitution,
                                                   const boost::json::object& variables) const;

 private:
  std::string text_;
  std::vector<Substitution> substitutions_;
};

// A shell text in which the n-th distinct expression became "$RUNBOOK_VALUE_<n>", with its double quotes, so
// that a value is one word or part of one, whatever is in it. judge_shell_text() decides where that is right.
struct ShellScript {
  std::string text;
  std::map<std::string, std::string> values;  // RUNBOOK_VALUE_<n> → text
};
std::expected<ShellScript, TextError> compile_shell_text(const Template& text,
                                                         const boost::json::object& variables);

// Values in JSON: a text that is one placeholder becomes the value itself, others get their values in place.
// Names are left alone.
struct JsonTextError {
  std::string pointer;  // to the text
  TextError error;
};
std::expected<boost::json::value, JsonTextError> render_json(const boost::json::value& value,
                                                             const boost::json::object& variables);

}  // namespace runbook::domain
