// WakeUp: lets one coroutine wait for news that others announce. An announcement before the wait is not lost;
// several become one. Used on one executor only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>

namespace runbook::runtime {

class WakeUp {
 public:
  explicit WakeUp(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  void notify() {
    announced_ = true;
    timer_.cancel();
  }

  // Returns after notify() or at `until`, whichever comes first. Throws operation_aborted when the task is
  // cancelled.
  boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point until) {
    if (!announced_) {
      timer_.expires_at(until);
      boost::system::error_code ended;
      co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    }
    announced_ = false;
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) {
      throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
  }

  boost::asio::awaitable<void> wait() { return wait_until(std::chrono::steady_clock::time_point::max()); }
  boost::asio::awaitable<void> wait_for(std::chrono::steady_clock::duration limit) {
    return wait_until(std::chrono::steady_clock::now() + limit);
  }

 private:
  boost::asio::steady_timer timer_;
  bool announced_ = false;
};

}  // namespace runbook::runtime
