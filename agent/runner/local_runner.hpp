// LocalRunner: runs commands as children of this process. Starting, reading, timeouts and stops happen on the
// I/O thread; account look-ups, script files and process trees on the disk thread.
//
// The end of a command (RELIABILITY R14, R16): it has ended when its main process has. Output is then read
// until both pipes end, at most limits::kOutputDrain; whatever processes are left are killed; then ended() is
// called. A stop or timeout sends TERM (and CONT, for stopped processes) to the whole tree, KILL after the
// grace, and waits at most limits::kStopConfirm until nothing is left. So a command leaves nothing behind: a
// service that must outlive it has to be started by the host's service manager.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

#include "agent/runner/account.hpp"
#include "agent/runner/command.hpp"
#include "agent/runner/process_tree.hpp"
#include "agent/runner/reaper.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/blocking_pool.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::runner {

struct RunnerSettings {
  std::string temporary_directory = "/tmp";  // for script files
  std::string credential_directory = "/tmp";
  std::string credential_prefix = "runbook-credentials";  // this agent's alone: it removes what is left of it
  std::string command_tmpdir;                             // TMPDIR of commands, none when empty
  std::chrono::milliseconds output_drain = limits::kOutputDrain;
  std::chrono::milliseconds stop_confirm = limits::kStopConfirm;
};

// What every process of one runner shares.
struct RunnerContext {
  boost::asio::any_io_executor executor;
  runtime::BlockingPool& disk;
  ProcessTrees& trees;
  RunnerSettings settings;
  Account own;
  Reaper reaper;
  std::string buffer;  // one read at a time, whichever pipe it is for
};

class LocalRunner final : public Runner {
 public:
  // `disk` and `trees` must outlive the runner.
  LocalRunner(boost::asio::any_io_executor executor, runtime::BlockingPool& disk, ProcessTrees& trees,
              RunnerSettings settings);

  std::shared_ptr<RunningProcess> start(Command command, std::shared_ptr<ProcessEvents> events) override;

  // Waits until every command has ended; the runner may then be destroyed.
  boost::asio::awaitable<void> wait();

 private:
  RunnerContext context_;
  runtime::TaskGroup tasks_;
};

}  // namespace runbook::runner
