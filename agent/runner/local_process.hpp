// LocalProcess: one command of a LocalRunner from its start to its end. Its coroutine run() makes every
// decision; stop(), the reaper and the readers only change its state and wake it. I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <chrono>
#include <memory>
#include <optional>

#include "agent/runner/credential_files.hpp"
#include "agent/runner/local_runner.hpp"
#include "agent/runner/output_pipe.hpp"
#include "agent/runner/process.hpp"
#include "agent/runner/script_file.hpp"
#include "agent/runner/wakeup.hpp"
#include "protocol/messages/masker.hpp"

namespace runbook::runner {

class LocalProcess final : public RunningProcess, public std::enable_shared_from_this<LocalProcess> {
 public:
  LocalProcess(RunnerContext& context, Command command, std::shared_ptr<ProcessEvents> events);

  void stop(std::chrono::milliseconds grace) override;
  void read_on() override;

  static boost::asio::awaitable<void> run(std::shared_ptr<LocalProcess> self, runtime::TaskGroup& tasks);

 private:
  using Clock = Wakeup::Clock;

  boost::asio::awaitable<void> live(runtime::TaskGroup& tasks);
  boost::asio::awaitable<std::optional<NotStarted>> prepare();
  std::optional<NotStarted> prepare_here();
  void keep_secrets();
  std::optional<NotStarted> fork();
  static boost::asio::awaitable<void> watch_status(std::shared_ptr<LocalProcess> self,
                                                   runtime::TaskGroup& tasks);
  static boost::asio::awaitable<void> read(std::shared_ptr<LocalProcess> self, OutputPipe& pipe);
  void start_reading(runtime::TaskGroup& tasks);

  boost::asio::awaitable<void> until_main_ended();
  boost::asio::awaitable<void> drain();
  boost::asio::awaitable<void> clear_tree();
  boost::asio::awaitable<void> read_the_rest();
  boost::asio::awaitable<void> remove_credentials();
  boost::asio::awaitable<void> release();
  boost::asio::awaitable<void> terminate_tree();
  boost::asio::awaitable<void> kill_tree();
  void begin_stop(EndCause cause, std::chrono::milliseconds grace);
  bool output_ended() const;
  Ending ending() const;
  void end(const Ending& ending);
  void refuse(NotStarted why);
  void kill_after_fault();

  RunnerContext& context_;
  Command command_;
  std::shared_ptr<ProcessEvents> events_;
  Wakeup changed_;

  Account account_;
  Image image_;
  std::unique_ptr<ScriptFile> script_file_;
  std::unique_ptr<CredentialFiles> credential_files_;
  std::unique_ptr<const Masker> masker_;  // none when it has no secrets
  std::unique_ptr<ProcessTree> tree_;
  pid_t pid_ = -1;
  std::optional<boost::asio::posix::stream_descriptor> status_;
  std::optional<OutputPipe> out_;
  std::optional<OutputPipe> err_;

  bool status_known_ = false;
  std::optional<SpawnFailure> failure_;
  std::optional<ExitStatus> exit_;  // of the main process
  std::optional<EndCause> cause_;   // kTimeout or kStop, once one was the reason to end it
  bool terminated_ = false;         // TERM was sent
  bool told_ = false;               // the last event was given
  bool hurry_ = false;              // a stop came after the main process had ended
  bool drain_cut_ = false;          // the drain time passed before the pipes ended
  bool left_some_ = false;          // other processes were there when the main one had ended
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point kill_at_ = Clock::time_point::max();
  std::size_t leftovers_ = 0;
  std::size_t left_behind_ = 0;  // other processes there when it had ended by itself
  Time started_at_{};
  Time ended_at_{};
};

}  // namespace runbook::runner
