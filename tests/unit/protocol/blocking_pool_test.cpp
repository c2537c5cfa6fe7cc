#include "protocol/runtime/blocking_pool.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/task_group.hpp"
#include "tests/support/await.hpp"

namespace runbook::runtime {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::await;

TEST(BlockingPool, AValueComesBackToTheCallersThread) {
  BlockingPool pool(1, 4);
  std::thread::id ran_on;
  std::thread::id resumed_on;
  auto task = [&]() -> asio::awaitable<std::string> {
    auto work = [&ran_on] {
      ran_on = std::this_thread::get_id();
      return std::string("value");
    };
    const std::string value = co_await pool.run(work);
    resumed_on = std::this_thread::get_id();
    co_return value;
  };
  EXPECT_EQ(await(task()), "value");
  EXPECT_NE(ran_on, std::this_thread::get_id());
  EXPECT_EQ(resumed_on, std::this_thread::get_id());
}

TEST(BlockingPool, ExceptionsComeBack) {
  BlockingPool pool(1, 4);
  auto fail = [] { throw std::runtime_error("disk"); };
  EXPECT_THROW(await(pool.run(fail)), std::runtime_error);
}

TEST(BlockingPool, ValuesNeedNoDefaultAndMayBeMoveOnly) {
  struct Odd {
    explicit Odd(int number) : held(std::make_unique<int>(number)) {}
    std::unique_ptr<int> held;
  };
  BlockingPool pool(1, 4);
  auto make = [] { return Odd(7); };
  EXPECT_EQ(*await(pool.run(make)).held, 7);
}

TEST(BlockingPool, OneJobMoreThanTheQueueHoldsIsRefused) {
  constexpr std::size_t kQueue = 3;
  BlockingPool pool(1, kQueue);
  std::promise<void> release;
  std::promise<void> started;
  const std::shared_future<void> released = release.get_future().share();
  std::atomic<int> done{0};
  int refused = 0;
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    auto first = [&]() -> asio::awaitable<void> {
      auto hold = [&] {
        started.set_value();
        released.wait();
      };
      co_await pool.run(hold);
    };
    auto other = [&]() -> asio::awaitable<void> {
      auto count = [&done] { ++done; };
      try {
        co_await pool.run(count);
      } catch (const PoolFull&) {
        ++refused;
      }
    };
    group.spawn("first", first());
    co_await asio::post(asio::use_awaitable);
    started.get_future().wait();
    for (std::size_t i = 0; i < kQueue + 1; ++i) group.spawn("other", other());
    while (refused == 0) co_await asio::post(asio::use_awaitable);
    release.set_value();
    co_await group.wait();
  };
  await(scene());
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(done, static_cast<int>(kQueue));
}

TEST(BlockingPool, ADeadlineRoundAJobWaitsForItsEnd) {
  BlockingPool pool(1, 4);
  std::promise<void> release;
  bool ended = false;
  auto scene = [&]() -> asio::awaitable<void> {
    asio::steady_timer later(co_await asio::this_coro::executor, 20ms);
    later.async_wait([&release](const boost::system::error_code&) { release.set_value(); });
    auto hold = [&] {
      release.get_future().wait();
      ended = true;
      return 1;
    };
    const auto value = co_await with_deadline(pool.run(hold), 1ms);
    EXPECT_EQ(value, std::nullopt);
    EXPECT_TRUE(ended);
  };
  await(scene());
}

TEST(BlockingPool, AfterJoinWorkIsRefused) {
  BlockingPool pool(2, 4);
  pool.join();
  pool.join();
  auto nothing = [] {};
  EXPECT_THROW(await(pool.run(nothing)), PoolFull);
}

// Jobs that race a deadline by a hair: nothing may be lost, doubled or used after its end.
TEST(BlockingPool, ManyRacesWithDeadlinesEndCleanly) {
  BlockingPool pool(2, 1000);
  std::atomic<int> ran{0};
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    auto race = [&](int i) -> asio::awaitable<void> {
      auto work = [&ran, text = std::string(100, 'x')] {
        ++ran;
        return text;
      };
      const auto value = co_await with_deadline(pool.run(work), std::chrono::microseconds(i));
      if (value) EXPECT_EQ(value->size(), 100U);
    };
    for (int i = 0; i < 500; ++i) group.spawn("race", race(i));
    co_await group.wait();
  };
  await(scene());
  EXPECT_EQ(ran, 500);
}

}  // namespace
}  // namespace runbook::runtime
