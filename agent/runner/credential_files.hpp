// CredentialFiles: the credentials of one command, each as a file that only the command's user can read.
// Removed with the object; what a killed agent left behind is removed when it starts again. Blocking: made
// and destroyed on the disk thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/runner/account.hpp"
#include "agent/runner/file_descriptor.hpp"
#include "protocol/messages/control.hpp"

namespace runbook::runner {

// Where credentials never reach a disk: /dev/shm or /run when it is in memory and may be written to, else
// `otherwise`.
std::string memory_directory(const std::string& otherwise);

// Removes what an earlier process of this user left in `directory` under `prefix`. Nothing of anybody else.
void remove_left_credentials(const std::string& directory, const std::string& prefix);

class CredentialFiles {
 public:
  // In a new folder "<prefix>-…" of `directory`. Throws std::system_error, and std::invalid_argument for a
  // name that is not made of lower-case letters, digits and '_'.
  CredentialFiles(const std::string& directory, const std::string& prefix,
                  const std::vector<CommandCredential>& credentials, const Account& account);
  CredentialFiles(const CredentialFiles&) = delete;
  CredentialFiles& operator=(const CredentialFiles&) = delete;
  ~CredentialFiles();

  // RUNBOOK_CREDENTIAL_<NAME> → path
  const std::map<std::string, std::string>& variables() const { return variables_; }

 private:
  void write(const CommandCredential& credential, const Account& account);
  void remove() noexcept;

  std::string folder_;
  FileDescriptor directory_;
  std::vector<std::string> names_;
  std::map<std::string, std::string> variables_;
};

}  // namespace runbook::runner
