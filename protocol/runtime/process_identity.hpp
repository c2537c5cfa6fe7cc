// ProcessIdentity: which process, beyond a pid that the kernel gives out again: pid, start time and boot.
// Read from /proc; a plain value. Signals go through a pidfd, so that they never reach a later process of the
// same pid.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace runbook::runtime {

struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t start_ticks = 0;  // field 22 of proc_pid_stat(5): clock ticks after boot
  std::string boot_id;            // /proc/sys/kernel/random/boot_id

  bool operator==(const ProcessIdentity&) const = default;

  // Nothing when there is no such process, or it ended and only waits to be reaped.
  static std::optional<ProcessIdentity> of(pid_t pid);

  // "<pid> <start_ticks> <boot_id>", as written to run files.
  static std::optional<ProcessIdentity> parse(std::string_view text);
  std::string str() const;

  bool alive() const;
  // A pidfd of exactly this process, readable once it ended; -1 when it is gone. The caller closes it.
  int open_handle() const;
  bool send_signal(int number) const;  // false when it is gone
  // Waits for its end, whoever its parent is; reaps it when it is our child. False when `limit` passed first.
  bool wait_for_end(std::chrono::milliseconds limit) const;
};

// Start time out of a /proc/PID/stat line; nothing for ended ones and for text that is none. Names may hold
// spaces and parentheses.
std::optional<std::uint64_t> start_ticks_of(std::string_view stat_line);

}  // namespace runbook::runtime
