#include "agent/connection/host_facts.hpp"

#include <sys/utsname.h>

#include <fstream>
#include <string>

#include "protocol/runtime/random.hpp"

namespace runbook::connection {
namespace {

// PRETTY_NAME of os-release(5), which quotes it as a shell would.
std::string os_name() {
  constexpr std::string_view kName = "PRETTY_NAME=";
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      if (!line.starts_with(kName)) continue;
      std::string value = line.substr(kName.size());
      if (value.size() >= 2 && (value.front() == '"' || value.front() == '\''))
        value = value.substr(1, value.size() - 2);
      return value;
    }
  }
  return "Linux";
}

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

std::string host_name() {
  utsname names{};
  return ::uname(&names) == 0 ? names.nodename : "localhost";
}

Hello host_facts() {
  Hello hello;
  hello.agent_version = RUNBOOK_VERSION;
  hello.os = os_name();
  utsname names{};
  if (::uname(&names) == 0) hello.arch = names.machine;
  hello.hostname = host_name();
  hello.boot_id = first_line("/proc/sys/kernel/random/boot_id");
  hello.incarnation = runtime::new_uuid();
  return hello;
}

}  // namespace runbook::connection
