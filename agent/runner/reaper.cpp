#include "agent/runner/reaper.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <csignal>
#include <utility>
#include <vector>

namespace runbook::runner {

struct Reaper::State {
  explicit State(const boost::asio::any_io_executor& executor) : signals(executor, SIGCHLD) {}

  boost::asio::signal_set signals;
  std::unordered_map<pid_t, Callback> watched;
};

Reaper::Reaper(boost::asio::any_io_executor executor) : state_(std::make_shared<State>(executor)) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  await_child(state_);
}

Reaper::~Reaper() {
  state_->watched.clear();
  boost::system::error_code ignored;
  state_->signals.cancel(ignored);
}

void Reaper::watch(pid_t pid, Callback ended) { state_->watched.emplace(pid, std::move(ended)); }

void Reaper::forget(pid_t pid) { state_->watched.erase(pid); }

void Reaper::await_child(const std::shared_ptr<State>& state) {
  state->signals.async_wait(
      [weak = std::weak_ptr<State>(state)](const boost::system::error_code& error, int) {
        const auto alive = weak.lock();
        if (!alive || error) return;
        reap(*alive);
        await_child(alive);
      });
}

// One SIGCHLD may stand for many children.
void Reaper::reap(State& state) {
  std::vector<std::pair<Callback, ExitStatus>> ended;
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0) break;
    const auto found = state.watched.find(info.si_pid);
    if (found == state.watched.end()) continue;
    ExitStatus status;
    (info.si_code == CLD_EXITED ? status.exit_code : status.signal) = info.si_status;
    ended.emplace_back(std::move(found->second), status);
    state.watched.erase(found);
  }
  for (const auto& [callback, status] : ended) callback(status);
}

}  // namespace runbook::runner
