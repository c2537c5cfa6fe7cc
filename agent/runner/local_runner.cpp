#include "agent/runner/local_runner.hpp"

#include <utility>

#include "agent/runner/local_process.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::runner {

LocalRunner::LocalRunner(boost::asio::any_io_executor executor, runtime::BlockingPool& disk,
                         ProcessTrees& trees, RunnerSettings settings)
    : context_{executor,
               disk,
               trees,
               std::move(settings),
               own_account(),
               Reaper(executor),
               std::string(limits::kFrameDataBytes, '\0')},
      tasks_(executor, "commands") {}

std::shared_ptr<RunningProcess> LocalRunner::start(Command command, std::shared_ptr<ProcessEvents> events) {
  auto process = std::make_shared<LocalProcess>(context_, std::move(command), std::move(events));
  tasks_.spawn("command", LocalProcess::run(process, tasks_));
  return process;
}

boost::asio::awaitable<void> LocalRunner::wait() { return tasks_.wait(); }

}  // namespace runbook::runner
