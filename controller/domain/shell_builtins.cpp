// Commands of the shells that take a word as code, as arithmetic or as a name with a subscript, however well
// it is quoted: a value must not stand there.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "controller/domain/shell_lexer.hpp"

namespace runbook::domain {

namespace {

template <std::size_t kCount>
using Names = std::array<std::string_view, kCount>;

bool is_one_of(std::string_view word, const auto& words) {
  return std::ranges::find(words, word) != words.end();
}

constexpr Names<6> kPrefixes{"command", "builtin", "exec", "noglob", "nocorrect", "-"};
constexpr Names<9> kTakeCode{"eval",  "trap",    "let",      "integer", "float",
                             "sched", "compgen", "complete", "nameref"};
constexpr Names<10> kTakeNames{"read",       "unset", "getopts",   "mapfile",  "readarray",
                               "zparseopts", "vared", "functions", "autoload", "zle"};
constexpr Names<7> kTakeNumbers{"shift",    "exit",   "return", "break",
                                "continue", "logout", "ulimit"};  // not sh
constexpr Names<5> kDeclarations{"declare", "typeset", "local", "export", "readonly"};
constexpr Names<6> kComparisons{"-eq", "-ne", "-lt", "-le", "-gt", "-ge"};
constexpr Names<3> kUnaryTests{"-v", "-R", "-t"};
constexpr Names<24> kEvaluated{"PS0",
                               "PS1",
                               "PS2",
                               "PS3",
                               "PS4",
                               "PROMPT",
                               "PROMPT2",
                               "PROMPT3",
                               "PROMPT4",
                               "RPROMPT",
                               "PROMPT_COMMAND",
                               "ENV",
                               "BASH_ENV",
                               "RANDOM",
                               "SECONDS",
                               "OPTIND",
                               "LINENO",
                               "COLUMNS",
                               "LINES",
                               "HISTSIZE",
                               "SAVEHIST",
                               "TMOUT",
                               "SRANDOM",
                               "FUNCNEST"};

// A word without its quotes.
std::string bare_of(std::string_view source) {
  std::string bare;
  for (const char c : source) {
    if (c != '\\' && c != '\'' && c != '"' && c != '\n') bare.push_back(c);
  }
  return bare;
}

// Whether a printf format takes its words as texts only.
bool formats_texts(std::string_view format) {
  for (auto at = format.find('%'); at != std::string_view::npos; at = format.find('%', at + 2)) {
    if (at + 1 >= format.size()) return false;
    if (std::string_view("%sbq").find(format[at + 1]) == std::string_view::npos) return false;
  }
  return format.find('$') == std::string_view::npos && format.find('`') == std::string_view::npos;
}

}  // namespace

void ShellLexer::begin_command(Level& level, std::string_view source) {
  level.command = {};
  level.command.name = bare_of(source);
  level.skips_options = is_one_of(level.command.name, kPrefixes);
  const auto& name = level.command.name;
  if (name == "integer" || name == "float" || name == "nameref") integers_ = true;
  if (name == "alias") give_up("alias");
}

void ShellLexer::deny_all(const Word& word, std::string_view by) {
  for (const auto placeholder : word.placeholders) {
    deny(placeholder,
         fmt::format("${{{{ }}}} cannot stand in a word of {}, which may run code that is in the "
                     "value; write x=${{{{ … }}}} before it, check that $x is what it should be, "
                     "and use \"$x\"",
                     by));
  }
}

void ShellLexer::judge_assignment(const Word& word) {
  const auto name = std::string_view(word.plain).substr(0, word.plain.find_first_of("=+["));
  if (is_one_of(name, kEvaluated)) {
    deny_all(word, fmt::format("an assignment to {}", name));
  } else if (integers_) {
    deny_all(word, "an assignment in a text that declares integers or references");
  }
}

void ShellLexer::judge_argument(Level& level, const Word& word, std::string_view source, std::size_t first) {
  const auto bare = bare_of(source);
  if (level.skips_options) {
    if (!bare.starts_with('-')) begin_command(level, source);
    return;
  }
  auto& command = level.command;
  const std::string_view name = command.name;
  const bool wide = family_ == ShellFamily::kKsh || family_ == ShellFamily::kZsh;
  if (is_one_of(name, kTakeCode)) {
    for (auto placeholder = first; placeholder < next_; ++placeholder) {
      Word inner;
      inner.placeholders.push_back(placeholder);
      deny_all(inner, name);
    }
  } else if (is_one_of(name, kTakeNames) || (wide && is_one_of(name, kTakeNumbers)) ||
             (name == "in" && integers_)) {
    deny_all(word, name);
  } else if (name == "[" || name == "test") {
    judge_test(level, word, bare);
  } else if (is_one_of(name, kDeclarations)) {
    judge_declaration(level, word, bare);
  } else {
    judge_option(level, bare, word);
  }
}

void ShellLexer::judge_option(Level& level, const std::string& bare, const Word& word) {
  auto& command = level.command;
  const std::string_view name = command.name;
  const bool wide = family_ == ShellFamily::kKsh || family_ == ShellFamily::kZsh;
  const bool is_known = name == "printf" || name == "print" || name == "wait" || name == "set";
  if (!is_known) return;
  const bool is_option = !command.has_operand && bare.size() > 1 && (bare[0] == '-' || bare[0] == '+');
  if (command.has_option) {
    deny_all(word, name);
  } else if (is_option) {
    // printf -v NAME, wait -p NAME, set -A NAME, print -f FORMAT and its like
    if (name == "printf") command.has_option = bare != "--";
    if (name == "wait") command.has_option = true;
    if (name == "set") command.has_option = bare.find('A') != std::string::npos;
    if (name == "print") command.has_option = bare.find_first_not_of("-rnlR") != std::string::npos;
    if (name == "set" && bare == "--") command.has_operand = true;
    if (command.has_option) deny_all(word, name);
  } else if (name == "printf" && wide && !command.has_operand) {
    command.has_operand = true;
    command.only_texts = word.placeholders.empty() && formats_texts(bare);
    if (!command.only_texts) deny_all(word, name);
  } else if (name == "printf" && wide && !command.only_texts) {
    deny_all(word, "a printf with other conversions than %s, %b and %q");
  } else {
    command.has_operand = true;
  }
}

void ShellLexer::judge_test(Level& level, const Word& word, const std::string& bare) {
  auto& command = level.command;
  const bool wide = family_ == ShellFamily::kKsh || family_ == ShellFamily::kZsh;
  bool compares = command.compares;
  if (wide) {
    std::size_t ahead = 0;
    while (peek(ahead) == ' ' || peek(ahead) == '\t') ++ahead;
    compares = compares || is_one_of(text_.substr(std::min(at_ + ahead, text_.size()), 3), kComparisons);
  }
  const bool begins_free = bare.starts_with("${{");
  if (compares) deny_all(word, "such a test");
  if (command.before_free && begins_free) deny_all(word, "a test with two values in a row");
  command.compares = is_one_of(bare, kUnaryTests) || (wide && is_one_of(bare, kComparisons));
  command.before_free = begins_free;
}

void ShellLexer::judge_declaration(Level& level, const Word& word, const std::string& bare) {
  auto& command = level.command;
  if (!word.assigns && (bare.starts_with('-') || bare.starts_with('+'))) {
    if (bare.find_first_of("inEFXT$`") != std::string::npos) {
      command.has_option = true;
      if (command.name != "export") integers_ = true;
    }
  }
  if (command.has_option || !word.assigns) {
    deny_all(word, fmt::format("{} that is not the value of a text", command.name));
  } else {
    judge_assignment(word);
  }
}

}  // namespace runbook::domain
