// ShellReader: words, quotes and expansions.
#include "controller/domain/shell_commands.hpp"

#include <algorithm>
#include <utility>

#include "controller/domain/shell_reader.hpp"

namespace runbook::domain {

namespace {

bool is_name_byte(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void add(ShellWord& word, char c) {
  if (word.is_literal()) ++word.literal;
  word.text.push_back(c);
}

}  // namespace

void ShellReader::take_word(Level& level) {
  const auto begin = at_;
  auto taken = word();
  if (at_ == begin) return skip(1);  // nothing that a word may begin with
  if (take_case_word(level, taken, !quoted_)) return;
  const bool begins = level.command.words.empty();
  if (begins && !quoted_ && taken.is_literal() && take_reserved(level, taken)) return;
  level.command.words.push_back(std::move(taken));
}

// Whether the word belongs to the head of a case.
bool ShellReader::take_case_word(Level& level, const ShellWord& word, bool plain) {
  if (level.cases.empty() || level.cases.back() == CasePart::kBody) return false;
  auto& part = level.cases.back();
  if (part == CasePart::kWord) {
    part = CasePart::kIn;
  } else if (part == CasePart::kIn) {
    part = CasePart::kPattern;
    level.pattern_begun = false;
  } else if (plain && word.text == "esac" && !level.pattern_begun) {
    level.cases.pop_back();
  } else {
    level.pattern_begun = true;
  }
  return true;
}

// Between [[ and ]], where operators are comparisons.
void ShellReader::test_command() {
  while (!done()) {
    skip_blanks();
    const auto begin = at_;
    const auto taken = word();
    if (taken.text == "]]" && !quoted_) return;
    if (at_ == begin) skip(1);
  }
}

ShellWord ShellReader::word() {
  ShellWord word;
  word.at = at_;
  quoted_ = false;
  while (!done() && word_part(word)) {}
  return word;
}

bool ShellReader::word_part(ShellWord& word) {
  const int c = peek();
  switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case ';':
    case '&':
    case '|':
    case ')': return false;
    case '<':
    case '>':
      if (peek(1) != '(') return false;
      note(ShellOperator::kProcessSubstitution, at_);
      word.text += text_.substr(at_, 2);
      skip(2);
      level(')');
      return true;
    case '(':
      if (!word.text.ends_with('=')) return false;
      skip(1);
      array();
      return true;
    case '\\':
      quoted_ = quoted_ || peek(1) != '\n';
      if (peek(1) >= 0 && peek(1) != '\n') add(word, text_[at_ + 1]);
      skip(peek(1) == kPlaceholder ? 1 : 2);
      return true;
    case '\'': single_quotes(word); return true;
    case '"': double_quotes(word); return true;
    case '$':
      if (peek(1) == '\'') {
        ansi_quotes(word);
        return true;
      }
      if (peek(1) == '"') skip(1);
      if (peek() == '"') {
        double_quotes(word);
        return true;
      }
      expand(word);
      return true;
    case '`':
    case kPlaceholder: expand(word); return true;
    default:
      add(word, static_cast<char>(c));
      skip(1);
      return true;
  }
}

void ShellReader::single_quotes(ShellWord& word) {
  quoted_ = true;
  skip(1);
  while (!done() && peek() != '\'') {
    if (peek() == kPlaceholder) {
      expand(word);
    } else {
      add(word, text_[at_]);
      skip(1);
    }
  }
  skip(1);
}

void ShellReader::double_quotes(ShellWord& word) {
  quoted_ = true;
  skip(1);
  while (!done() && peek() != '"') {
    const int c = peek();
    if (c == '$' || c == '`' || c == kPlaceholder) {
      expand(word);
      continue;
    }
    const int behind = peek(1);
    const bool escapes = behind == '$' || behind == '`' || behind == '"' || behind == '\\' || behind == '\n';
    if (c == '\\' && escapes) skip(1);
    if (c != '\\' || behind != '\n') add(word, text_[at_]);
    skip(1);
  }
  skip(1);
}

// Of its escapes only those of one character are read; others count as not known.
void ShellReader::ansi_quotes(ShellWord& word) {
  quoted_ = true;
  skip(2);
  while (!done() && peek() != '\'') {
    const int c = peek();
    if (c == kPlaceholder) {
      expand(word);
      continue;
    }
    if (c == '\\') {
      const int behind = peek(1);
      const bool known = behind == '\'' || behind == '\\' || behind == '"' || behind == '?';
      if (!known) word.text.push_back('\\');
      skip(1);
      if (done()) return;
    }
    add(word, text_[at_]);
    skip(1);
  }
  skip(1);
}

void ShellReader::expand(ShellWord& word) {
  const auto begin = at_;
  if (peek() == kPlaceholder) {
    at_ = std::min(placeholders_[next_].end, end_);
  } else if (peek() == '`') {
    backticks();
  } else if (peek(1) == '(' || peek(1) == '{' || is_name_byte(peek(1)) ||
             (peek(1) >= 0 &&
              std::string_view("?$!#@*-").find(static_cast<char>(peek(1))) != std::string_view::npos)) {
    dollar();
  } else {
    add(word, '$');
    return skip(1);
  }
  word.text += text_.substr(begin, at_ - begin);
}

void ShellReader::dollar() {
  const int c = peek(1);
  if (c == '(' && peek(2) == '(') {
    skip(3);
    return arithmetic();
  }
  if (c == '(') {
    note(ShellOperator::kSubstitution, at_);
    skip(2);
    return level(')');
  }
  if (c == '{') {
    skip(2);
    return braces();
  }
  skip(is_name_byte(c) ? 1 : 2);
  while (is_name_byte(c) && is_name_byte(peek())) skip(1);
}

// What stands in them is read in its place; a backslash in it takes the next character's meaning away.
void ShellReader::backticks() {
  note(ShellOperator::kSubstitution, at_);
  skip(1);
  auto end = at_;
  while (end < end_ && text_[end] != '`') end += text_[end] == '\\' ? 2 : 1;
  end = std::min(end, end_);
  const auto whole = std::exchange(end_, end);
  auto waiting = std::exchange(here_documents_, {});
  while (!done()) level('\0');
  here_documents_ = std::move(waiting);
  end_ = whole;
  at_ = end;
  skip(1);
}

// Behind "${".
void ShellReader::braces() {
  if (!enter()) return;
  ShellWord ignored;
  const bool outer = quoted_;
  while (!done() && peek() != '}') {
    const int c = peek();
    if (c == '\\') {
      skip(peek(1) == kPlaceholder ? 1 : 2);
    } else if (c == '\'') {
      single_quotes(ignored);
    } else if (c == '"') {
      double_quotes(ignored);
    } else if (c == '$' || c == '`' || c == kPlaceholder) {
      expand(ignored);
    } else {
      skip(1);
    }
  }
  skip(1);
  quoted_ = outer;
  --depth_;
}

// Behind "((" or "$((": also when it turns out to be two subshells, whose operators then are not seen.
void ShellReader::arithmetic() {
  if (!enter()) return;
  ShellWord ignored;
  std::size_t open = 2;
  while (!done() && open > 0) {
    const int c = peek();
    if (c == '$' || c == '`' || c == kPlaceholder) {
      expand(ignored);
      continue;
    }
    if (c == '(') ++open;
    if (c == ')') --open;
    skip(c == '\\' && peek(1) != kPlaceholder ? 2 : 1);
  }
  --depth_;
}

// The elements of NAME=( … ).
void ShellReader::array() {
  if (!enter()) return;
  while (!done() && peek() != ')') {
    if (peek() == '#') {
      while (!done() && text_[at_] != '\n') skip(1);
      continue;
    }
    const auto begin = at_;
    word();
    if (at_ == begin) skip(1);
  }
  skip(1);
  --depth_;
}

}  // namespace runbook::domain
