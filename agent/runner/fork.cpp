#include "agent/runner/fork.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

namespace runbook::runner {
namespace {

// ThreadSanitizer has to see every fork, and knows only fork(2).
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool kPlainOnly = true;
#else
constexpr bool kPlainOnly = false;
#endif
#else
constexpr bool kPlainOnly = false;
#endif

pid_t clone_into(int cgroup_fd) {
  clone_args arguments{};
  arguments.flags = CLONE_INTO_CGROUP;
  arguments.exit_signal = SIGCHLD;
  arguments.cgroup = static_cast<std::uint64_t>(cgroup_fd);
  return static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
}

}  // namespace

Forked fork_into(int cgroup_fd) {
  if (cgroup_fd >= 0 && !kPlainOnly) {
    const pid_t pid = clone_into(cgroup_fd);
    if (pid >= 0) return {pid, true};
  }
  return {::fork(), false};
}

bool join_cgroup(int cgroup_fd) {
  const int procs = ::openat(cgroup_fd, "cgroup.procs", O_WRONLY | O_CLOEXEC);
  if (procs < 0) return false;
  const bool joined = ::write(procs, "0", 1) == 1;
  ::close(procs);
  return joined;
}

}  // namespace runbook::runner
