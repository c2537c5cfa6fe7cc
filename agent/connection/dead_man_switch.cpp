#include "agent/connection/dead_man_switch.hpp"

#include <algorithm>
#include <chrono>

namespace runbook::connection {

namespace {

// Timers stand still while the host sleeps, the boot clock does not: it is asked this often.
constexpr std::chrono::microseconds kLook = std::chrono::milliseconds(500);

}  // namespace

boost::asio::awaitable<void> DeadManSwitch::run() {
  for (;;) {
    const auto left = attempts_.stop_unserved();
    if (left) {
      co_await wakeup_.wait_until(runner::Wakeup::Clock::now() + std::clamp(*left, BootTime(0), kLook));
    } else {
      co_await wakeup_.wait();
    }
  }
}

}  // namespace runbook::connection
