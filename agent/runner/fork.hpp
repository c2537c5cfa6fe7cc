// fork(2) for a child that runs only async-signal-safe code until exec, also straight into a control group.
// The child must not use glibc's set*id() functions: they would wait for threads that only the parent has.
#pragma once

#include <sys/types.h>

namespace runbook::runner {

struct Forked {
  pid_t pid = -1;       // 0 in the child; -1: errno says why there is none
  bool joined = false;  // the child began in the control group and need not join it
};

// `cgroup_fd` is the group's folder, or -1. A child that joins a group by itself waits 10 ms and more (the
// kernel lets every forking process come to rest first), one that is born there does not. Where that cannot
// be had (a kernel or a container's filter without clone3) it is a plain fork.
Forked fork_into(int cgroup_fd);

// For the child that did not begin in it: writes itself into the group's cgroup.procs.
bool join_cgroup(int cgroup_fd);

}  // namespace runbook::runner
