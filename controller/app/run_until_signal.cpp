#include "controller/app/run_until_signal.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include "protocol/runtime/logging.hpp"

namespace runbook::app {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> start_and_wait(SignalWatch& signals, std::function<asio::awaitable<void>()> start) {
  co_await start();
  const int number = co_await signals.set().async_wait(asio::use_awaitable);
  runtime::log_info({}, fmt::format("stopping, as signal {} asks", number));
}

asio::awaitable<void> whole_life(SignalWatch& signals, std::function<asio::awaitable<void>()> start,
                                 std::function<asio::awaitable<void>()> stop) {
  std::exception_ptr failure;
  try {
    co_await start_and_wait(signals, std::move(start));
  } catch (...) {
    failure = std::current_exception();  // told after everything was stopped
  }
  co_await stop();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

void run_program(asio::io_context& context, SignalWatch& signals,
                 std::function<asio::awaitable<void>()> start, std::function<asio::awaitable<void>()> stop) {
  std::exception_ptr failure;
  auto done = [&](std::exception_ptr error) {
    failure = error;
    context.stop();
  };
  asio::co_spawn(context, whole_life(signals, std::move(start), std::move(stop)), std::move(done));
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace runbook::app
