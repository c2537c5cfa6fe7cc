// BlockingPool: a bounded number of threads and a bounded queue for work that blocks (SQL, files, hashing, DNS, YAML).
// run() may be awaited from any executor and resumes there. Thread-safe.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <type_traits>

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

  // Runs `function` on a pool thread and gives its value or exception back. It cannot be cancelled: a deadline
  // round it waits for its end (the completion has an empty cancellation slot).
  template <class F>
  boost::asio::awaitable<std::invoke_result_t<F>> run(F function);

  void join();  // no new work; waits for what runs

 private:
  boost::asio::thread_pool threads_;
  std::size_t queue_limit_;
  std::atomic<std::size_t> waiting_{0};
};

}  // namespace runbook::runtime
