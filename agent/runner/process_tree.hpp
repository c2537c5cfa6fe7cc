// ProcessTree: all processes an attempt started, directly or not, whatever they did to get away: setsid,
// double fork, ignored signals. Where the host lets the agent make cgroup v2 leaves, a tree is a leaf.
// Elsewhere the agent is the subreaper of its orphans, and members are found in /proc by the attempt's
// environment cookie, session or parent. Calls read and write kernel files (microseconds to a few
// milliseconds): use the disk thread. A tree is used by one thread at a time.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>

#include "protocol/messages/uuid.hpp"

namespace runbook::runner {

class ProcessTree {
 public:
  virtual ~ProcessTree() = default;
  // The folder of the control group the child has to be in before exec, or -1.
  virtual int cgroup_fd() const { return -1; }
  virtual void set_main(pid_t pid) = 0;
  virtual void signal(int number) = 0;  // to every live process
  virtual void kill() = 0;  // SIGKILL to every live process and, with cgroups, those just being forked
  virtual std::size_t alive() = 0;  // live processes, zombies not counted
};

enum class TreeKind { kCgroup, kSweep };

// Makes trees. Thread-safe.
class ProcessTrees {
 public:
  virtual ~ProcessTrees() = default;
  virtual TreeKind kind() const = 0;
  // Throws std::system_error when the host does not allow it.
  virtual std::unique_ptr<ProcessTree> make(const Uuid& attempt) = 0;
};

// Cgroups when a probe process could really be put into a leaf, else nothing. Removes what dead agents left.
std::unique_ptr<ProcessTrees> cgroup_trees();
std::unique_ptr<ProcessTrees> sweep_trees();

}  // namespace runbook::runner
