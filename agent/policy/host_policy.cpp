#include "agent/policy/host_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "protocol/messages/dispatch_digest.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::policy {
namespace {

constexpr std::string_view kOurVariables = "RUNBOOK_";

using Reason = std::optional<std::string>;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Characters that mean nothing to a shell wherever they stand.
bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:@%+,=").contains(c);
}

bool any_matches(const std::vector<CommandPattern>& patterns, const std::vector<std::string>& command) {
  return std::ranges::any_of(patterns, [&](const auto& pattern) { return pattern.matches(command); });
}

bool is_cluster(std::string_view word, std::string_view letters) {
  return word.size() > 1 && word.starts_with('-') &&
         word.find_first_not_of(letters, 1) == std::string_view::npos;
}

// A shell that takes the word after these as the text of its script: options alone, the last with `c`. After
// anything else a shell takes that word for the name of a file.
bool is_shell_of_text(const std::vector<std::string>& argv) {
  static constexpr std::array<std::string_view, 6> kShells = {"sh",   "/bin/sh",   "/usr/bin/sh",
                                                              "bash", "/bin/bash", "/usr/bin/bash"};
  if (argv.size() < 2 || std::ranges::find(kShells, argv.front()) == kShells.end()) return false;
  for (std::size_t i = 1; i + 1 < argv.size(); ++i) {
    if (is_cluster(argv[i], "eux")) continue;
    std::string_view before = argv[i];
    if (!before.ends_with('o')) return false;
    before.remove_suffix(1);
    if (before != "-" && !is_cluster(before, "eux")) return false;
    if (argv[++i] != "pipefail") return false;
  }
  return argv.back() != "pipefail" && is_cluster(argv.back(), "euxc") && argv.back().contains('c');
}

// The same of an interpreter that the policy names word by word, such as `python3 -c`.
bool is_named_for_text(const std::vector<CommandPattern>& interpreters,
                       const std::vector<std::string>& argv) {
  if (argv.size() < 2 || !argv.back().starts_with('-') || argv.back().starts_with("--") ||
      !argv.back().contains('c'))
    return false;
  return std::ranges::any_of(interpreters, [&argv](const CommandPattern& pattern) {
    return !pattern.any_more &&
           std::ranges::equal(pattern.words, argv, {}, [](const auto& word) { return word.text(); });
  });
}

class Judge {
 public:
  Judge(const HostPolicy& policy, const RunCommand& run, const std::string& own_user)
      : policy_(policy), run_(run), user_(run.run_as.empty() ? own_user : run.run_as) {}

  Reason read_only() const {
    if (!policy_.read_only) return std::nullopt;
    return "is read-only: no command runs here.";
  }

  Reason run_as() const {
    if (!policy_.run_as || std::ranges::find(*policy_.run_as, user_) != policy_.run_as->end())
      return std::nullopt;
    return fmt::format("does not let commands run as \"{}\".", user_);
  }

  Reason interpreter() const {
    if (run_.script.empty()) return std::nullopt;
    const auto shell = interpreter_words();
    const bool allowed = policy_.interpreters ? any_matches(*policy_.interpreters, shell)
                                              : !policy_.commands || takes_text() || is_allowed_program();
    if (allowed) return std::nullopt;
    return fmt::format("does not let \"{}\" run scripts.", fmt::join(run_.argv, " "));
  }

  Reason command() const {
    if (!policy_.commands) return std::nullopt;
    if (run_.script.empty() || !takes_text()) {
      if (is_allowed_program()) return std::nullopt;
      return "does not allow this command.";
    }
    const auto digest = sha256_hex(run_.script);
    if (std::ranges::find(policy_.scripts, digest) != policy_.scripts.end()) return std::nullopt;
    const auto words = simple_command(run_.script);
    if (words && any_matches(*policy_.commands, *words)) return std::nullopt;
    return fmt::format("does not allow this script (sha256:{}).", digest);
  }

  // Names of files mean others elsewhere. The home of the user, which is the default, is always one.
  Reason working_directory() const {
    if (run_.working_directory.empty() || (!policy_.commands && !policy_.working_directories))
      return std::nullopt;
    const bool allowed =
        policy_.working_directories &&
        std::ranges::any_of(*policy_.working_directories, [this](const WordPattern& pattern) {
          return pattern.matches(run_.working_directory);
        });
    if (allowed) return std::nullopt;
    return fmt::format("does not let commands run in \"{}\".", run_.working_directory);
  }

  // Variables such as PATH, LD_PRELOAD and BASH_ENV decide what a command's name stands for.
  Reason environment() const {
    if (!policy_.environment && !policy_.commands && !policy_.interpreters) return std::nullopt;
    for (const auto& [name, value] : run_.environment) {
      if (name.starts_with(kOurVariables)) continue;
      const bool allowed =
          policy_.environment && std::ranges::any_of(*policy_.environment, [&](const WordPattern& pattern) {
            return pattern.matches(name);
          });
      if (!allowed) return fmt::format("does not let commands set the variable {}.", name);
    }
    return std::nullopt;
  }

  Reason runtime() const {
    const auto asked = run_.timeout.count() > 0 ? run_.timeout : limits::kStepTimeoutDefault;
    if (!policy_.maximum_runtime || asked <= *policy_.maximum_runtime) return std::nullopt;
    return fmt::format(
        "lets commands take {} s at most, and this one may take {} s: lower its timeout_seconds.",
        policy_.maximum_runtime->count(), asked.count());
  }

 private:
  std::vector<std::string> interpreter_words() const {
    auto words = run_.argv;
    if (words.size() == 1) words.emplace_back("-c");  // as the runner adds it
    return words;
  }

  bool takes_text() const {
    const auto shell = interpreter_words();
    return is_shell_of_text(shell) ||
           (policy_.interpreters && is_named_for_text(*policy_.interpreters, shell));
  }

  // With what the runner adds: a script that is no text for its interpreter is a word like any other. A long
  // one is not: the runner writes it to a file.
  bool is_allowed_program() const {
    if (run_.script.empty()) return any_matches(*policy_.commands, run_.argv);
    if (run_.script.size() > limits::kInlineScriptBytes) return false;
    auto words = interpreter_words();
    words.push_back(run_.script);
    return any_matches(*policy_.commands, words);
  }

  const HostPolicy& policy_;
  const RunCommand& run_;
  const std::string& user_;
};

}  // namespace

bool CommandPattern::matches(const std::vector<std::string>& command) const {
  if (command.size() < words.size() || (command.size() > words.size() && !any_more)) return false;
  return std::equal(
      words.begin(), words.end(), command.begin(),
      [](const WordPattern& pattern, const std::string& word) { return pattern.matches(word); });
}

std::optional<std::string> objection(const HostPolicy& policy, const RunCommand& run,
                                     const std::string& own_user) {
  const Judge judge(policy, run, own_user);
  for (const auto rule : {&Judge::read_only, &Judge::run_as, &Judge::interpreter, &Judge::command,
                          &Judge::working_directory, &Judge::environment, &Judge::runtime}) {
    if (const auto reason = (judge.*rule)()) {
      return fmt::format("The policy of this host ({}) {}", policy.file, *reason);
    }
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> simple_command(const std::string& script) {
  std::string_view text = script;
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    if (!is_blank(c) && !is_plain(c)) return std::nullopt;
    if (is_blank(c)) {
      inside = false;
      continue;
    }
    if (!std::exchange(inside, true)) words.emplace_back();
    words.back().push_back(c);
  }
  // An assignment before a command changes the variables it runs with.
  if (words.empty() || words.front().contains('=')) return std::nullopt;
  return words;
}

}  // namespace runbook::policy
