// WordPattern: one word of a command as a host's policy allows it. `*` and `?` stand for characters other
// than
// `/`, `**` for any; a word is not matched by wildcards when it has a component `..`, nor, where the pattern
// begins with one, when it begins with `-`. Everything else stands for itself. Pure.
#pragma once

#include <string>
#include <string_view>

namespace runbook::policy {

class WordPattern {
 public:
  explicit WordPattern(std::string text) : text_(std::move(text)) {}

  bool matches(std::string_view word) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace runbook::policy
