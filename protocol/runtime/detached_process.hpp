// Starts programs that outlive their starter: a session of their own, a clean environment, no inherited
// descriptor, output to a file. Also runs short programs to their end. Blocks; thread-safe.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "protocol/runtime/process_identity.hpp"

namespace runbook::runtime {

// The program could not be started; the message is one sentence.
struct StartFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct UserAccount {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
};
std::optional<UserAccount> user_account(const std::string& name);

inline constexpr int kHeldFolder = 4;

struct ProgramStart {
  std::filesystem::path program;  // absolute
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  // all there is
  // Opened before the user changes and handed over as descriptor kHeldFolder: a way in for a user who may not
  // enter its parents.
  std::filesystem::path held_folder;
  std::filesystem::path log_file;   // appended to; made with mode 0600
  std::optional<UserAccount> user;  // become this user (root only)
};

// The process was started and runs the program (a failing exec is told here). It is our child until we end:
// reap it with ProcessIdentity::wait_for_end.
ProcessIdentity start_detached(const ProgramStart& start);

// Lets this process open as many files as its hard limit allows; programs started here keep the old limit,
// because some walk through all descriptors they may have.
void raise_open_file_limit();

// Runs to the end and answers the exit status (128 + signal when one ended it).
int run_to_end(const ProgramStart& start);

}  // namespace runbook::runtime
