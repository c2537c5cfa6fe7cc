// ShellReader: walks through a shell text and fills a ShellReading. Used by shell_commands.cpp and
// shell_operators.cpp only. One text each.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/shell_commands.hpp"

namespace runbook::domain {

class ShellReader {
 public:
  ShellReader(std::string_view text, const std::vector<Placeholder>& placeholders)
      : text_(text), end_(text.size()), placeholders_(placeholders) {}

  ShellReading read();

 private:
  enum class CasePart { kWord, kIn, kPattern, kBody };
  struct HereDocument {
    std::string delimiter;
    bool quoted = false;
    bool strip_tabs = false;
  };
  // One list of commands: the text itself, or what stands between parentheses or backticks.
  struct Level {
    char closer = '\0';  // ')', or none
    ShellCommand command = {};
    bool next_side_by_side = false;  // behind a |
    std::vector<CasePart> cases = {};
    bool pattern_begun = false;
    std::vector<std::optional<std::size_t>> braces = {};  // of functions: their place in the reading
    std::optional<std::size_t> function = {};             // whose body comes next
  };

  static constexpr int kEnd = -1;
  static constexpr int kPlaceholder = -2;
  int peek(std::size_t ahead = 0);
  bool done() const { return at_ >= end_; }
  void skip(std::size_t bytes) { at_ = std::min(at_ + bytes, end_); }
  void skip_blanks();
  void note(ShellOperator kind, std::size_t at) { reading_.operators.push_back({kind, at}); }
  bool enter();  // one level deeper; false: too deep, and the rest is left out

  void level(char closer);
  bool step(Level& level);  // false when the level ended
  bool operation(Level& level, int c);
  void end_command(Level& level, bool side_by_side = false);
  void semicolon(Level& level);
  void ampersand(Level& level);
  void bar(Level& level);
  void opening(Level& level);
  bool closing(Level& level);
  bool in_pattern(const Level& level) const;
  void subshell(Level& level);
  void new_line(Level& level);
  void redirection(Level& level);
  bool copies_descriptor();
  void write_to(std::size_t at);
  void here_document();
  void here_document_text(const HereDocument& document);

  void take_word(Level& level);
  bool take_case_word(Level& level, const ShellWord& word, bool plain);
  bool take_reserved(Level& level, const ShellWord& word);
  void test_command();
  ShellWord word();
  bool word_part(ShellWord& word);
  void double_quotes(ShellWord& word);
  void single_quotes(ShellWord& word);
  void ansi_quotes(ShellWord& word);
  void expand(ShellWord& word);  // at a $ or a backtick
  void dollar();
  void backticks();
  void braces();
  void arithmetic();
  void array();

  std::string_view text_;
  std::size_t end_;
  const std::vector<Placeholder>& placeholders_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;  // of placeholders_
  std::size_t depth_ = 0;
  bool quoted_ = false;  // something of the last word was
  std::vector<HereDocument> here_documents_;
  ShellReading reading_;
};

}  // namespace runbook::domain
