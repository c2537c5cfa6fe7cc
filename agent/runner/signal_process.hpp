// Signals to processes that are not our children, safe against reused process ids.
#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "agent/runner/file_descriptor.hpp"

namespace runbook::runner {

// Sends `number` to `pid` if `belongs()` still holds once the process is pinned by a descriptor: were the id
// reused before, the check fails; is it reused after, the signal goes to the old process, which is gone. By
// number, because <sys/pidfd.h> of glibc 2.36 does not declare its functions extern "C".
template <class Belongs>
void signal_process(pid_t pid, int number, const Belongs& belongs) {
  const FileDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (process && belongs()) ::syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0);
}

}  // namespace runbook::runner
