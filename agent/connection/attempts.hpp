// Attempts: every attempt the agent has not been told to forget, and the decisions about them (RELIABILITY,
// "The protocol of one attempt"): each id is started at most once, output is offered until it is
// acknowledged, verdicts until they are closed. Commands run through the Runner it is given; nothing here
// touches a process or a socket. I/O thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "agent/connection/attempt.hpp"
#include "agent/connection/clocks.hpp"
#include "agent/runner/command.hpp"
#include "protocol/messages/control.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::connection {

// Why a command may not be run; nothing when it may. Asked once for each, before anything of it is started.
using Judge = std::function<std::optional<runner::NotStarted>(const RunCommand&)>;

class Attempts {
 public:
  struct Limits {
    std::size_t running = limits::kAgentAttempts;
    std::size_t records = limits::kAgentRecords;
    std::size_t remembered = limits::kClosedAttempts;
  };

  // `runner` must outlive the attempts. `changed` is called when there may be something to send, the link
  // came or went, or the number of running attempts changed.
  Attempts(runner::Runner& runner, Limits bounds, Clocks clocks, Judge judge, std::function<void()> changed);

  std::vector<AttemptReport> reports() const;  // for Hello

  // Sending is only possible between welcomed() and disconnected().
  void welcomed(const Welcome& welcome);
  // `silent_for`: how long ago the controller was last heard.
  void disconnected(std::chrono::microseconds silent_for = {});
  void handle(const RunCommand& run);
  void handle(const StopCommand& stop);
  void handle(const Ack& ack);
  void handle(const Close& close);
  // The next message for the controller, taking turns among the attempts; nothing when all was sent.
  std::optional<transport::WebSocketMessage> next();

  // Stops commands that were to run so long without a controller and no longer. How long until the next one
  // is due; nothing while the controller is there or none waits for it.
  std::optional<BootTime> stop_unserved();

  // The agent is to end: starts nothing more and stops what runs, with its own grace but at most `grace`.
  void shut_down(std::chrono::milliseconds grace);
  void abandon_all();  // nothing that still runs is reported any more

  std::size_t running() const;
  bool empty() const { return open_.empty(); }  // everything was closed

 private:
  // Why a command that was not seen before is not to be started; nothing when it is.
  std::optional<runner::NotStarted> objection(const RunCommand& run) const;
  void reply_replayed(const Uuid& id);
  void start(const RunCommand& run);
  void refuse(const Uuid& id, runner::NotStarted why);
  void forget(const Uuid& id);
  void remember(const Uuid& id, Time expires_at);
  void forget_abandoned();
  void share_window();

  runner::Runner& runner_;
  Limits limits_;
  ControllerClock clock_;
  Judge judge_;
  std::shared_ptr<AttemptsShared> shared_;
  std::map<Uuid, std::shared_ptr<Attempt>> open_;
  std::optional<Uuid> last_sent_;                   // whose turn it was
  std::deque<std::pair<Uuid, Time>> closed_order_;  // oldest first, with when they would have expired
  std::unordered_set<Uuid> closed_;
  // Nothing that expires before this is started: it may be what was run, closed and is no longer remembered.
  Time forgotten_until_{};
  std::deque<Refused> replies_;  // refusals of what is not kept
  bool welcome_ = false;
  BootTime last_heard_{0};  // while not welcome: when the controller was last heard
  bool shutting_down_ = false;
};

}  // namespace runbook::connection
