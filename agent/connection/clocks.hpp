// The clocks of this host, and the controller's as far as its Welcome told it. What has to happen after a
// time, or not after a point in time of the controller, is judged by a clock that nobody sets: a wall clock
// that is wrong, or set meanwhile, changes nothing. Used on the I/O thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "protocol/messages/time.hpp"

namespace runbook::connection {

using BootTime = std::chrono::microseconds;  // since the host started, also while it slept

struct Clocks {
  std::function<Time()> wall;
  std::function<BootTime()> boot;
};
Clocks host_clocks();

class ControllerClock {
 public:
  explicit ControllerClock(Clocks clocks) : clocks_(std::move(clocks)) {}

  // `told`: what the controller's clock showed when it wrote the Welcome that came just now. Nothing from a
  // controller that does not tell: the host's own clock is asked again then.
  void set(std::optional<Time> told);

  bool known() const { return told_.has_value(); }
  // The controller's time; a little behind it, never ahead. The host's own while it is not known.
  Time now() const;
  // The host's wall clock minus the controller's, now.
  std::chrono::microseconds offset() const { return clocks_.wall() - now(); }
  BootTime boot() const { return clocks_.boot(); }

 private:
  Clocks clocks_;
  std::optional<Time> told_;
  BootTime told_at_{0};
};

}  // namespace runbook::connection
