#include "controller/domain/substitution.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::expected<json::value, TextError> render_string(std::string_view text, const json::object& variables) {
  const auto parsed = Template::parse(text);
  if (!parsed) return std::unexpected(parsed.error());
  if (!parsed->is_whole()) {
    auto rendered = parsed->render(variables, limits::kRenderedBytes);
    if (!rendered) return std::unexpected(std::move(rendered.error()));
    return json::value(*rendered);
  }
  const auto& only = parsed->substitutions().front();
  const auto value = parsed->value(only, variables);
  if (!value) return std::unexpected(value.error());
  auto converted = expression::to_json(*value);
  if (!converted) return std::unexpected(TextError{std::move(converted.error()), only.place.at});
  return std::move(*converted);
}

std::unexpected<JsonTextError> below(std::string_view token, JsonTextError error) {
  error.pointer = '/' + pointer_token(token) + error.pointer;
  return std::unexpected(std::move(error));
}

}  // namespace

TextError located(const Placeholder& place, const expression::ExpressionError& error) {
  constexpr std::size_t kOpenColumns = 3;
  TextPosition at{place.at.line + error.line - 1, error.column};
  if (error.line == 1) at.column += place.at.column + kOpenColumns - 1;
  return {"in ${{ }}: " + error.message, at};
}

std::expected<Template, TextError> Template::parse(std::string_view text) {
  const auto placeholders = find_placeholders(text);
  if (!placeholders) return std::unexpected(placeholders.error());
  Template parsed;
  parsed.text_ = text;
  for (const auto& place : *placeholders) {
    auto expression = expression::Expression::parse(place.source(text));
    if (!expression) return std::unexpected(located(place, expression.error()));
    parsed.substitutions_.push_back({place, std::move(*expression)});
  }
  return parsed;
}

bool Template::is_whole() const {
  return substitutions_.size() == 1 && substitutions_.front().place.begin == 0 &&
         substitutions_.front().place.end == text_.size();
}

std::expected<expression::Value, TextError> Template::value(const Substitution& substitution,
                                                            const json::object& variables) const {
  auto value = substitution.expression.evaluate(variables);
  if (!value) return std::unexpected(located(substitution.place, value.error()));
  return std::move(*value);
}

std::expected<std::string, TextError> Template::value_text(const Substitution& substitution,
                                                           const json::object& variables) const {
  const auto evaluated = value(substitution, variables);
  if (!evaluated) return std::unexpected(evaluated.error());
  auto text = expression::to_text(*evaluated);
  if (!text) return std::unexpected(TextError{"in ${{ }}: " + text.error(), substitution.place.at});
  return std::move(*text);
}

std::expected<std::string, TextError> Template::render(const json::object& variables, std::size_t most,
                                                       const Encode& encode) const {
  std::string rendered;
  std::size_t behind = 0;
  for (const auto& substitution : substitutions_) {
    const auto& place = substitution.place;
    rendered.append(text_, behind, place.begin - behind);
    behind = place.end;
    auto text = value_text(substitution, variables);
    if (!text) return std::unexpected(std::move(text.error()));
    if (encode) {
      auto encoded = encode(std::move(*text));
      if (!encoded) return std::unexpected(TextError{std::move(encoded.error()), place.at});
      text = std::move(*encoded);
    }
    rendered += *text;
    const auto rest =
        substitution.place.begin == substitutions_.back().place.begin ? text_.size() - behind : 0;
    if (rendered.size() + rest > most) {
      return std::unexpected(TextError{
          fmt::format("with its values in place the text is longer than {} bytes", most), place.at});
    }
  }
  return rendered.append(text_, behind);
}

std::expected<ShellScript, TextError> compile_shell_text(const Template& text,
                                                         const json::object& variables) {
  ShellScript script;
  std::map<std::string_view, std::string> names;
  std::size_t behind = 0;
  for (const auto& substitution : text.substitutions()) {
    const auto& place = substitution.place;
    script.text.append(text.text(), behind, place.begin - behind);
    behind = place.end;
    auto [name, is_new] = names.try_emplace(trimmed(place.source(text.text())));
    if (is_new) {
      name->second = fmt::format("RUNBOOK_VALUE_{}", names.size());
      auto value = text.value_text(substitution, variables);
      if (!value) return std::unexpected(std::move(value.error()));
      if (value->find('\0') != std::string::npos) {
        return std::unexpected(TextError{"the value contains NUL, which no variable can hold", place.at});
      }
      if (name->second.size() + 1 + value->size() > limits::kVariableBytes) {
        return std::unexpected(
            TextError{fmt::format("the value has {} bytes, more than a variable can hold ({})", value->size(),
                                  limits::kVariableBytes - name->second.size() - 1),
                      place.at});
      }
      script.values.emplace(name->second, std::move(*value));
    }
    script.text += fmt::format("\"${}\"", name->second);
  }
  script.text.append(text.text(), behind);
  return script;
}

std::expected<json::value, JsonTextError> render_json(const json::value& value,
                                                      const json::object& variables) {
  if (value.is_string()) {
    auto rendered = render_string(value.get_string(), variables);
    if (!rendered) return std::unexpected(JsonTextError{{}, std::move(rendered.error())});
    return std::move(*rendered);
  }
  if (value.is_array()) {
    json::array items;
    for (const auto& item : value.get_array()) {
      auto rendered = render_json(item, variables);
      if (!rendered) return below(std::to_string(items.size()), std::move(rendered.error()));
      items.push_back(std::move(*rendered));
    }
    return items;
  }
  if (value.is_object()) {
    json::object members;
    for (const auto& member : value.get_object()) {
      auto rendered = render_json(member.value(), variables);
      if (!rendered) return below(member.key(), std::move(rendered.error()));
      members[member.key()] = std::move(*rendered);
    }
    return members;
  }
  return value;
}

}  // namespace runbook::domain
