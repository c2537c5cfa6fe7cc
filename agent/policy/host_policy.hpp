// HostPolicy: what a host lets its agent run, whatever its controller asks (docs/host-policy.md). It comes
// from a file of the host alone; no message can change it. Pure values and decisions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "agent/policy/word_pattern.hpp"
#include "protocol/messages/control.hpp"

namespace runbook::policy {

// A command word by word; with `any_more`, any words may follow.
struct CommandPattern {
  std::vector<WordPattern> words;
  bool any_more = false;

  bool matches(const std::vector<std::string>& command) const;
};

// An absent list limits nothing; an empty one allows nothing.
struct HostPolicy {
  std::string file = {};  // where it was read, for the reasons
  bool read_only = false;
  std::optional<std::vector<std::string>> run_as = {};           // names of users
  std::optional<std::vector<CommandPattern>> interpreters = {};  // shells of scripts, with their options
  std::optional<std::vector<CommandPattern>> commands = {};
  std::vector<std::string> scripts = {};                             // SHA-256 of those that are commands too
  std::optional<std::vector<WordPattern>> working_directories = {};  // beside the user's home
  std::optional<std::vector<WordPattern>> environment = {};          // names of variables beyond RUNBOOK_*
  std::optional<std::chrono::seconds> maximum_runtime = {};
};

// Why `run` is not allowed, for the operator; nothing when it is. `own_user`: whom it runs as when it names
// nobody.
std::optional<std::string> objection(const HostPolicy& policy, const RunCommand& run,
                                     const std::string& own_user);

// The words of a script that is one command and nothing else: no quotes, variables, operators or patterns.
std::optional<std::vector<std::string>> simple_command(const std::string& script);

}  // namespace runbook::policy
