#include "protocol/runtime/blocking_pool.hpp"

#include <cassert>

namespace runbook::runtime {

BlockingPool::BlockingPool(std::size_t threads, std::size_t queue_limit)
    : threads_(threads), queue_limit_(queue_limit) {
  assert(threads > 0 && queue_limit > 0);
}

BlockingPool::~BlockingPool() { join(); }

void BlockingPool::join() {
  closed_.store(true, std::memory_order_relaxed);
  threads_.join();
}

void BlockingPool::reserve() {
  if (closed_.load(std::memory_order_relaxed)) throw PoolFull("the pool is closed");
  if (waiting_.fetch_add(1, std::memory_order_relaxed) >= queue_limit_) {
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    throw PoolFull("too much blocking work is waiting");
  }
}

}  // namespace runbook::runtime
