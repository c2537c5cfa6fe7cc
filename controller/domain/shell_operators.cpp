// ShellReader: commands, operators and redirections.
#include <algorithm>
#include <array>
#include <utility>

#include "controller/domain/shell_reader.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace {

constexpr std::array<std::string_view, 8> kBeforeCommands{"if",    "then",  "elif", "else",
                                                          "while", "until", "do",   "!"};
constexpr std::array<std::string_view, 9> kAfterLists{"then", "elif", "else", "do", "done",
                                                      "fi",   "esac", "}",    "in"};

bool is_one_of(std::string_view word, const auto& words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// 2> and {log}>: which descriptor is redirected, no word of the command.
bool is_descriptor(std::string_view text) {
  return is_number(text) || (text.size() > 2 && text.front() == '{' && text.back() == '}');
}

}  // namespace

ShellReading read_shell(std::string_view text, const std::vector<Placeholder>& placeholders) {
  return ShellReader(text, placeholders).read();
}

ShellReading ShellReader::read() {
  while (!done()) level('\0');
  return std::move(reading_);
}

int ShellReader::peek(std::size_t ahead) {
  const auto at = at_ + ahead;
  if (at >= end_) return kEnd;
  while (next_ < placeholders_.size() && placeholders_[next_].end <= at_) ++next_;
  if (next_ < placeholders_.size() && at >= placeholders_[next_].begin) return kPlaceholder;
  return static_cast<unsigned char>(text_[at]);
}

void ShellReader::skip_blanks() {
  while (!done()) {
    if (peek() == ' ' || peek() == '\t') {
      skip(1);
    } else if (peek() == '\\' && peek(1) == '\n') {
      skip(2);
    } else {
      return;
    }
  }
}

bool ShellReader::enter() {
  if (depth_ < limits::kShellNesting) {
    ++depth_;
    return true;
  }
  reading_.too_deep = true;
  at_ = end_;
  return false;
}

void ShellReader::level(char closer) {
  if (!enter()) return;
  Level level{.closer = closer};
  while (!done() && step(level)) {}
  end_command(level);
  --depth_;
}

bool ShellReader::step(Level& level) {
  skip_blanks();
  const int c = peek();
  switch (c) {
    case kEnd: return true;
    case '\n': new_line(level); return true;
    case '#':
      while (!done() && text_[at_] != '\n') skip(1);
      return true;
    case ';':
    case '&':
    case '|':
    case '(':
    case ')':
    case '<':
    case '>': return operation(level, c);
    default: take_word(level); return true;
  }
}

bool ShellReader::operation(Level& level, int c) {
  if (c == ';') semicolon(level);
  if (c == '&') ampersand(level);
  if (c == '|') bar(level);
  if (c == '(') opening(level);
  if (c == ')') return closing(level);
  if (c == '<' || c == '>') redirection(level);
  return true;
}

void ShellReader::end_command(Level& level, bool side_by_side) {
  auto command = std::exchange(level.command, {});
  command.side_by_side = side_by_side || level.next_side_by_side;
  level.next_side_by_side = false;
  if (!command.words.empty()) reading_.commands.push_back(std::move(command));
}

bool ShellReader::in_pattern(const Level& level) const {
  return !level.cases.empty() && level.cases.back() == CasePart::kPattern;
}

void ShellReader::semicolon(Level& level) {
  const auto at = at_;
  end_command(level);
  skip(1);
  const bool in_case = !level.cases.empty() && level.cases.back() == CasePart::kBody;
  if (in_case && (peek() == ';' || peek() == '&' || peek() == '|')) {
    while (peek() == ';' || peek() == '&' || peek() == '|') skip(1);
    level.cases.back() = CasePart::kPattern;
    level.pattern_begun = false;
    return;
  }
  auto behind = text_.substr(at_, end_ - at_);
  behind.remove_prefix(std::min(behind.find_first_not_of(" \t\n"), behind.size()));
  const auto word = behind.substr(0, behind.find_first_of(" \t\n;&|<>()"));
  const bool closes = behind.empty() || behind.front() == ')' || behind.front() == '#';
  if (!closes && !is_one_of(word, kAfterLists)) note(ShellOperator::kSequence, at);
}

void ShellReader::ampersand(Level& level) {
  const auto at = at_;
  if (peek(1) == '>') {
    skip(peek(2) == '>' ? 3 : 2);
    return write_to(at);
  }
  const bool is_and = peek(1) == '&';
  end_command(level, !is_and);
  skip(is_and ? 2 : 1);
  note(is_and ? ShellOperator::kAndOr : ShellOperator::kBackground, at);
}

void ShellReader::bar(Level& level) {
  const auto at = at_;
  if (in_pattern(level)) return skip(1);
  const bool is_or = peek(1) == '|';
  end_command(level, !is_or);
  level.next_side_by_side = !is_or;
  skip(is_or || peek(1) == '&' ? 2 : 1);
  note(is_or ? ShellOperator::kAndOr : ShellOperator::kPipe, at);
}

void ShellReader::opening(Level& level) {
  if (in_pattern(level)) return skip(1);
  std::size_t ahead = 1;
  while (peek(ahead) == ' ' || peek(ahead) == '\t') ++ahead;
  auto& words = level.command.words;
  if (words.size() == 1 && peek(ahead) == ')') {
    reading_.functions.push_back({words.front().text, words.front().at, reading_.commands.size(), 0});
    level.function = reading_.functions.size() - 1;
    words.clear();
    return skip(ahead + 1);
  }
  if (words.empty() && peek(1) == '(') {
    skip(2);
    return arithmetic();
  }
  subshell(level);
}

void ShellReader::subshell(Level& level) {
  end_command(level);
  note(ShellOperator::kSubshell, at_);
  skip(1);
  const auto function = std::exchange(level.function, std::nullopt);
  this->level(')');
  if (function) reading_.functions[*function].end = reading_.commands.size();
}

bool ShellReader::closing(Level& level) {
  if (in_pattern(level)) {
    level.cases.back() = CasePart::kBody;
    skip(1);
    return true;
  }
  skip(1);
  end_command(level);
  return level.closer != ')';
}

void ShellReader::new_line(Level& level) {
  end_command(level);
  skip(1);
  for (const auto& document : std::exchange(here_documents_, {})) here_document_text(document);
}

void ShellReader::redirection(Level& level) {
  const auto at = at_;
  auto& words = level.command.words;
  const bool joined = at > 0 && std::string_view(" \t\n").find(text_[at - 1]) == std::string_view::npos;
  if (!words.empty() && joined && !quoted_ && is_descriptor(words.back().text)) words.pop_back();
  const int second = peek(1);
  if (second == '(') {
    auto substituted = word();
    words.push_back(std::move(substituted));
    return;
  }
  if (peek() == '<' && second == '<') {
    note(ShellOperator::kHereDocument, at);
    if (peek(2) != '<') return here_document();
    skip(3);
  } else if (peek() == '<' && second != '>') {
    skip(second == '&' ? 2 : 1);
    if (second != '&') note(ShellOperator::kInput, at);
  } else {
    const bool two = second == '>' || second == '|' || second == '&';
    skip(two ? 2 : 1);
    if (second != '&' || !copies_descriptor()) return write_to(at);
  }
  skip_blanks();
  word();
}

// 2>&1 and 2>&-, which write no file.
bool ShellReader::copies_descriptor() {
  skip_blanks();
  const auto target = text_.substr(at_, end_ - at_);
  const auto length = std::min(target.find_first_not_of("0123456789-"), target.size());
  const bool ends = length == target.size() || std::string_view(" \t\n;&|<>()").contains(target[length]);
  return length > 0 && ends;
}

// The word behind a writing redirection that begins at `at`.
void ShellReader::write_to(std::size_t at) {
  skip_blanks();
  auto target = word();
  if (!target.text.empty()) reading_.writes.push_back({std::move(target), at});
}

void ShellReader::here_document() {
  HereDocument document;
  skip(2);
  if (peek() == '-') {
    document.strip_tabs = true;
    skip(1);
  }
  skip_blanks();
  const auto delimiter = word();
  document.delimiter = delimiter.text;
  document.quoted = quoted_;
  here_documents_.push_back(std::move(document));
}

void ShellReader::here_document_text(const HereDocument& document) {
  const auto begin = at_;
  auto end = end_;
  while (!done()) {
    const auto line_begin = at_;
    const auto newline = text_.find('\n', at_);
    const auto line_end = std::min(newline, end_);
    auto line = text_.substr(line_begin, line_end - line_begin);
    at_ = std::min(line_end + 1, end_);
    if (document.strip_tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
    if (line != document.delimiter) continue;
    end = line_begin;
    break;
  }
  if (document.quoted) return;
  const auto behind = std::exchange(at_, begin);
  const auto whole = std::exchange(end_, end);
  while (!done()) {
    const int c = peek();
    if (c == '\\') {
      skip(2);
    } else if (c == '$') {
      dollar();
    } else if (c == '`') {
      backticks();
    } else {
      skip(1);
    }
  }
  end_ = whole;
  at_ = std::max(at_, behind);
}

// Words that begin, divide or end compound commands; what follows most of them is a command again.
bool ShellReader::take_reserved(Level& level, const ShellWord& word) {
  const std::string_view text = word.text;
  if (is_one_of(text, kBeforeCommands)) return true;
  if (text == "case") {
    level.cases.push_back(CasePart::kWord);
  } else if (text == "{") {
    level.braces.push_back(std::exchange(level.function, std::nullopt));
  } else if (text == "}") {
    if (level.braces.empty()) return true;
    if (const auto function = level.braces.back())
      reading_.functions[*function].end = reading_.commands.size();
    level.braces.pop_back();
  } else if (text == "[[") {
    test_command();
  } else if (text == "function") {
    skip_blanks();
    const auto name = this->word();
    reading_.functions.push_back({name.text, name.at, reading_.commands.size(), 0});
    level.function = reading_.functions.size() - 1;
    skip_blanks();
    if (peek() == '(' && peek(1) == ')') skip(2);
  } else if (text == "esac" && !level.cases.empty()) {
    level.cases.pop_back();
  } else {
    return text == "fi" || text == "done" || text == "time";
  }
  return true;
}

}  // namespace runbook::domain
