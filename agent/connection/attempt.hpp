// Attempt: what the agent knows of one attempt from its RunCommand until the controller closes it: its
// process, its unacknowledged output, its verdict, and how much of that was sent on the present connection.
// I/O thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "agent/connection/output_window.hpp"
#include "agent/connection/sha256.hpp"
#include "agent/runner/command.hpp"
#include "protocol/messages/control.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::connection {

// What all attempts of an agent share.
struct AttemptsShared {
  std::size_t sharing = 0;                // attempts that hold a part of the window
  bool abandoned_over = false;            // one that was closed before its end has ended
  std::function<void()> changed = [] {};  // there may be something to send
};

class Attempt final : public runner::ProcessEvents {
 public:
  Attempt(const Uuid& id, std::shared_ptr<AttemptsShared> shared);

  // `stop_after`: the longest time it may run without a controller.
  void attach(std::shared_ptr<runner::RunningProcess> process, std::chrono::milliseconds stop_grace,
              std::optional<std::chrono::seconds> stop_after);
  void refuse(std::string code, std::string reason);
  void expires(Time at) { expires_at_ = at; }
  Time expires_at() const { return expires_at_; }  // of its RunCommand, when it was started

  // runner::ProcessEvents
  void started(std::int64_t pid, Time at) override;
  void not_started(runner::NotStarted why) override;
  std::size_t room() const override;
  void output(Stream stream, std::string_view data) override;
  void ended(const runner::Ending& ending) override;

  bool over() const { return !std::holds_alternative<std::monostate>(verdict_); }
  bool refused() const { return std::holds_alternative<Refused>(verdict_); }
  bool running() const { return process_ != nullptr && !over(); }
  bool abandoned() const { return abandoned_; }
  AttemptReport report() const;

  // The next thing to send on this connection: Started, then output, then the verdict.
  std::optional<transport::WebSocketMessage> next();

  void disconnected() { linked_ = false; }
  // The connection is welcome. Without `from` the controller did not say where to go on: output waits, but a
  // refusal is told. False when the controller's offsets cannot be served.
  bool connected(const Resume* from);
  bool acknowledge(Stream stream, std::uint64_t offset);
  void repeat();  // a second RunCommand: what is known is told again
  // Closed before its end: it goes on, but nothing of it is kept or sent any more.
  void abandon();
  void stop(std::chrono::milliseconds grace);
  void stop_within(std::chrono::milliseconds limit);  // with its own grace, but at most `limit`
  // Nobody was there for it for `alone_for`: ends it when that is too long. How long it has left; nothing
  // when it is not to be stopped for that, or was.
  std::optional<std::chrono::microseconds> stop_unserved(std::chrono::microseconds alone_for);
  void read_on();

 private:
  Uuid id_;
  std::shared_ptr<AttemptsShared> shared_;
  std::shared_ptr<runner::RunningProcess> process_;
  std::chrono::milliseconds stop_grace_{0};
  std::optional<std::chrono::seconds> stop_after_;
  bool stopped_unserved_ = false;
  Time expires_at_{};
  OutputWindow window_;
  Sha256 stdout_sha256_;
  Sha256 stderr_sha256_;
  std::optional<Started> started_;
  std::variant<std::monostate, Refused, Finished> verdict_;
  bool linked_ = false;  // the controller knows it and said where to go on
  bool abandoned_ = false;
  bool started_sent_ = false;
  bool verdict_sent_ = false;
};

}  // namespace runbook::connection
