// Commands and operators: the parts of a shell text that words stand between.
#include "controller/domain/shell_lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace runbook::domain {

std::vector<TextError> ShellLexer::judge() {
  while (!done()) commands(false);
  std::ranges::sort(errors_, {},
                    [](const TextError& error) { return std::pair(error.at.line, error.at.column); });
  return std::move(errors_);
}

int ShellLexer::peek(std::size_t ahead) const {
  const auto at = at_ + ahead;
  if (at >= text_.size()) return kEnd;
  if (next_ < placeholders_.size() && at >= placeholders_[next_].begin) return kPlaceholder;
  return static_cast<unsigned char>(text_[at]);
}

void ShellLexer::skip_escape() {
  skip(1);
  if (!done() && !at_placeholder()) skip(1);
}

void ShellLexer::take_placeholder(Inside inside) {
  if (inside != Inside::kNothing) {
    refuse(fmt::format("${{{{ }}}} cannot stand {}", advice(inside)));
  } else {
    at_ = placeholders_[next_++].end;
  }
}

void ShellLexer::refuse(std::string message) {
  const auto placeholder = next_++;
  at_ = placeholders_[placeholder].end;
  deny(placeholder, message);
}

void ShellLexer::deny(std::size_t placeholder, const std::string& message) {
  if (refused_[placeholder]) return;
  refused_[placeholder] = true;
  errors_.push_back({message, placeholders_[placeholder].at});
}

void ShellLexer::give_up(std::string_view because) {
  const auto at = PositionCursor(text_).at(at_);
  while (next_ < placeholders_.size()) {
    refuse(
        fmt::format("${{{{ }}}} cannot stand after {} (line {}, column {}), which shells read differently; "
                    "write it in another way, or read the value from \"$RUNBOOK_PARAM_<NAME>\"",
                    because, at.line, at.column));
  }
  at_ = text_.size();
  gave_up_ = true;
}

void ShellLexer::lose_track(std::string_view because) {
  if (gave_up_) return;
  const auto at = PositionCursor(text_).at(at_);
  const auto message = fmt::format(
      "${{{{ }}}} cannot stand in a text with {} (line {}, column {}), which shells read differently; write "
      "it "
      "in another way, or read the value from \"$RUNBOOK_PARAM_<NAME>\"",
      because, at.line, at.column);
  give_up(because);
  for (std::size_t i = 0; i < placeholders_.size(); ++i) deny(i, message);
}

void ShellLexer::unclosed(std::string_view what) { lose_track(fmt::format("{} that is not closed", what)); }

bool ShellLexer::joins_operators() const {
  constexpr std::string_view kOperators = ";&|<>()";
  if (at_ == 0 || kOperators.find(text_[at_ - 1]) == std::string_view::npos) return false;
  std::size_t ahead = 0;
  while (peek(ahead) == '\\' && peek(ahead + 1) == '\n') ahead += 2;
  const int c = peek(ahead);
  return c == '-' || (c >= 0 && kOperators.find(static_cast<char>(c)) != std::string_view::npos);
}

void ShellLexer::commands(bool in_parentheses) {
  if (depth_ == kMostDepth) return give_up(kTooDeep);
  ++depth_;
  Level level{.in_parentheses = in_parentheses};
  bool ended = false;
  while (!done() && !ended) {
    const int c = peek();
    if (c == ' ' || c == '\t') {
      skip(1);
    } else if (c == '\\' && peek(1) == '\n') {
      if (joins_operators())
        give_up("an operator that a \\ at the end of a line divides");
      else
        skip(2);
    } else if (c == '\n') {
      new_line(level);
    } else if (c == '#') {
      if (level.at_target)
        give_up("a # behind a redirection");
      else
        comment();
    } else if (c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')') {
      ended = operation(level);
    } else {
      word(level);
    }
  }
  --depth_;
  if (ended || gave_up_) {
    if (!gave_up_ && (!level.cases.empty() || !level.opened.empty()))
      lose_track(") in the middle of a command");
    return;
  }
  if (in_parentheses) return unclosed("a (");
  if (!level.opened.empty()) return unclosed("if, do or case");
  if (!level.here_documents.empty()) unclosed("a here-document");
}

bool ShellLexer::operation(Level& level) {
  const int c = peek();
  if (level.at_name && c != '(') {
    give_up("a loop or function without a name");
    return false;
  }
  level.at_name = false;
  if (!level.cases.empty() && level.cases.back() != CasePart::kBody) {
    const bool in_pattern = level.cases.back() == CasePart::kPattern;
    if (!in_pattern || (c != '|' && c != '(' && c != ')')) {
      give_up("an operator in the head of a case");
      return false;
    }
  }
  if (level.at_target) {
    const bool is_substitution = (c == '<' || c == '>') && peek(1) == '(';
    if (!is_substitution) {
      give_up("a redirection without a word");
      return false;
    }
  }
  switch (peek()) {
    case ';': semicolon(level); return false;
    case '<':
    case '>': redirection(level); return false;
    case '(': opening_parenthesis(level); return false;
    case ')': return closing_parenthesis(level);
    default: break;
  }
  const bool in_pattern = !level.cases.empty() && level.cases.back() == CasePart::kPattern;
  if (!in_pattern) next_command(level);  // & and |
  skip(1);
  return false;
}

void ShellLexer::next_command(Level& level) {
  level.at_command = true;
  level.begun = false;
  level.after_time = false;
  level.could_name = false;
  level.skips_options = false;
  level.command = {};
}

void ShellLexer::semicolon(Level& level) {
  skip(1);
  next_command(level);
  const int c = peek();
  if (c != ';' && c != '&' && c != '|') return;
  if (level.cases.empty() || level.cases.back() != CasePart::kBody || level.opened.back() != "esac") {
    return lose_track(";; outside of a case");
  }
  while (peek() == ';' || peek() == '&' || peek() == '|') skip(1);
  level.cases.back() = CasePart::kPattern;
  level.in_pattern = false;
}

void ShellLexer::redirection(Level& level) {
  const int c = peek();
  const int second = peek(1);
  level.could_name = false;
  if (second == '(') return process_substitution(level);
  level.begun = true;
  level.at_target = true;
  if (c == '<' && second == '<') {
    skip(2);
    if (peek() == '<') return skip(1);
    return here_document_delimiter(level);
  }
  const bool two = second == '&' || second == '|' || second == '>';
  skip(two ? 2 : 1);
}

void ShellLexer::process_substitution(Level& level) {
  if (posix()) return give_up("<( )");
  const bool is_target = std::exchange(level.at_target, false);
  if (!is_target) level.at_command = false;
  skip(2);
  commands(true);
  const int c = peek();
  constexpr std::string_view kBehind = " \t\n;&|)";
  if (c != kEnd && (c < 0 || kBehind.find(static_cast<char>(c)) == std::string_view::npos)) {
    give_up("text at a <( )");
  }
}

void ShellLexer::opening_parenthesis(Level& level) {
  if (!level.cases.empty() && level.cases.back() == CasePart::kPattern) {
    if (level.in_pattern) return give_up("( in a pattern");
    level.in_pattern = true;
    return skip(1);
  }
  if (peek(1) == '(') {
    if (posix()) return give_up("((");
    if (!level.at_command && !level.after_name) return give_up("(( after a word");
    skip(2);
    arithmetic();
    next_command(level);
    return;
  }
  if (level.begun) return give_up("( after an assignment or redirection");
  if (!level.at_command) {
    std::size_t ahead = 1;
    while (peek(ahead) == ' ' || peek(ahead) == '\t') ++ahead;
    if (peek(ahead) != ')' || !level.could_name) return give_up("( after a word");
    skip(ahead + 1);  // a function's
    next_command(level);
    return;
  }
  skip(1);
  commands(true);
  next_command(level);  // what follows the () of a function
}

bool ShellLexer::closing_parenthesis(Level& level) {
  if (!level.cases.empty()) {
    if (level.cases.back() != CasePart::kPattern) {
      lose_track(") in the middle of a case");
      return true;
    }
    level.cases.back() = CasePart::kBody;
    next_command(level);
    skip(1);
    return false;
  }
  if (!level.in_parentheses) {
    lose_track(") without (");
    return true;
  }
  if (!level.here_documents.empty()) {
    give_up("a here-document whose text does not follow its line");
    return true;
  }
  skip(1);
  return true;
}

void ShellLexer::new_line(Level& level) {
  skip(1);
  if (here_documents_ > level.here_documents.size())
    return give_up("a here-document that begins before a substitution ends");
  if (level.at_target || level.at_name) return give_up("a line that ends before its command does");
  next_command(level);
  here_documents_ = 0;
  for (const auto& document : std::exchange(level.here_documents, {})) here_document_text(document);
}

void ShellLexer::here_document_delimiter(Level& level) {
  HereDocument document;
  if (peek() == '-') {
    document.strip_tabs = true;
    skip(1);
  }
  while (peek() == ' ' || peek() == '\t') skip(1);
  const auto begin = at_;
  char quote = '\0';
  while (!done()) {
    const int c = peek();
    if (c == kPlaceholder) {
      refuse(fmt::format("${{{{ }}}} cannot stand {}", advice(Inside::kDelimiter)));
      return give_up("such a here-document");
    }
    if (c == '\n' && quote != '\0')
      return give_up("a here-document with more than one line as its delimiter");
    if (c == '$' || c == '`' || (c == '#' && at_ == begin) || (c == '\\' && quote == '"')) {
      return give_up("a here-document with such a delimiter");
    }
    if (quote == '\0' &&
        std::string_view(" \t\n;&|<>()").find(static_cast<char>(c)) != std::string_view::npos)
      break;
    skip(1);
    if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
      quote = quote == '\0' ? static_cast<char>(c) : '\0';
      document.quoted = true;
    } else if (c == '\\' && quote == '\0') {
      document.quoted = true;
      if (done() || at_placeholder() || peek() == '\n')
        return give_up("a here-document with such a delimiter");
      document.delimiter.push_back(text_[at_]);
      skip(1);
    } else {
      document.delimiter.push_back(static_cast<char>(c));
    }
  }
  if (at_ == begin) return give_up("a here-document without a delimiter");
  level.at_target = false;
  level.here_documents.push_back(std::move(document));
  ++here_documents_;
}

void ShellLexer::here_document_text(const HereDocument& document) {
  const Scope scope(*this, Inside::kHereDocument);
  bool continued = false;
  while (!done()) {
    const auto begin = at_;
    bool is_text = true;
    while (!done() && peek() != '\n') {
      if (at_placeholder()) {
        take_placeholder();
        is_text = false;
      } else {
        skip(1);
      }
    }
    auto line = text_.substr(begin, at_ - begin);
    if (!done()) skip(1);
    if (document.strip_tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
    if (is_text && line == document.delimiter) {
      if (continued) return give_up("a \\ at the end of a line before a here-document's delimiter");
      return;
    }
    const auto last = line.find_last_not_of('\\');
    const auto backslashes = line.size() - (last == std::string_view::npos ? 0 : last + 1);
    continued = !document.quoted && backslashes % 2 == 1;
  }
  unclosed("a here-document");
}

}  // namespace runbook::domain
