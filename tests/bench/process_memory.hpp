// How much memory another process has (proc(5)).
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace runbook::bench {

struct ProcessMemory {
  std::size_t resident_kib = 0;   // VmRSS
  std::size_t anonymous_kib = 0;  // RssAnon
};

ProcessMemory memory_of(pid_t process);  // zeros when it cannot be read

}  // namespace runbook::bench
