// BlockingPool: a bounded number of threads and a bounded queue for work that blocks (SQL, files, hashing,
// DNS, YAML). run() may be awaited from any executor and resumes there. Thread-safe.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace runbook::runtime {

// Thrown by run() when the queue is full: the caller answers 503 or tries later.
struct PoolFull : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class BlockingPool {
 public:
  BlockingPool(std::size_t threads, std::size_t queue_limit);
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;
  ~BlockingPool();  // joins

  // Runs `function` on a pool thread and gives its value or exception back. It cannot be cancelled: a
  // deadline round it waits for its end (the completion has an empty cancellation slot).
  template <class F>
  boost::asio::awaitable<std::invoke_result_t<F>> run(F function);

  void join();  // no new work; waits for what runs

 private:
  void reserve();  // counts one waiting job or throws PoolFull

  // Starts `job` on a pool thread and completes on the caller's executor after it.
  template <class Job>
  boost::asio::awaitable<void> submit(Job& job);

  boost::asio::thread_pool threads_;
  std::size_t queue_limit_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<bool> closed_{false};
};

template <class Job>
boost::asio::awaitable<void> BlockingPool::submit(Job& job) {
  namespace asio = boost::asio;
  // `job` lives in the frame of run(), which the handler keeps alive until it was called.
  auto initiation = [this, &job](auto handler) {
    auto work = asio::make_work_guard(handler);
    auto task = [this, &job, handler = std::move(handler), work = std::move(work)]() mutable {
      waiting_.fetch_sub(1, std::memory_order_relaxed);
      job();
      auto executor = work.get_executor();
      asio::post(executor, std::move(handler));
    };
    asio::post(threads_, std::move(task));
  };
  auto token = asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable);
  return asio::async_initiate<decltype(token), void()>(std::move(initiation), token);
}

template <class F>
boost::asio::awaitable<std::invoke_result_t<F>> BlockingPool::run(F function) {
  using T = std::invoke_result_t<F>;
  constexpr bool kHasValue = !std::is_void_v<T>;
  std::conditional_t<kHasValue, std::optional<T>, bool> value{};
  std::exception_ptr escaped;
  auto job = [&function, &value, &escaped]() noexcept {
    try {
      if constexpr (kHasValue) {
        value.emplace(function());
      } else {
        function();
        value = true;
      }
    } catch (...) {
      escaped = std::current_exception();
    }
  };
  reserve();
  co_await submit(job);
  if (escaped) std::rethrow_exception(escaped);
  if constexpr (kHasValue) co_return std::move(*value);
}

}  // namespace runbook::runtime
