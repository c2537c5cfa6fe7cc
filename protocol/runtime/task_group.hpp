// TaskGroup: owns the coroutines a component started. Every task ends in one handler that logs what escaped
// from it; stop() cancels what is left and returns when the last one ended, so an owner may then be
// destroyed. Used from one executor only. Must be the last data member of its owner.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace runbook::runtime {

class TaskGroup {
 public:
  TaskGroup(boost::asio::any_io_executor executor, std::string name);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();  // all tasks must have ended

  // Starts `task`. After stop() was called the task is destroyed unstarted. Cancellation and expected ends of
  // a connection (see expected_end) are not logged as errors.
  void spawn(std::string task_name, boost::asio::awaitable<void> task);

  // Emits cancellation to every task and waits for all of them. May be called twice.
  boost::asio::awaitable<void> stop();

  // Waits until no task is left, without cancelling.
  boost::asio::awaitable<void> wait();

  std::size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace runbook::runtime
