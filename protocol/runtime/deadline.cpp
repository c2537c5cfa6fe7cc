#include "protocol/runtime/deadline.hpp"

namespace runbook::runtime {

namespace asio = boost::asio;

asio::awaitable<bool> with_deadline(asio::awaitable<void> operation,
                                    std::chrono::steady_clock::duration limit) {
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, limit);
  auto group = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, std::move(operation), asio::deferred), timer.async_wait(asio::deferred));
  auto [order, escaped, timer_error] =
      co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  const bool expired = order[0] == 1 && !timer_error;
  if (expired) co_return false;
  if (escaped) std::rethrow_exception(escaped);
  co_return true;
}

}  // namespace runbook::runtime
