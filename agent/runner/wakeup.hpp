// Wakeup: lets one coroutine wait until state changed or a point in time passed. The waiter checks its state,
// waits without another suspension between, and checks again: so notify() needs no memory. On one executor
// only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace runbook::runner {

class Wakeup {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Wakeup(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  void notify() { timer_.cancel(); }

  boost::asio::awaitable<void> wait_until(Clock::time_point when) {
    timer_.expires_at(when);
    boost::system::error_code ended;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  }
  boost::asio::awaitable<void> wait() { return wait_until(Clock::time_point::max()); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace runbook::runner
