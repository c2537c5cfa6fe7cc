#include "protocol/runtime/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <cassert>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol/runtime/expected_end.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::runtime {

namespace asio = boost::asio;

struct TaskGroup::State {
  using Signal = std::shared_ptr<asio::cancellation_signal>;

  State(asio::any_io_executor group_executor, std::string group_name)
      : executor(std::move(group_executor)),
        name(std::move(group_name)),
        ended(executor, asio::steady_timer::time_point::max()) {}

  void task_ended(std::uint64_t id, const std::string& task_name, const std::exception_ptr& escaped) {
    if (!expected_end(escaped)) log_error({}, fmt::format("{}: {}: {}", name, task_name, describe(escaped)));
    tasks.erase(id);
    if (tasks.empty()) ended.cancel();
  }

  void cancel_all() {
    // Emitting may end tasks at once, so it works on a copy that keeps the signals alive.
    std::vector<Signal> signals;
    signals.reserve(tasks.size());
    for (const auto& [id, signal] : tasks) signals.push_back(signal);
    for (const auto& signal : signals) signal->emit(asio::cancellation_type::all);
  }

  // The waits have an empty cancellation slot when `keep_waiting`: clean-up outlives cancellation.
  static asio::awaitable<void> drain(std::shared_ptr<State> state, bool keep_waiting) {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    if (keep_waiting) co_await asio::this_coro::throw_if_cancelled(false);
    while (!state->tasks.empty()) {
      boost::system::error_code ignored;
      if (keep_waiting) {
        const asio::cancellation_slot none;
        co_await state->ended.async_wait(
            asio::bind_cancellation_slot(none, asio::redirect_error(asio::use_awaitable, ignored)));
      } else {
        co_await state->ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      }
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
  }

  asio::any_io_executor executor;
  std::string name;
  asio::steady_timer ended;  // never expires; cancelled to wake those who wait
  std::unordered_map<std::uint64_t, Signal> tasks;
  std::uint64_t next_id = 0;
  bool stopping = false;
};

TaskGroup::TaskGroup(asio::any_io_executor executor, std::string name)
    : state_(std::make_shared<State>(std::move(executor), std::move(name))) {}

TaskGroup::~TaskGroup() {
  // At the end of a program the executor may be gone before its tasks ended; then they never run again.
  state_->stopping = true;
}

void TaskGroup::spawn(std::string task_name, asio::awaitable<void> task) {
  if (state_->stopping) return;
  const std::uint64_t id = state_->next_id++;
  auto signal = std::make_shared<asio::cancellation_signal>();
  state_->tasks.emplace(id, signal);
  auto ended = [state = state_, id, name = std::move(task_name)](const std::exception_ptr& escaped) {
    state->task_ended(id, name, escaped);
  };
  asio::co_spawn(state_->executor, std::move(task),
                 asio::bind_cancellation_slot(signal->slot(), std::move(ended)));
}

asio::awaitable<void> TaskGroup::stop() {
  // Not a coroutine: cancellation is emitted even when the caller's own cancellation keeps it from waiting.
  state_->stopping = true;
  state_->cancel_all();
  return State::drain(state_, true);
}

asio::awaitable<void> TaskGroup::wait() { return State::drain(state_, false); }

std::size_t TaskGroup::size() const { return state_->tasks.size(); }

}  // namespace runbook::runtime
