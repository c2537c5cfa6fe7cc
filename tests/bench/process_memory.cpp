#include "tests/bench/process_memory.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <string>

namespace runbook::bench {

ProcessMemory memory_of(pid_t process) {
  ProcessMemory memory;
  std::ifstream in(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name;
    std::size_t kib = 0;
    if (!(words >> name >> kib)) continue;
    if (name == "VmRSS:") memory.resident_kib = kib;
    if (name == "RssAnon:") memory.anonymous_kib = kib;
  }
  return memory;
}

}  // namespace runbook::bench
