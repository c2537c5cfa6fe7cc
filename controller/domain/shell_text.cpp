#include "controller/domain/shell_text.hpp"

#include "controller/domain/shell_lexer.hpp"

namespace runbook::domain {

std::optional<ShellFamily> shell_family(const std::vector<std::string>& shell) {
  if (shell.empty()) return std::nullopt;
  const auto name = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
  const auto program = name(shell.front());
  if (program == "sh" || program == "dash") return ShellFamily::kPosix;
  if (program == "bash") return ShellFamily::kBash;
  if (program == "ksh") return ShellFamily::kKsh;
  if (program == "zsh") return ShellFamily::kZsh;
  if (program == "busybox" && shell.size() > 1 && (shell[1] == "sh" || shell[1] == "ash")) {
    return ShellFamily::kPosix;
  }
  return std::nullopt;
}

std::vector<TextError> judge_shell_text(std::string_view text, const std::vector<Placeholder>& placeholders,
                                        ShellFamily family) {
  return ShellLexer(text, placeholders, family).judge();
}

std::string_view ShellLexer::advice(Inside inside) {
  switch (inside) {
    case Inside::kNothing: return {};
    case Inside::kSingleQuotes:
      return "inside single quotes; end them before it and begin them again after it: 'a'${{ … }}'b'";
    case Inside::kDoubleQuotes:
      return "inside double quotes; it is quoted by itself, so end them before it: \"a\"${{ … }}\"b\"";
    case Inside::kAnsiQuotes: return "inside $'…'; end the quotes before it: $'a'${{ … }}$'b'";
    case Inside::kComment: return "in a comment, where it would do nothing; take it out";
    case Inside::kHereDocument:
      return "in a here-document; write x=${{ … }} before it and $x in it, with a delimiter that is not "
             "quoted, or use printf '%s\\n' ${{ … }} | command";
    case Inside::kDelimiter: return "as the delimiter of a here-document; write a fixed word";
    case Inside::kBackticks: return "inside backticks; use $( … ) instead of them";
    case Inside::kArithmetic:
      return "in arithmetic, which would run code that is in the value; write x=${{ … }} before it, check "
             "that "
             "$x is a number, and use x";
    case Inside::kTest:
      return "inside [[ ]]; use [ ] instead, or write x=${{ … }} before it and \"$x\" in it";
    case Inside::kExpansion: return "inside ${ }; write x=${{ … }} before it and \"$x\" in it";
    case Inside::kBrackets:
      return "inside [ ] of a word, which may be a subscript; quote brackets that are text: '['${{ … }}']'";
    case Inside::kBraces:
      return "inside { } of a word, of which this shell may make several words; quote braces that are text: "
             "'{'${{ … }}'}'";
    case Inside::kTilde: return "after a ~, where it would name a user; write \"$HOME\", or \\~ for a ~";
    case Inside::kName: return "as the name of a variable or function; write a fixed name";
    case Inside::kBackslash:
      return "after a backslash, which would take its quotes away; write \\\\ for a \\";
    case Inside::kDollar: return "after a $, which would change its meaning; write \\$ for a $";
  }
  return {};
}

}  // namespace runbook::domain
