// What the engine needs from its surroundings and what it offers them. `fleet` and `live` implement or call
// these; `app` wires them. Everything here is called on the controller's one I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "controller/domain/execution/execution_plan.hpp"
#include "controller/domain/preparation.hpp"
#include "protocol/messages/control.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::engine {

// Links to connected agents. Implemented by fleet::AgentHub.
class AgentLinks {
 public:
  virtual ~AgentLinks() = default;
  // The connected agent process, nothing while the agent is offline.
  virtual std::optional<Uuid> incarnation(const Uuid& agent) const = 0;
  // Queues a message; false when the agent is not connected. Delivery is not promised: state decides again on
  // Hello.
  virtual bool send(const Uuid& agent, const ControllerMessage& message) = 0;
  // Closes the link because of `why`; the agent comes back and resumes from what is committed.
  virtual void drop(const Uuid& agent, std::string_view why) = 0;
  // Closes the link and tells the audit trail: the agent said something of what is not its own.
  virtual void refuse(const Uuid& agent, std::string_view why) { drop(agent, why); }
};

// Sends the requests of API steps. Implemented by ApiCaller.
class ApiRequests {
 public:
  virtual ~ApiRequests() = default;
  // Sends `request`, the open try of `step`, and tells how it ended, at `deadline` at the latest.
  virtual boost::asio::awaitable<domain::ApiOutcome> call(Uuid step, domain::ApiRequest request,
                                                          domain::ApiConfig config, Time deadline) = 0;
  // Gives the request of `step` up, if one is under way: its call() returns soon.
  virtual void cancel(Uuid step) = 0;
};

// What agents report. Implemented by the engine, called by fleet sessions.
class AgentEvents {
 public:
  virtual ~AgentEvents() = default;
  // A new connection said Hello: decides per open attempt (RELIABILITY, protocol step 8). Commands to resend
  // or stop follow through AgentLinks::send after ready(). An error: close the connection, the agent is not
  // to be trusted.
  virtual boost::asio::awaitable<Result<Welcome>> connected(Uuid agent, Hello hello) = 0;
  virtual void ready(Uuid agent) = 0;  // the Welcome is on its way; the link may be used
  virtual void disconnected(Uuid agent) = 0;
  // Before the link of a revoked agent is cut: its attempts are given up, and stops are queued for it.
  virtual boost::asio::awaitable<void> agent_revoked(Uuid agent) = 0;
  // Queued for the next batch; answered by Close through AgentLinks after the commit.
  virtual void started(Uuid agent, Started message) = 0;
  virtual void refused(Uuid agent, Refused message) = 0;
  virtual void finished(Uuid agent, Finished message) = 0;
  // Queued for the next batch; acknowledged through AgentLinks after the commit. The agent's own window
  // bounds it.
  virtual void output(Uuid agent, OutputFrame frame) = 0;
  // Returns at once unless much output of all agents waits to be stored: sessions await it between messages.
  virtual boost::asio::awaitable<void> settle() = 0;
};

// One committed piece of output.
struct CommittedOutput {
  Uuid execution;
  Uuid step;
  Uuid attempt;
  Uuid agent;
  std::string host;
  Stream stream = Stream::kStdout;
  std::uint64_t offset = 0;
  std::uint64_t first_line = 0;  // newlines before it in its stream
  bool begins_line = true;       // its first byte is the first of a line
  std::shared_ptr<const std::string> data;
};

// Told after each commit. Implemented by live::LiveHub. Must not block and must not throw. Two commits of one
// execution may be told in either order when they were made at the same moment, and another controller's are
// not told at all: `seq` tells.
class ExecutionObserver {
 public:
  virtual ~ExecutionObserver() = default;
  // False: nobody would see this execution's "host" events, so they need not be made.
  virtual bool watched(const Uuid& execution) const = 0;
  // `event` is "execution", "step" or "host"; `data` as docs/live-protocol.md says; `seq` grows within an
  // execution.
  virtual void changed(const Uuid& execution, std::int64_t seq, std::string_view event,
                       const boost::json::object& data) = 0;
  virtual void output(const CommittedOutput& piece) = 0;
};

// Told when an agent connects or leaves, after it was stored; `agent` as in GET /agents. Implemented by
// live::LiveHub.
class AgentObserver {
 public:
  virtual ~AgentObserver() = default;
  virtual void agent_changed(const boost::json::object& agent) = 0;
};

// Wakes readers of stored output (REST with follow=true). Implemented by live::LiveHub.
class OutputSignal {
 public:
  virtual ~OutputSignal() = default;
  // Returns when output of `step` was committed, its state changed, or `limit` passed; a hint: read again and
  // see. What was committed before the call does not wake it, so read, then wait a short time at most
  // (another controller's commits are not noticed here).
  virtual boost::asio::awaitable<void> wait_output(Uuid step, std::chrono::milliseconds limit) = 0;
};

}  // namespace runbook::engine
