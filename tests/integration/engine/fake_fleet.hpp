// FakeFleet: agents without a network. They keep the protocol as real ones do (remember attempts until they
// are closed, resume output from where they are told, never run an attempt twice) and survive the engine, so
// that tests can take the engine away at any moment. Counts what was started.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controller/engine/ports.hpp"
#include "protocol/messages/dispatch_signature.hpp"

namespace runbook::testing {

// What a command does.
struct Script {
  std::vector<std::pair<Stream, std::string>> output = {};  // frames, in the order read
  int exit_code = 0;
  bool hangs = false;  // until it is stopped
  bool ignores_stop = false;
  std::string refused = {};  // why it does not start
  std::string refused_code = "refused";
};

class FakeFleet final : public engine::AgentLinks {
 public:
  explicit FakeFleet(std::function<Script(const RunCommand&)> script) : script_(std::move(script)) {}

  // The controller there is now; `leave` when it is gone.
  void serve(boost::asio::io_context& context, engine::AgentEvents& events);
  void leave();

  void add(const Uuid& agent);
  void connect(const Uuid& agent);
  void connect_all();
  void disconnect(const Uuid& agent);
  void restart(const Uuid& agent);  // forgets everything, as another process
  void lose(const Uuid& agent);     // its attempts, as if they had never come
  void finish_all();                // commands that hang end by themselves

  // What agents pin: set, nothing is started that is not bound and signed for the agent, as real ones do.
  std::optional<DispatchVerifier> pinned;

  // Frames before they are sent, to duplicate, cut or reorder them.
  std::function<std::vector<OutputFrame>(std::vector<OutputFrame>)> meddle;

  // Attempt ids that were started, by step and agent.
  const std::map<std::pair<Uuid, Uuid>, std::set<Uuid>>& started() const { return started_; }
  const std::vector<RunCommand>& runs() const { return runs_; }
  std::size_t repeated_runs() const { return repeated_runs_; }
  std::size_t drops() const { return drops_; }
  std::size_t open_attempts() const;
  std::size_t stops() const { return stops_; }

  std::optional<Uuid> incarnation(const Uuid& agent) const override;
  bool send(const Uuid& agent, const ControllerMessage& message) override;
  void drop(const Uuid& agent, std::string_view why) override;

 private:
  struct Attempt {
    RunCommand run;
    Script script;
    std::vector<OutputFrame> frames;
    std::array<std::string, 2> produced;
    std::optional<Finished> finished;
  };
  struct Agent {
    Uuid incarnation;
    bool ready = false;
    std::uint64_t link = 0;  // counts connections
    std::map<Uuid, Attempt> attempts;
  };

  boost::asio::awaitable<void> join(Uuid agent, std::uint64_t link);
  void deliver(const Uuid& agent, std::function<void(engine::AgentEvents&)> message);
  void receive(const Uuid& agent, const ControllerMessage& message);
  void run(const Uuid& agent, const RunCommand& command);
  std::optional<std::string> objection(const Uuid& agent, const RunCommand& command) const;
  void stop(const Uuid& agent, const StopCommand& command);
  void finish(Attempt& attempt, EndCause cause, std::optional<int> exit_code);
  void report(const Uuid& agent, const Attempt& attempt, std::array<std::uint64_t, 2> from);

  std::function<Script(const RunCommand&)> script_;
  boost::asio::io_context* context_ = nullptr;
  engine::AgentEvents* events_ = nullptr;
  std::map<Uuid, Agent> agents_;
  std::map<std::pair<Uuid, Uuid>, std::set<Uuid>> started_;
  std::vector<RunCommand> runs_;
  std::size_t repeated_runs_ = 0;
  std::size_t drops_ = 0;
  std::size_t stops_ = 0;
};

}  // namespace runbook::testing
