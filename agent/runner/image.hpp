// Image: what a command becomes once it is a process: arguments, environment, directory. Pure; made from a
// Command before anything is started.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "agent/runner/account.hpp"
#include "agent/runner/command.hpp"

namespace runbook::runner {

// Every process of an attempt inherits this variable, so that strays can be told apart.
inline constexpr std::string_view kAttemptVariable = "RUNBOOK_ATTEMPT_ID";

struct Image {
  std::vector<std::string> programs;  // tried in turn, as execvp(3) walks PATH
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // NAME=value
  std::string directory;
  bool directory_may_fail = false;  // then `/` is taken: the home directory is a default, not a demand
};

// Nothing when the command can be tried; else code "invalid": no program, a NUL, a bad variable name.
std::expected<void, NotStarted> check(const Command& command);

// A long script does not fit into an argument and travels as a file.
bool needs_script_file(const Command& command);

// The whole environment: PATH, HOME, USER, LOGNAME, SHELL, LANG and, where the agent has it, TMPDIR; then the
// command's own variables, which win; then kAttemptVariable, which always does.
std::vector<std::string> clean_environment(const Command& command, const Account& account,
                                           std::string_view temporary_directory);

// The arguments with the script in them. One lone word as shell gets `-c`. `script_file` is empty or where
// the text lies: Bourne-like shells source it, so that `$0` and options stay as with `-c`; others run it.
std::vector<std::string> arguments(const Command& command, const std::string& script_file);

Image make_image(const Command& command, const Account& account, const std::string& script_file,
                 std::string_view temporary_directory);

}  // namespace runbook::runner
