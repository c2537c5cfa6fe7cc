#include "protocol/runtime/task_group.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/await.hpp"

namespace runbook::runtime {
namespace {

namespace asio = boost::asio;
using testing::await;

asio::awaitable<void> until_cancelled(int& ended) {
  asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  boost::system::error_code error;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  ++ended;
}

TEST(TaskGroup, StopCancelsEveryTaskAndWaitsForItsEnd) {
  int ended = 0;
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    for (int i = 0; i < 10; ++i) group.spawn("task", until_cancelled(ended));
    EXPECT_EQ(group.size(), 10U);
    co_await group.stop();
    EXPECT_EQ(ended, 10);
    EXPECT_EQ(group.size(), 0U);
  };
  await(scene());
}

TEST(TaskGroup, StopMayBeCalledTwiceAndWithoutTasks) {
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    co_await group.stop();
    co_await group.stop();
  };
  await(scene());
}

TEST(TaskGroup, ATaskAfterStopNeverBegins) {
  bool began = false;
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    auto task = [&]() -> asio::awaitable<void> {
      began = true;
      co_return;
    };
    co_await group.stop();
    group.spawn("late", task());
    co_await group.wait();
  };
  await(scene());
  EXPECT_FALSE(began);
}

TEST(TaskGroup, AnExceptionEndsItsTaskOnly) {
  int ended = 0;
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    auto failing = []() -> asio::awaitable<void> {
      throw std::runtime_error("expected by the test");
      co_return;
    };
    group.spawn("failing", failing());
    group.spawn("other", until_cancelled(ended));
    while (group.size() > 1) co_await asio::post(asio::use_awaitable);
    EXPECT_EQ(ended, 0);
    co_await group.stop();
  };
  await(scene());
  EXPECT_EQ(ended, 1);
}

TEST(TaskGroup, WaitReturnsWhenTheLastTaskEndedByItself) {
  int turns = 0;
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    auto task = [&]() -> asio::awaitable<void> {
      for (int i = 0; i < 5; ++i) {
        co_await asio::post(asio::use_awaitable);
        ++turns;
      }
    };
    group.spawn("turns", task());
    co_await group.wait();
    EXPECT_EQ(turns, 5);
  };
  await(scene());
}

// Clean-up outlives cancellation: stop() still waits for a slow task when its own caller was cancelled
// meanwhile.
TEST(TaskGroup, StopGoesOnWhenItsCallerIsCancelled) {
  bool cleaned = false;
  bool stopped = false;
  auto slow = [&]() -> asio::awaitable<void> {
    int ignored = 0;
    co_await until_cancelled(ignored);
    co_await asio::this_coro::throw_if_cancelled(false);
    for (int i = 0; i < 20; ++i) co_await asio::post(asio::use_awaitable);
    cleaned = true;
  };
  auto owner = [&]() -> asio::awaitable<void> {
    TaskGroup inner(co_await asio::this_coro::executor, "inner");
    inner.spawn("slow", slow());
    co_await asio::post(asio::use_awaitable);
    co_await inner.stop();
    EXPECT_TRUE(cleaned);
    stopped = true;
  };
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup outer(co_await asio::this_coro::executor, "outer");
    outer.spawn("owner", owner());
    for (int i = 0; i < 6; ++i) co_await asio::post(asio::use_awaitable);
    EXPECT_FALSE(cleaned);
    co_await outer.stop();
  };
  await(scene());
  EXPECT_TRUE(stopped);
}

TEST(TaskGroup, TasksMaySpawnAndEndInsideACancellation) {
  int ended = 0;
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    auto parent = [&]() -> asio::awaitable<void> {
      co_await until_cancelled(ended);
      group.spawn("child", until_cancelled(ended));  // refused: the group is stopping
    };
    for (int i = 0; i < 100; ++i) group.spawn("parent", parent());
    co_await group.stop();
    EXPECT_EQ(ended, 100);
  };
  await(scene());
}

}  // namespace
}  // namespace runbook::runtime
