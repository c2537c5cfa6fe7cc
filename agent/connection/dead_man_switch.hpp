// DeadManSwitch: has commands stopped whose time without a controller is over. One long-lived task on the
// I/O thread, asleep while the link is up.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "agent/connection/attempts.hpp"
#include "agent/runner/wakeup.hpp"

namespace runbook::connection {

class DeadManSwitch {
 public:
  // `attempts` must outlive it.
  DeadManSwitch(const boost::asio::any_io_executor& executor, Attempts& attempts)
      : attempts_(attempts), wakeup_(executor) {}

  boost::asio::awaitable<void> run();  // until it is cancelled
  void wake() { wakeup_.notify(); }    // the link came or went

 private:
  Attempts& attempts_;
  runner::Wakeup wakeup_;
};

}  // namespace runbook::connection
