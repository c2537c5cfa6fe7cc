// Quotes, comments and substitutions of a shell text.
#include <utility>

#include "controller/domain/shell_lexer.hpp"

namespace runbook::domain {

namespace {

bool is_name_byte(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_special_parameter(int c) {
  return c == '?' || c == '$' || c == '!' || c == '#' || c == '@' || c == '*' || c == '-';
}

}  // namespace

void ShellLexer::single_quotes() {
  const Scope scope(*this, Inside::kSingleQuotes);
  skip(1);
  while (!done()) {
    if (at_placeholder()) {
      take_placeholder();
      continue;
    }
    const bool closes = peek() == '\'';
    skip(1);
    if (closes) return;
  }
  unclosed("a '");
}

void ShellLexer::double_quotes() {
  const Scope scope(*this, Inside::kDoubleQuotes);
  skip(1);
  while (!done()) {
    switch (peek()) {
      case kPlaceholder: take_placeholder(); break;
      case '"': return skip(1);
      case '\\': skip_escape(); break;
      case '`': backticks(); break;
      case '$':
        // What stands in $( ) begins anew, whatever the quotes round it.
        if (peek(1) == '(' && peek(2) != '(') {
          const auto quoted = std::exchange(inside_, scope.outer());
          dollar(true);
          inside_ = quoted;
        } else {
          dollar(true);
        }
        break;
      default: skip(1); break;
    }
  }
  unclosed("a \"");
}

void ShellLexer::ansi_quotes() {
  const Scope scope(*this, Inside::kAnsiQuotes);
  skip(2);
  while (!done()) {
    switch (peek()) {
      case kPlaceholder: take_placeholder(); break;
      case '\'': return skip(1);
      case '\\':
        if (posix() && peek(1) == '\'') return give_up("$'…\\'…'");
        skip_escape();
        break;
      default: skip(1); break;
    }
  }
  unclosed("a $'");
}

void ShellLexer::backticks() {
  // Between double quotes too, it is the backticks that have to go.
  const auto outer = inside_;
  if (inside_ == Inside::kNothing || inside_ == Inside::kDoubleQuotes) inside_ = Inside::kBackticks;
  skip(1);
  while (!done()) {
    if (at_placeholder()) {
      take_placeholder();
    } else if (peek() == '\\') {
      skip_escape();
    } else {
      const bool closes = peek() == '`';
      skip(1);
      if (closes) {
        inside_ = outer;
        return;
      }
    }
  }
  inside_ = outer;
  unclosed("a `");
}

void ShellLexer::comment() {
  const Scope scope(*this, Inside::kComment);
  while (!done() && peek() != '\n') {
    if (at_placeholder()) {
      take_placeholder();
    } else {
      skip(1);
    }
  }
}

void ShellLexer::dollar(bool in_double_quotes) {
  if (depth_ == kMostDepth) return give_up(kTooDeep);
  ++depth_;
  dollar_part(in_double_quotes);
  --depth_;
}

void ShellLexer::dollar_part(bool in_double_quotes) {
  const int c = peek(1);
  if (c == kPlaceholder) {
    skip(1);
    return take_placeholder(inside_ == Inside::kNothing ? Inside::kDollar : inside_);
  }
  if (c == '(' && peek(2) == '(') {
    skip(3);
    return arithmetic();
  }
  if (c == '(') {
    skip(2);
    return commands(true);
  }
  if (c == '{') {
    skip(2);
    return expansion(in_double_quotes);
  }
  if (c == '\\' && peek(2) == '\n') return give_up("a $ at the end of a line with a \\");
  if (c == '[') return give_up("$[");
  if (c == '\'' && !in_double_quotes) return ansi_quotes();
  if (c == '"' && !in_double_quotes) {
    skip(1);
    return double_quotes();
  }
  if (family_ == ShellFamily::kZsh && (c == '~' || c == '^' || c == '=' || c == '+' || c == ':')) {
    return give_up("such a $ of zsh");
  }
  skip(1);
  if (is_special_parameter(c)) return skip(1);
  while (is_name_byte(peek())) skip(1);
}

// Behind "${".
void ShellLexer::expansion(bool in_double_quotes) {
  const auto outer = inside_;
  if (inside_ == Inside::kNothing || inside_ == Inside::kDoubleQuotes) inside_ = Inside::kExpansion;
  const int first = peek();
  if (first == ' ' || first == '\t' || first == '\n' || first == '|' || first == '(') {
    give_up("such a ${ }");
  }
  while (!done()) {
    const int c = peek();
    if (c == '}') {
      skip(1);
      inside_ = outer;
      return;
    }
    if (c == '\\' && peek(1) == '\n') return give_up("a \\ at the end of a line in ${ }");
    switch (c) {
      case kPlaceholder: take_placeholder(); break;
      case '\\': skip_escape(); break;
      case '`': backticks(); break;
      case '$': dollar(in_double_quotes); break;
      case '{': give_up("{ in ${ }"); break;
      case '\'':
      case '"':
        if (in_double_quotes) {
          give_up("quotes in a ${ } that is quoted itself");
        } else if (c == '"') {
          double_quotes();
        } else {
          single_quotes();
        }
        break;
      default: skip(1); break;
    }
  }
  inside_ = outer;
  unclosed("a ${");
}

// Behind "((" or "$((".
void ShellLexer::arithmetic() {
  const auto outer = inside_;
  if (inside_ == Inside::kNothing || inside_ == Inside::kDoubleQuotes) inside_ = Inside::kArithmetic;
  std::size_t open = 2;
  while (!done() && open > 0) {
    switch (peek()) {
      case kPlaceholder: take_placeholder(); break;
      case '(':
        ++open;
        skip(1);
        break;
      case ')':
        skip(1);
        --open;
        if (open == 1 && peek() != ')') give_up("(( that is not closed by ))");
        break;
      case '\\': skip_escape(); break;
      case '\'':
      case '"': give_up("quotes in arithmetic"); break;
      case '`': backticks(); break;
      case '$': dollar(true); break;
      default: skip(1); break;
    }
  }
  inside_ = outer;
  if (open > 0) unclosed("a ((");
}

}  // namespace runbook::domain
