// ShellLexer: walks through a shell text as a shell reads it, keeping track of quotes, comments,
// substitutions, here-documents and the few reserved words that change them, and judges every placeholder on
// its way. Used by shell_text.cpp only. Pure; one text each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/placeholders.hpp"
#include "controller/domain/shell_text.hpp"

namespace runbook::domain {

class ShellLexer {
 public:
  ShellLexer(std::string_view text, const std::vector<Placeholder>& placeholders, ShellFamily family)
      : text_(text), placeholders_(placeholders), family_(family) {}

  std::vector<TextError> judge();

 private:
  // What a placeholder may stand in that does not take one.
  enum class Inside {
    kNothing,
    kSingleQuotes,
    kDoubleQuotes,
    kAnsiQuotes,
    kComment,
    kHereDocument,
    kDelimiter,
    kBackticks,
    kArithmetic,
    kTest,
    kExpansion,
    kBrackets,
    kBraces,
    kTilde,
    kName,
    kBackslash,
    kDollar
  };
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

  enum class CasePart { kWord, kIn, kPattern, kBody };
  struct HereDocument {
    std::string delimiter;
    bool quoted = false;
    bool strip_tabs = false;
  };
  // One list of commands: the text itself, or what stands between parentheses.
  struct Level {
    bool in_parentheses = false;
    bool at_command = true;  // a command, and so a reserved word, may begin here
    bool at_target = false;  // the next word belongs to a redirection
    bool at_name = false;    // the next word is the name of a for, select or function
    bool after_function = false;
    bool in_pattern = false;  // the pattern of a case has begun
    std::vector<CasePart> cases = {};
    std::vector<HereDocument> here_documents = {};  // whose texts begin after this line
  };
  struct Word {
    std::string plain;  // its characters so far, as long as none is quoted or substituted
    bool is_plain = true;
    bool assigns = false;      // NAME=, NAME+=, NAME[…]= begins it
    std::size_t brackets = 0;  // '[' that are open in it
    bool subscript = false;    // they follow a name
    std::size_t braces = 0;    // '{' that are open in it
    bool tilde = false;        // what follows belongs to a ~, or to zsh's =
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
  // From here on the text is not certain: refuses every placeholder that is left and goes to the end.
  void give_up(std::string_view because);

  void commands(bool in_parentheses);
  bool operation(Level& level);  // true when it ended the level
  void semicolon(Level& level);
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
  void word_placeholder();
  Inside inside_of(const Word& word) const;
  void note_tilde(Word& word, char c);
  void judge_word(Level& level, const Word& word);
  bool judge_case_word(Level& level, const Word& word);
  void judge_reserved(Level& level, const Word& word);
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
  std::vector<TextError> errors_;
};

}  // namespace runbook::domain
