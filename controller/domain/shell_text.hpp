// Shell texts with placeholders: which of them stand where a double-quoted reference to a variable is one
// word or part of one, in the grammar of POSIX shells (XCU §2) and what bash, ksh and zsh add to it. Where
// shells disagree, or the reading is not certain, a placeholder is refused. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/placeholders.hpp"

namespace runbook::domain {

// How a shell reads its text. kPosix: what sh, dash and busybox have in common; /bin/sh may be any of them,
// and bash too.
enum class ShellFamily { kPosix, kBash, kKsh, kZsh };

// By the program's name: {"/bin/sh", "-c"}, {"bash", "-euo", "pipefail", "-c"}, {"busybox", "sh", "-c"}.
// Nothing for a program whose texts are not understood.
std::optional<ShellFamily> shell_family(const std::vector<std::string>& shell);

// What is wrong with the placeholders of `text`, in order: what each stands in, and what to do instead.
std::vector<TextError> judge_shell_text(std::string_view text, const std::vector<Placeholder>& placeholders,
                                        ShellFamily family);

}  // namespace runbook::domain
