// CommandPolicy: the guard-rail round commands (CONTRACT §1, docs/command-policy.md). It reads a block's
// command as a shell would and names what the administrator does not want to happen by accident: operators,
// writing redirections below system directories, dangerous commands. What a block lists in `allow` it may do.
// It is no control: a command is code, and who may write, approve and run it is decided elsewhere. Pure;
// immutable, copies are cheap.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/placeholders.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::domain {

struct CommandConfig;

// A command that is refused: RE2, searched in each command's words as they are without quotes, one blank
// between them and "\s" for blanks inside of one, the program without its folder; not where `unless` is
// found.
struct DenyPattern {
  std::string pattern;
  std::string unless = {};
};

// What an administrator says; each beyond the defaults. A default pattern is replaced by its name.
struct PolicySettings {
  std::set<std::string> refuse = {};           // operators, by the words of operator_words()
  std::set<std::string> protected_paths = {};  // absolute; nothing below is written by a redirection
  std::map<std::string, DenyPattern> deny = {};
  std::set<std::string> never_allow = {};  // words of `allow` that no block may use
};

// One thing a command may not do.
struct PolicyRefusal {
  std::string place;     // below the block's config: "command", "argv/2", "allow/0"
  TextPosition at = {};  // in that text
  std::string word;      // that would allow it
  std::string message;   // a sentence that says what to do
};
std::string to_string(const PolicyRefusal& refusal);  // "line 1, column 8: message"

class CommandPolicy {
 public:
  struct Rules;

  CommandPolicy();  // the defaults of CONTRACT §1
  // kInvalid names the setting that is wrong.
  static Result<CommandPolicy> of(const PolicySettings& settings);

  // Everything in the order of the text, at most limits::kFaults.
  std::vector<PolicyRefusal> judge(const CommandConfig& config) const;
  // Words of `allow` that mean nothing or that no block may use.
  std::vector<PolicyRefusal> judge_allow(const CommandConfig& config) const;

 private:
  explicit CommandPolicy(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}
  std::shared_ptr<const Rules> rules_;
};

// "pipe", "and_or", "sequence", …: docs/command-policy.md says what each is.
const std::vector<std::string_view>& operator_words();

// Whether `word` may stand in `allow` at all: a word such as "pipe", or "write:" and an absolute path.
bool is_allow_word(std::string_view word);

}  // namespace runbook::domain
