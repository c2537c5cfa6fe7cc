// Placeholders: where "${{ expression }}" stands in a text. There is no escape: a text that needs the three
// characters themselves writes them apart, in a shell as '$''{{', elsewhere as ${{ "$" + "{{" }}. Pure.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace runbook::domain {

// Counted from 1, columns in code points.
struct TextPosition {
  std::size_t line = 1;
  std::size_t column = 1;
};

struct TextError {
  std::string message;
  TextPosition at = {};
};

// "line 3, column 7: message"
std::string to_string(const TextError& error);

struct Placeholder {
  std::size_t begin = 0;                                 // of "${{", in bytes
  std::size_t end = 0;                                   // behind "}}"
  TextPosition at = {};                                  // of "${{"
  std::string_view source(std::string_view text) const;  // between the braces
};

// All of them in order. A placeholder ends at the first "}}" that neither closes a brace of the expression
// nor stands in one of its strings or comments. An error for one without an end, an empty one, and too many.
std::expected<std::vector<Placeholder>, TextError> find_placeholders(std::string_view text);

bool has_placeholder(std::string_view text);

// Turns growing offsets into positions, reading the text once.
class PositionCursor {
 public:
  explicit PositionCursor(std::string_view text) : text_(text) {}
  TextPosition at(std::size_t offset);  // not before the last one asked for

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  TextPosition position_;
};

}  // namespace runbook::domain
