#include "agent/connection/clocks.hpp"

#include <ctime>

namespace runbook::connection {
namespace {

Time wall_clock() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

BootTime boot_clock() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::duration_cast<BootTime>(std::chrono::seconds(now.tv_sec) +
                                              std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace

Clocks host_clocks() { return {wall_clock, boot_clock}; }

void ControllerClock::set(std::optional<Time> told) {
  told_ = told;
  told_at_ = clocks_.boot();
}

Time ControllerClock::now() const {
  if (!told_) return clocks_.wall();
  return *told_ + (clocks_.boot() - told_at_);
}

}  // namespace runbook::connection
