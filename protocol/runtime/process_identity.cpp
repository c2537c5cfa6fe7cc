#include "protocol/runtime/process_identity.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>

namespace runbook::runtime {
namespace {

constexpr int kStartTimeField = 22;

std::string read_text(const std::string& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string current_boot() {
  std::string text = read_text("/proc/sys/kernel/random/boot_id");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// By number: sys/pidfd.h of glibc 2.36 is not usable from C++.
int open_pidfd(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

template <class Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

class ProcessHandle {
 public:
  explicit ProcessHandle(const ProcessIdentity& process) : fd_(process.open_handle()) {}
  ProcessHandle(const ProcessHandle&) = delete;
  ProcessHandle& operator=(const ProcessHandle&) = delete;
  ~ProcessHandle() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

std::optional<std::uint64_t> start_ticks_of(std::string_view stat_line) {
  const auto name_end = stat_line.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 >= stat_line.size()) return std::nullopt;
  auto rest = stat_line.substr(name_end + 2);
  const char state = rest.front();
  if (state == 'Z' || state == 'X') return std::nullopt;
  for (int field = 3; field < kStartTimeField; ++field) {
    const auto space = rest.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(space + 1);
  }
  std::uint64_t ticks = 0;
  if (!take_number(rest, ticks)) return std::nullopt;
  return ticks;
}

std::optional<ProcessIdentity> ProcessIdentity::of(pid_t pid) {
  if (pid <= 0) return std::nullopt;
  const auto ticks = start_ticks_of(read_text(fmt::format("/proc/{}/stat", pid)));
  if (!ticks) return std::nullopt;
  return ProcessIdentity{pid, *ticks, current_boot()};
}

std::optional<ProcessIdentity> ProcessIdentity::parse(std::string_view text) {
  ProcessIdentity process;
  if (!take_number(text, process.pid) || process.pid <= 0 || !text.starts_with(' ')) return std::nullopt;
  text.remove_prefix(1);
  if (!take_number(text, process.start_ticks) || !text.starts_with(' ')) return std::nullopt;
  text.remove_prefix(1);
  process.boot_id = text.substr(0, text.find_first_of(" \n"));
  if (process.boot_id.empty()) return std::nullopt;
  return process;
}

std::string ProcessIdentity::str() const { return fmt::format("{} {} {}", pid, start_ticks, boot_id); }

bool ProcessIdentity::alive() const { return of(pid) == *this; }

int ProcessIdentity::open_handle() const {
  const int handle = open_pidfd(pid);
  if (handle < 0 || alive()) return handle;  // alive now: the handle cannot be of a later process
  ::close(handle);
  return -1;
}

bool ProcessIdentity::send_signal(int number) const {
  const ProcessHandle handle{*this};
  return handle.fd() >= 0 && syscall(SYS_pidfd_send_signal, handle.fd(), number, nullptr, 0) == 0;
}

bool ProcessIdentity::wait_for_end(std::chrono::milliseconds limit) const {
  const auto until = std::chrono::steady_clock::now() + limit;
  bool ended = true;
  {
    const ProcessHandle handle{*this};
    while (handle.fd() >= 0) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      pollfd ready{handle.fd(), POLLIN, 0};
      const int count = poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
      if (count < 0 && errno == EINTR) continue;
      ended = count > 0;
      break;
    }
  }
  if (ended) waitpid(pid, nullptr, WNOHANG);  // says ECHILD for a process that is not ours
  return ended;
}

}  // namespace runbook::runtime
