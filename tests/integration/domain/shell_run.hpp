// Runs shell texts with the shells that are installed, in a folder of their own, and reads what the witness
// program noted there.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace runbook::domain {

using Words = std::vector<std::string>;

// Those of sh, dash, bash, busybox, ksh and zsh that are installed, each as a block's `shell`.
std::vector<std::vector<std::string>> installed_shells();

// A folder that goes away with it. In its PATH the witness is called w.
class ShellFolder {
 public:
  ShellFolder();
  ~ShellFolder();
  ShellFolder(const ShellFolder&) = delete;
  ShellFolder& operator=(const ShellFolder&) = delete;

  // The exit status, negative after a signal; killed after ten seconds. Nothing of it is seen.
  int run(const std::vector<std::string>& argv, const std::map<std::string, std::string>& environment);

  // The words of every call of the witness since the last time.
  std::vector<Words> witnessed();

  // Files that nobody expects there: a value was run.
  std::vector<std::string> intruders() const;

 private:
  std::filesystem::path path_;
};

}  // namespace runbook::domain
