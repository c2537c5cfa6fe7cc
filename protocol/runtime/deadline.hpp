// with_deadline: awaits an operation for a bounded time. Built on make_parallel_group, because `op || timer`
// of Boost 1.81 loses the operation's exception and waits the whole time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace runbook::runtime {

// The operation's value, or nothing when `limit` passed first; the operation is then cancelled and has ended
// when this returns. Its exceptions pass through. T must be default-constructible (a rule of co_spawn).
template <class T>
boost::asio::awaitable<std::optional<T>> with_deadline(boost::asio::awaitable<T> operation,
                                                       std::chrono::steady_clock::duration limit) {
  namespace asio = boost::asio;
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, limit);
  auto group = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, std::move(operation), asio::deferred), timer.async_wait(asio::deferred));
  auto [order, escaped, value, timer_error] =
      co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  // A timer that was cancelled did not decide: the operation ended first, or both were cancelled from
  // outside.
  const bool expired = order[0] == 1 && !timer_error;
  if (expired) co_return std::nullopt;
  if (escaped) std::rethrow_exception(escaped);
  co_return std::optional<T>(std::move(value));
}

// The same for operations without a value: true when it ended in time.
boost::asio::awaitable<bool> with_deadline(boost::asio::awaitable<void> operation,
                                           std::chrono::steady_clock::duration limit);

}  // namespace runbook::runtime
