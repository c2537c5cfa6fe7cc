// One child process: fork, pipes, and the steps between fork and exec. Knows no timeouts and no trees.
// spawn() is called on the I/O thread and takes well under a millisecond; nothing in it waits for the child.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "agent/runner/account.hpp"
#include "agent/runner/file_descriptor.hpp"
#include "agent/runner/image.hpp"

namespace runbook::runner {

struct Spawned {
  pid_t pid = -1;
  FileDescriptor out;  // read ends, non-blocking
  FileDescriptor err;
  FileDescriptor status;  // end of file: the command runs; else a SpawnFailure, and it never did
};

// The child's step that failed before exec, as it comes through the status pipe.
struct SpawnFailure {
  enum class Step : int { kCgroup, kStreams, kAccount, kDirectory, kExec };
  Step step = Step::kExec;
  int error = 0;
};

// Starts the image as `account` in a session of its own: standard input is /dev/null, every other descriptor
// is closed, signals are as the system gives them, umask 077, no new privileges. `cgroup_fd` is the folder
// of its control group or -1. Throws std::system_error when no process can be made.
Spawned spawn(const Image& image, const Account& account, int cgroup_fd);

// Lets the agent itself use as many descriptors as the system allows; commands keep the limit it was started
// with. To be called before the first spawn().
void raise_descriptor_limit();

// What the status pipe says: nothing at end of file. Call it when the pipe is readable.
std::optional<SpawnFailure> read_status(int status_fd);

// For the operator, in a sentence.
NotStarted describe(const SpawnFailure& failure, const Image& image, const Account& account);

}  // namespace runbook::runner
