// ScriptFile: a script too long for an argument, as a file that only its user can read and only the agent can
// replace. Removed with the object. Blocking: made and destroyed on the disk thread.
#pragma once

#include <string>
#include <string_view>

#include "agent/runner/account.hpp"
#include "agent/runner/file_descriptor.hpp"

namespace runbook::runner {

class ScriptFile {
 public:
  // In a new folder below `temporary_directory`. Throws std::system_error.
  ScriptFile(const std::string& temporary_directory, std::string_view text, const Account& account);
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;
  ~ScriptFile();

  const std::string& path() const { return path_; }

 private:
  void write(std::string_view text, const Account& account);
  void remove() noexcept;

  std::string folder_;
  std::string path_;
  FileDescriptor directory_;
};

}  // namespace runbook::runner
