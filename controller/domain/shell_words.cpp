// Words of a shell text: what they are made of, and which of them change how the rest is read.
#include <algorithm>
#include <array>
#include <utility>

#include "controller/domain/shell_lexer.hpp"

namespace runbook::domain {

namespace {

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// {name} before a redirection, as bash, ksh and zsh have it.
bool is_descriptor_name(std::string_view text) {
  return text.size() > 2 && text.front() == '{' && text.back() == '}' &&
         is_name(text.substr(1, text.size() - 2));
}

bool is_one_of(std::string_view word, const auto& words) {
  return std::ranges::find(words, word) != words.end();
}

// A command, or another reserved word, may follow these at once.
constexpr std::array<std::string_view, 15> kBeforeCommands{"if",     "then", "elif", "else", "while",
                                                           "until",  "do",   "!",    "{",    "time",
                                                           "coproc", "fi",   "done", "}",    "esac"};
constexpr std::array<std::string_view, 3> kBeforeNames{"for", "select", "function"};
constexpr std::array<std::string_view, 3> kOfZsh{"repeat", "foreach", "always"};

}  // namespace

void ShellLexer::word(Level& level) {
  const bool is_target = std::exchange(level.at_target, false);
  Word word;
  if (level.at_name) {
    const Scope scope(*this, Inside::kName);
    word_parts(word, false);
  } else {
    word_parts(word, false);
  }
  if (word.brackets > 0 && word.subscript && !done()) return give_up("a subscript with a blank in it");
  if (is_target) return;
  if (word.is_plain && (peek() == '<' || peek() == '>') &&
      (is_number(word.plain) || is_descriptor_name(word.plain))) {
    return;
  }
  if (word.is_plain && word.plain == "[[") return test_command();
  if (level.at_name) {
    level.at_name = false;
    level.at_command = level.after_function;
    return;
  }
  if (!judge_case_word(level, word)) judge_word(level, word);
}

void ShellLexer::word_parts(Word& word, bool in_array) {
  while (!done() && word_part(word, in_array)) {}
}

bool ShellLexer::word_part(Word& word, bool in_array) {
  const Scope scope(*this, inside_of(word));
  const int c = peek();
  if (c == '(') {
    if (in_array || !word.assigns || !word.is_plain || !word.plain.ends_with('=')) return false;
    array(word);
    return true;
  }
  if (c == '\\' && peek(1) == '\n') {
    skip(2);
    return true;
  }
  constexpr std::string_view kBehindWords = " \t\n;&|<>)";
  if (c >= 0 && kBehindWords.find(static_cast<char>(c)) != std::string_view::npos) return false;
  const bool is_special = c == kPlaceholder || c == '\\' || c == '\'' || c == '"' || c == '`' || c == '$';
  if (!is_special) {
    plain_character(word, static_cast<char>(c));
    return true;
  }
  word.is_plain = false;
  switch (c) {
    case kPlaceholder: word_placeholder(); break;
    case '\\': word_escape(); break;
    case '\'': single_quotes(); break;
    case '"': double_quotes(); break;
    case '`': backticks(); break;
    default: dollar(false); break;
  }
  return true;
}

ShellLexer::Inside ShellLexer::inside_of(const Word& word) const {
  if (word.brackets > 0) return Inside::kBrackets;
  if (word.braces > 0 && (family_ == ShellFamily::kKsh || family_ == ShellFamily::kZsh))
    return Inside::kBraces;
  return word.tilde ? Inside::kTilde : Inside::kNothing;
}

void ShellLexer::note_tilde(Word& word, char c) {
  const bool begins = word.is_plain && word.plain.empty();
  const bool follows = word.plain.ends_with('=') || word.plain.ends_with(':');
  if (c == '~' && (begins || follows)) word.tilde = true;
  if (c == '=' && begins && family_ == ShellFamily::kZsh) word.tilde = true;
  if (c == '/') word.tilde = false;
}

void ShellLexer::plain_character(Word& word, char c) {
  note_tilde(word, c);
  if (c == '{') ++word.braces;
  if (c == '}' && word.braces > 0) --word.braces;
  if (c == '[') {
    if (word.is_plain && is_name(word.plain)) word.subscript = true;
    ++word.brackets;
  } else if (c == ']' && word.brackets > 0) {
    --word.brackets;
  } else if (c == '=' && !word.assigns && word.brackets == 0) {
    auto name = std::string_view(word.plain);
    if (name.ends_with('+')) name.remove_suffix(1);
    word.assigns = (word.is_plain && is_name(name)) || word.subscript;
  }
  word.plain.push_back(c);
  skip(1);
}

void ShellLexer::word_escape() {
  if (peek(1) != kPlaceholder) return skip_escape();
  skip(1);
  const Scope scope(*this, Inside::kBackslash);
  take_placeholder();
}

void ShellLexer::word_placeholder() {
  const auto behind = placeholders_[next_].end;
  const bool names_function = behind < text_.size() && text_[behind] == '(';
  take_placeholder(inside_ == Inside::kNothing && names_function ? Inside::kName : inside_);
}

// The elements of NAME=( … ): words, comments and line ends.
void ShellLexer::array(Word& word) {
  if (posix() || family_ == ShellFamily::kKsh) return give_up("NAME=( )");  // ksh: may be a compound variable
  word.is_plain = false;
  skip(1);
  while (!done() && peek() != ')') {
    const int c = peek();
    if (c == ' ' || c == '\t' || c == '\n') {
      skip(1);
    } else if (c == '#') {
      comment();
    } else {
      const auto begin = at_;
      Word element;
      word_parts(element, true);
      if (element.brackets > 0 && !done()) return give_up("a subscript with a blank in it");
      if (at_ == begin) return give_up("an operator in NAME=( )");
    }
  }
  if (!done()) skip(1);
}

// What stands between [[ and ]], which is a word by itself.
void ShellLexer::test_command() {
  const Scope scope(*this, Inside::kTest);
  while (!done()) {
    const int c = peek();
    if (c == ' ' || c == '\t' || c == '\n') {
      skip(1);
      continue;
    }
    const bool shift = c == '<' && peek(1) == '<';
    const bool plain_word = posix() && (c == '(' || c == ')' || c == '<' || c == '>');
    if (c == '#' || c == ';' || shift || plain_word) return give_up("such a word in [[ ]]");
    if (c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')') {
      skip(1);
      continue;
    }
    Word word;
    word_parts(word, true);
    if (word.is_plain && word.plain == "]]") return;
  }
}

// Whether the word belongs to the head of a case.
bool ShellLexer::judge_case_word(Level& level, const Word& word) {
  if (level.cases.empty()) return false;
  auto& part = level.cases.back();
  if (part == CasePart::kWord) {
    part = CasePart::kIn;
    return true;
  }
  if (part == CasePart::kIn) {
    if (!word.is_plain || word.plain != "in") {
      give_up("case without in");
      return true;
    }
    part = CasePart::kPattern;
    level.in_pattern = false;
    return true;
  }
  if (part == CasePart::kBody) return false;
  if (word.is_plain && word.plain == "esac" && !level.in_pattern) {
    level.cases.pop_back();
    level.at_command = true;
  }
  level.in_pattern = true;
  return true;
}

void ShellLexer::judge_word(Level& level, const Word& word) {
  if (!level.at_command) return;
  if (word.assigns) return;  // a command may still follow
  level.at_command = false;
  if (word.is_plain) judge_reserved(level, word);
}

void ShellLexer::judge_reserved(Level& level, const Word& word) {
  const std::string_view text = word.plain;
  if (text == "case") {
    level.cases.push_back(CasePart::kWord);
  } else if (is_one_of(text, kBeforeNames)) {
    level.at_name = true;
    level.after_function = text == "function";
  } else if (is_one_of(text, kBeforeCommands)) {
    if (text == "esac" && !level.cases.empty()) level.cases.pop_back();
    level.at_command = true;
  } else if (family_ == ShellFamily::kZsh && is_one_of(text, kOfZsh)) {
    give_up("this reserved word of zsh");
  }
}

}  // namespace runbook::domain
