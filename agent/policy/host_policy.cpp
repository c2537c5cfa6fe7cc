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

// What runs scripts where commands are limited and interpreters are not: shells with options that name no
// text of their own.
bool is_known_shell(const std::vector<std::string>& argv) {
  static constexpr std::array<std::string_view, 6> kShells = {"sh",   "/bin/sh",   "/usr/bin/sh",
                                                              "bash", "/bin/bash", "/usr/bin/bash"};
  static constexpr std::array<std::string_view, 10> kOptions = {"-c",  "-e",   "-u",   "-x",       "-eu",
                                                                "-ec", "-euc", "-euo", "pipefail", "-o"};
  if (argv.empty() || std::ranges::find(kShells, argv.front()) == kShells.end()) return false;
  return std::all_of(argv.begin() + 1, argv.end(), [](const std::string& word) {
    return std::ranges::find(kOptions, word) != kOptions.end();
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
    auto argv = run_.argv;
    if (argv.size() == 1) argv.emplace_back("-c");  // as the runner adds it
    const bool allowed = policy_.interpreters ? any_matches(*policy_.interpreters, argv)
                                              : !policy_.commands || is_known_shell(argv);
    if (allowed) return std::nullopt;
    return fmt::format("does not let \"{}\" run scripts.", fmt::join(run_.argv, " "));
  }

  Reason command() const {
    if (!policy_.commands) return std::nullopt;
    if (run_.script.empty()) {
      if (any_matches(*policy_.commands, run_.argv)) return std::nullopt;
      return "does not allow this command.";
    }
    const auto digest = sha256_hex(run_.script);
    if (std::ranges::find(policy_.scripts, digest) != policy_.scripts.end()) return std::nullopt;
    const auto words = simple_command(run_.script);
    if (words && any_matches(*policy_.commands, *words)) return std::nullopt;
    return fmt::format("does not allow this script (sha256:{}).", digest);
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
                          &Judge::environment, &Judge::runtime}) {
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
