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
constexpr std::array<std::string_view, 8> kBeforeCommands{"then",  "elif", "else", "while",
                                                          "until", "!",    "{",    "}"};
constexpr std::array<std::string_view, 3> kOfZsh{"repeat", "foreach", "always"};
constexpr std::array<std::string_view, 12> kOtherReserved{
    "if", "fi", "do", "done", "case", "esac", "in", "for", "select", "function", "time", "coproc"};

}  // namespace

void ShellLexer::word(Level& level) {
  const auto begin = at_;
  const auto first = next_;
  const bool is_target = std::exchange(level.at_target, false);
  Word word;
  {
    const Scope scope(*this, level.at_name ? Inside::kName : inside_);
    word_parts(word, false);
  }
  if (word.brackets > 0 && word.subscript && !done()) return give_up("a subscript with a blank in it");
  if (gave_up_) return;
  const bool redirects = peek() == '<' || peek() == '>';
  if (redirects && peek(1) == '(') return give_up("text at a <( )");
  if (is_target) return;
  const bool is_descriptor = word.is_plain && (is_number(word.plain) || is_descriptor_name(word.plain));
  if (word.joined && word.is_plain && ((redirects && is_descriptor) || is_reserved(word))) {
    return give_up("a word that a \\ at the end of a line divides");
  }
  if (redirects && is_descriptor) return;
  if (level.at_name) {
    level.at_name = false;
    if (!word.is_plain) return give_up("such a name");
    if (level.after_function) next_command(level);
    return;
  }
  if (judge_case_word(level, word)) return;
  if (level.after_name) return judge_after_name(level, word);
  judge_word(level, word, text_.substr(begin, at_ - begin), first);
}

void ShellLexer::word_parts(Word& word, bool in_array) {
  while (!done() && word_part(word, in_array)) {}
}

bool ShellLexer::word_part(Word& word, bool in_array) {
  const Scope scope(*this, inside_of(word));
  const int c = peek();
  if (c == '(') {
    if (in_array || !word.assigns || !word.is_plain || !word.plain.ends_with('=')) return false;
    if (word.joined || word.plain.find('=') + 1 != word.plain.size()) {
      give_up("such a NAME=( )");
    } else {
      array(word);
    }
    return true;
  }
  if (c == '\\' && peek(1) == '\n') {
    if (word.is_plain && word.plain.empty()) {
      give_up("a \\ at the end of a line between such words");
    } else {
      word.joined = true;
      skip(2);
    }
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
    case kPlaceholder: word_placeholder(word); break;
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

void ShellLexer::word_placeholder(Word& word) {
  word.placeholders.push_back(next_);
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
      word.placeholders.insert(word.placeholders.end(), element.placeholders.begin(),
                               element.placeholders.end());
    }
  }
  if (done()) return unclosed("NAME=(");
  skip(1);
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
    if (word.is_plain && word.plain == "]]") {
      if (word.joined) give_up("a word that a \\ at the end of a line divides");
      return;
    }
  }
  unclosed("a [[");
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
    next_command(level);
    close(level, "esac");
    return true;
  }
  level.in_pattern = true;
  return true;
}

bool ShellLexer::is_reserved(const Word& word) const {
  return word.is_plain && (is_one_of(word.plain, kBeforeCommands) || is_one_of(word.plain, kOtherReserved) ||
                           word.plain == "[[" || is_one_of(word.plain, kOfZsh));
}

// The word behind the name of a for or select.
void ShellLexer::judge_after_name(Level& level, const Word& word) {
  level.after_name = false;
  next_command(level);
  if (!word.is_plain || (word.plain != "in" && word.plain != "do" && word.plain != "{")) {
    give_up("a loop without in or do");
  } else if (word.plain == "in") {
    level.at_command = false;
    level.command.name = "in";
  } else if (word.plain == "do") {
    level.opened.emplace_back("done");
  }
}

void ShellLexer::judge_word(Level& level, const Word& word, std::string_view source, std::size_t first) {
  if (!level.at_command) {
    level.could_name = false;
    return judge_argument(level, word, source, first);
  }
  if (word.assigns) {  // a command may still follow
    level.begun = true;
    return judge_assignment(word);
  }
  if (level.after_time && word.is_plain && word.plain.starts_with('-')) {
    level.begun = true;
    return;
  }
  level.at_command = false;
  if (is_reserved(word) && word.plain != "in") {
    if (level.begun) return give_up("a reserved word behind an assignment, redirection or option");
    return judge_reserved(level, word);
  }
  level.could_name = word.is_plain && !level.begun;
  begin_command(level, source);
}

void ShellLexer::close(Level& level, std::string_view closer) {
  if (level.opened.empty() || level.opened.back() != closer) {
    return lose_track("a reserved word that closes nothing");
  }
  level.opened.pop_back();
}

void ShellLexer::judge_reserved(Level& level, const Word& word) {
  const std::string_view text = word.plain;
  if (text == "case") {
    level.cases.push_back(CasePart::kWord);
    level.opened.emplace_back("esac");
  } else if (text == "[[") {
    test_command();
  } else if (text == "coproc" || (posix() && (text == "select" || text == "function"))) {
    give_up("this reserved word");
  } else if (text == "for" || text == "select" || text == "function") {
    level.at_name = true;
    level.after_function = text == "function";
    level.after_name = !level.after_function;
  } else if (is_one_of(text, kOfZsh)) {
    if (family_ == ShellFamily::kZsh) return give_up("this reserved word of zsh");
    begin_command(level, text);
  } else {
    level.at_command = true;
    if (text == "time") {
      level.after_time = true;
      level.begun = posix();  // which may have no such word
    }
    if (text == "if") level.opened.emplace_back("fi");
    if (text == "do") level.opened.emplace_back("done");
    if (text == "fi" || text == "done" || text == "esac") close(level, text);
    if (text == "esac" && !gave_up_) level.cases.pop_back();
  }
}

}  // namespace runbook::domain
