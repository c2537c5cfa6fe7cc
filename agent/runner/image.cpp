#include "agent/runner/image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "protocol/messages/limits.hpp"

namespace runbook::runner {
namespace {

constexpr std::string_view kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

std::unexpected<NotStarted> invalid(std::string reason) {
  return std::unexpected(NotStarted{"invalid", std::move(reason)});
}

bool is_bourne_shell(const std::string& program) {
  static constexpr std::array<std::string_view, 7> kNames = {"sh",  "dash", "bash",   "ksh",
                                                             "zsh", "ash",  "busybox"};
  const std::string name = program.substr(program.rfind('/') + 1);
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::vector<std::string> candidates(const std::string& program, const std::string& path) {
  if (program.find('/') != std::string::npos) return {program};
  std::vector<std::string> result;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    std::string folder = path.substr(begin, end - begin);
    // An empty entry means the working directory, which no one asks for on purpose.
    if (!folder.empty()) result.push_back(folder.append("/").append(program));
    begin = end + 1;
  }
  return result;
}

std::string value_of(const std::vector<std::string>& environment, std::string_view name) {
  for (const std::string& entry : environment) {
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
      return entry.substr(name.size() + 1);
    }
  }
  return {};
}

}  // namespace

std::expected<void, NotStarted> check(const Command& command) {
  if (command.argv.empty() || command.argv.front().empty()) return invalid("The command names no program.");
  for (const std::string& word : command.argv) {
    if (has_nul(word)) return invalid("An argument contains a NUL byte.");
  }
  if (has_nul(command.script)) return invalid("The script contains a NUL byte.");
  if (has_nul(command.working_directory)) return invalid("The working directory contains a NUL byte.");
  for (const auto& [name, value] : command.environment) {
    if (name.empty() || has_nul(name) || name.find('=') != std::string::npos) {
      return invalid("The name of an environment variable is empty or contains \"=\" or a NUL byte.");
    }
    if (has_nul(value)) return invalid(fmt::format("The environment variable {} contains a NUL byte.", name));
  }
  return {};
}

bool needs_script_file(const Command& command) { return command.script.size() > limits::kInlineScriptBytes; }

std::vector<std::string> clean_environment(const Command& command, const Account& account,
                                           std::string_view temporary_directory) {
  std::map<std::string, std::string> all;
  all["PATH"] = kPath;
  all["HOME"] = account.home;
  all["USER"] = account.name;
  all["LOGNAME"] = account.name;
  all["SHELL"] = account.shell;
  all["LANG"] = "C.UTF-8";
  if (!temporary_directory.empty()) all["TMPDIR"] = temporary_directory;
  for (const auto& [name, value] : command.environment) all[name] = value;
  all[std::string(kAttemptVariable)] = command.attempt.str();

  std::vector<std::string> result;
  result.reserve(all.size());
  for (const auto& [name, value] : all) result.push_back(fmt::format("{}={}", name, value));
  return result;
}

std::vector<std::string> arguments(const Command& command, const std::string& script_file) {
  std::vector<std::string> result = command.argv;
  if (command.script.empty()) return result;
  const bool bourne = is_bourne_shell(result.front());
  if (!script_file.empty() && !bourne) {
    if (result.size() > 1) result.pop_back();  // the option that announces program text, such as -c
    result.push_back(script_file);
    return result;
  }
  if (result.size() == 1) result.emplace_back("-c");
  result.push_back(script_file.empty() ? command.script : ". " + quoted(script_file));
  return result;
}

Image make_image(const Command& command, const Account& account, const std::string& script_file,
                 std::string_view temporary_directory) {
  Image image;
  image.argv = arguments(command, script_file);
  image.environment = clean_environment(command, account, temporary_directory);
  image.programs = candidates(image.argv.front(), value_of(image.environment, "PATH"));
  image.directory_may_fail = command.working_directory.empty();
  image.directory = image.directory_may_fail ? account.home : command.working_directory;
  return image;
}

}  // namespace runbook::runner
