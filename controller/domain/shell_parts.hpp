// What a ShellLexer keeps of the place it is at.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace runbook::domain {

struct ShellParts {
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
  enum class CasePart { kWord, kIn, kPattern, kBody };
  struct HereDocument {
    std::string delimiter;
    bool quoted = false;
    bool strip_tabs = false;
  };
  // A simple command as far as it was read.
  struct Command {
    std::string name;         // empty: none yet
    bool has_option = false;  // one that may make a later word more than data
    bool has_operand = false;
    bool compares = false;     // the word before was a comparison or test that takes code
    bool before_free = false;  // the word before began with a placeholder
    bool only_texts = false;   // a printf whose format has no numbers
  };
  // One list of commands: the text itself, or what stands between parentheses.
  struct Level {
    bool in_parentheses = false;
    bool at_command = true;  // a command, and so a reserved word, may begin here
    bool at_target = false;  // the next word belongs to a redirection
    bool at_name = false;    // the next word is the name of a for, select or function
    bool after_function = false;
    bool after_name = false;               // of a for or select: in, do or { follows
    bool begun = false;                    // an assignment or redirection: what follows is no reserved word
    bool after_time = false;               // whose options may follow
    bool could_name = false;               // the word before may be a function's name
    bool skips_options = false;            // of command or builtin, whose command follows
    std::vector<std::string> opened = {};  // the reserved words that have to close what was begun
    Command command = {};
    bool in_pattern = false;  // the pattern of a case has begun
    std::vector<CasePart> cases = {};
    std::vector<HereDocument> here_documents = {};  // whose texts begin after this line
  };
  struct Word {
    std::string plain;  // its characters so far, as long as none is quoted or substituted
    bool is_plain = true;
    bool assigns = false;                        // NAME=, NAME+=, NAME[…]= begins it
    std::size_t brackets = 0;                    // '[' that are open in it
    bool subscript = false;                      // they follow a name
    std::size_t braces = 0;                      // '{' that are open in it
    bool tilde = false;                          // what follows belongs to a ~, or to zsh's =
    bool joined = false;                         // a \ at the end of a line stands in it
    std::vector<std::size_t> placeholders = {};  // that stand in it itself
  };
};

}  // namespace runbook::domain
