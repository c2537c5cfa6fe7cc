// What a shell text does, as far as its grammar tells: its operators, the files it writes by redirections and
// its commands with their words. For the command policy, so it never gives up: where shells disagree it takes
// the common reading and goes on. (ShellLexer, which decides where a value may stand, refuses there instead.)
// Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/placeholders.hpp"

namespace runbook::domain {

enum class ShellOperator {
  kPipe,                 // | |&
  kAndOr,                // && ||
  kSequence,             // ; between commands
  kBackground,           // &
  kSubshell,             // ( )
  kSubstitution,         // $( ) and backticks
  kProcessSubstitution,  // <( ) >( )
  kInput,                // <
  kHereDocument          // << <<-  <<<
};

struct ShellWord {
  std::string text;         // without its quotes; expansions as they are written
  std::size_t at = 0;       // where it begins in the source
  std::size_t literal = 0;  // how much of `text` comes before the first expansion
  bool is_literal() const { return literal == text.size(); }
};

struct ShellCommand {
  std::vector<ShellWord> words;  // with the assignments before it, without redirections
  bool side_by_side = false;     // in a pipe or in the background
};

// A function and which commands stand in its body.
struct ShellFunction {
  std::string name;
  std::size_t at = 0;
  std::size_t first = 0;
  std::size_t end = 0;
};

struct ShellReading {
  struct Operator {
    ShellOperator kind;
    std::size_t at = 0;
  };
  struct Write {
    ShellWord target;
    std::size_t at = 0;  // of the operator
  };
  std::vector<Operator> operators;
  std::vector<Write> writes;  // > >> >| >& &> &>> <>, not 2>&1
  std::vector<ShellCommand> commands;
  std::vector<ShellFunction> functions;
  bool too_deep = false;  // substitutions nest deeper than limits::kShellNesting: not all was read
};

ShellReading read_shell(std::string_view text, const std::vector<Placeholder>& placeholders = {});

}  // namespace runbook::domain
