// Reaper: collects every ended child of the agent: the main processes it is told about, and the orphans that
// come to the agent because it is their subreaper. The only caller of waitid(2) in the program, so that a
// process id stays valid until its owner was told. I/O thread; one per process.
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

namespace runbook::runner {

struct ExitStatus {
  std::optional<int> exit_code;
  std::optional<int> signal;
};

class Reaper {
 public:
  using Callback = std::function<void(const ExitStatus&)>;

  explicit Reaper(boost::asio::any_io_executor executor);  // makes this process a subreaper
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;
  ~Reaper();

  // Calls `ended` once when `pid` ended. To be called before the thread returns to its event loop after fork.
  void watch(pid_t pid, Callback ended);
  // The process is reaped later all the same, but nobody is told.
  void forget(pid_t pid);

 private:
  struct State;
  static void await_child(const std::shared_ptr<State>& state);
  static void reap(State& state);

  std::shared_ptr<State> state_;
};

}  // namespace runbook::runner
