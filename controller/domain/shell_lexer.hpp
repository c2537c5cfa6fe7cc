// ShellLexer: walks through a shell text as a shell reads it, keeping track of quotes, comments,
// substitutions, here-documents and the few reserved words that change them, and judges every placeholder on
// its way. Used by shell_text.cpp only. Pure; one text each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/placeholders.hpp"
#include "controller/domain/shell_parts.hpp"
#include "controller/domain/shell_text.hpp"

namespace runbook::domain {

class ShellLexer : private ShellParts {
 public:
  ShellLexer(std::string_view text, const std::vector<Placeholder>& placeholders, ShellFamily family)
      : text_(text), placeholders_(placeholders), family_(family), refused_(placeholders.size()) {}

  std::vector<TextError> judge();

 private:
  static std::string_view advice(Inside inside);

  // Sets what placeholders stand in, for a scope; what is outside of it and already refuses wins.
  class Scope {
   public:
    Scope(ShellLexer& lexer, Inside inside) : inside_(lexer.inside_), outer_(lexer.inside_) {
      if (outer_ == Inside::kNothing) inside_ = inside;
    }
    ~Scope() { inside_ = outer_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    Inside outer() const { return outer_; }

   private:
    Inside& inside_;
    Inside outer_;
  };

  static constexpr std::size_t kMostDepth = 100;
  static constexpr std::string_view kTooDeep = "so many substitutions in each other";
  static constexpr int kEnd = -1;
  static constexpr int kPlaceholder = -2;
  int peek(std::size_t ahead = 0) const;  // a byte, kEnd or kPlaceholder
  bool done() const { return at_ >= text_.size(); }
  bool at_placeholder() const { return peek() == kPlaceholder; }
  bool posix() const { return family_ == ShellFamily::kPosix; }
  void skip(std::size_t bytes) { at_ += bytes; }
  void skip_escape();  // a backslash and what follows
  void take_placeholder() { take_placeholder(inside_); }
  void take_placeholder(Inside inside);  // the one that begins here
  void refuse(std::string message);
  // Refuses one that was taken already.
  void deny(std::size_t placeholder, const std::string& message);
  // From here on the text is not certain: refuses every placeholder that is left and goes to the end.
  void give_up(std::string_view because);
  // The text was not understood: refuses those before too, which may stand elsewhere than it seemed.
  void lose_track(std::string_view because);
  void unclosed(std::string_view what);  // lose_track(), at the end of the text
  bool joins_operators() const;          // a \ at the end of a line between two of them

  void commands(bool in_parentheses);
  bool operation(Level& level);  // true when it ended the level
  static void next_command(Level& level);
  void semicolon(Level& level);
  void process_substitution(Level& level);
  void redirection(Level& level);
  void opening_parenthesis(Level& level);
  bool closing_parenthesis(Level& level);
  void new_line(Level& level);
  void here_document_delimiter(Level& level);
  void here_document_text(const HereDocument& document);

  void word(Level& level);
  void word_parts(Word& word, bool in_array);
  bool word_part(Word& word, bool in_array);  // false when the word ends here
  void plain_character(Word& word, char c);
  void word_escape();
  void word_placeholder(Word& word);
  Inside inside_of(const Word& word) const;
  void note_tilde(Word& word, char c);
  void judge_word(Level& level, const Word& word, std::string_view source, std::size_t first);
  bool judge_case_word(Level& level, const Word& word);
  void judge_reserved(Level& level, const Word& word);
  void judge_after_name(Level& level, const Word& word);
  void close(Level& level, std::string_view closer);
  bool is_reserved(const Word& word) const;
  void begin_command(Level& level, std::string_view source);
  void judge_assignment(const Word& word);
  void judge_argument(Level& level, const Word& word, std::string_view source, std::size_t first);
  void judge_option(Level& level, const std::string& bare, const Word& word);
  void judge_test(Level& level, const Word& word, const std::string& bare);
  void judge_declaration(Level& level, const Word& word, const std::string& bare);
  void deny_all(const Word& word, std::string_view by);
  void array(Word& word);
  void test_command();

  void single_quotes();
  void double_quotes();
  void ansi_quotes();
  void backticks();
  void comment();
  void dollar(bool in_double_quotes);
  void dollar_part(bool in_double_quotes);
  void expansion(bool in_double_quotes);
  void arithmetic();

  std::string_view text_;
  const std::vector<Placeholder>& placeholders_;
  ShellFamily family_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;  // of placeholders_, not yet taken
  Inside inside_ = Inside::kNothing;
  std::size_t depth_ = 0;
  std::size_t here_documents_ = 0;  // that wait for their texts, on all levels
  bool integers_ = false;           // some variables take arithmetic
  bool gave_up_ = false;
  std::vector<bool> refused_;  // by the placeholder
  std::vector<TextError> errors_;
};

}  // namespace runbook::domain
