#include "protocol/runtime/deadline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "protocol/runtime/task_group.hpp"
#include "tests/support/await.hpp"

namespace runbook::runtime {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::await;

constexpr auto kLong = 1h;  // never reached

asio::awaitable<std::string> word() { co_return "done"; }

asio::awaitable<std::string> failing() {
  throw std::runtime_error("refused");
  co_return "";
}

asio::awaitable<void> failing_void() {
  throw std::runtime_error("refused");
  co_return;
}

// Waits for ever and notes how it ended.
asio::awaitable<std::string> endless(std::string& ending) {
  asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  boost::system::error_code error;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  ending = error == asio::error::operation_aborted ? "cancelled" : "expired";
  co_return "late";
}

asio::awaitable<void> endless_void(std::string& ending) { co_await endless(ending); }

TEST(Deadline, AValueInTimeIsGivenBack) { EXPECT_EQ(await(with_deadline(word(), kLong)), "done"); }

TEST(Deadline, AnExceptionPassesThroughAtOnce) {
  EXPECT_THROW(await(with_deadline(failing(), kLong)), std::runtime_error);
  EXPECT_THROW(await(with_deadline(failing_void(), kLong)), std::runtime_error);
}

TEST(Deadline, AfterTheTimeTheOperationWasCancelledAndHasEnded) {
  std::string ending;
  EXPECT_EQ(await(with_deadline(endless(ending), 1ms)), std::nullopt);
  EXPECT_EQ(ending, "cancelled");
}

TEST(Deadline, OperationsWithoutAValueSayWhetherTheyEndedInTime) {
  std::string ending;
  EXPECT_FALSE(await(with_deadline(endless_void(ending), 1ms)));
  EXPECT_EQ(ending, "cancelled");
  auto nothing = []() -> asio::awaitable<void> { co_return; };
  EXPECT_TRUE(await(with_deadline(nothing(), kLong)));
}

TEST(Deadline, CancellationFromOutsideIsNotATimeout) {
  asio::io_context context;
  std::string ending;
  bool timed_out = false;
  bool went_on = false;
  auto waiter = [&]() -> asio::awaitable<void> {
    const auto value = co_await with_deadline(endless(ending), kLong);
    timed_out = !value;
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::clock_type::now());
    co_await timer.async_wait(asio::use_awaitable);
    went_on = true;
  };
  auto scene = [&]() -> asio::awaitable<void> {
    TaskGroup group(co_await asio::this_coro::executor, "test");
    group.spawn("waiter", waiter());
    co_await asio::post(asio::use_awaitable);
    co_await group.stop();
  };
  await(context, scene());
  EXPECT_EQ(ending, "cancelled");
  EXPECT_FALSE(timed_out);
  EXPECT_FALSE(went_on);  // cancellation is not forgotten
}

}  // namespace
}  // namespace runbook::runtime
