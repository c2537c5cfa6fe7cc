// await: runs a coroutine to its end on an event loop of its own and gives its value or exception back.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace runbook::testing {

template <class T>
T await(boost::asio::io_context& context, boost::asio::awaitable<T> task) {
  std::exception_ptr failure;
  context.restart();
  if constexpr (std::is_void_v<T>) {
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr error) { failure = error; });
    context.run();
    if (failure) std::rethrow_exception(failure);
  } else {
    // Wrapped, because co_spawn needs default-constructible results.
    auto wrapped = [](boost::asio::awaitable<T> inner) -> boost::asio::awaitable<std::optional<T>> {
      co_return co_await std::move(inner);
    };
    std::optional<T> value;
    boost::asio::co_spawn(context, wrapped(std::move(task)),
                          [&](std::exception_ptr error, std::optional<T> result) {
                            failure = error;
                            value = std::move(result);
                          });
    context.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }
}

template <class T>
T await(boost::asio::awaitable<T> task) {
  boost::asio::io_context context;
  return await(context, std::move(task));
}

}  // namespace runbook::testing
