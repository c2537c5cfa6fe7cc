// Shell texts of tests: the families by short names, and what is wrong with a text.
#pragma once

#include <string_view>
#include <vector>

#include "controller/domain/shell_text.hpp"

namespace runbook::domain::testing {

inline constexpr auto kSh = ShellFamily::kPosix;
inline constexpr auto kBash = ShellFamily::kBash;
inline constexpr auto kKsh = ShellFamily::kKsh;
inline constexpr auto kZsh = ShellFamily::kZsh;

inline std::vector<TextError> judged(std::string_view text, ShellFamily family) {
  const auto placeholders = find_placeholders(text);
  if (!placeholders) return {placeholders.error()};
  return judge_shell_text(text, *placeholders, family);
}

}  // namespace runbook::domain::testing
