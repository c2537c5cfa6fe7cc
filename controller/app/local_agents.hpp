// LocalAgents: the agents that `dev` runs on this machine, started from the runbook-agent program beside the
// controller. They outlive a killed controller and are adopted again; one that ends is started again.
// On the controller's I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/runtime/blocking_pool.hpp"
#include "protocol/runtime/process_identity.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::app {

struct LocalAgentSettings {
  std::filesystem::path program;  // runbook-agent
  std::filesystem::path folder;   // agents/NAME, run/NAME.pid and log/NAME.log lie below it
  std::size_t count = 2;
  std::string controller_url;  // of the agent listener
  std::string ca_sha256;
  std::string dispatch_key;  // what they have to have pinned: without it they run nothing
};

class LocalAgents {
 public:
  // Answers a new one-use enrolment token for the agent of this name; an older agent of the name makes room.
  using NewToken = std::function<boost::asio::awaitable<std::string>(std::string)>;

  LocalAgents(boost::asio::any_io_executor executor, runtime::BlockingPool& pool, LocalAgentSettings settings,
              NewToken new_token);

  // Adopts or enrols and starts every agent; from then on they are watched. Throws runtime::StartFailed.
  boost::asio::awaitable<void> start();
  // Ends all of them: TERM, then KILL. May be called unstarted and twice.
  boost::asio::awaitable<void> stop();

  std::vector<std::string> names() const;

 private:
  struct Agent {
    std::string name;
    std::optional<runtime::ProcessIdentity> process;
  };
  std::filesystem::path state_folder(const Agent& agent) const;
  std::filesystem::path run_file(const Agent& agent) const;
  bool is_enrolled(const Agent& agent) const;
  std::optional<runtime::ProcessIdentity> adoptable(const Agent& agent) const;
  boost::asio::awaitable<void> enrol(std::string name, std::filesystem::path state);
  boost::asio::awaitable<void> bring_up(Agent& agent);
  boost::asio::awaitable<void> watch(Agent& agent);
  void end_all();

  boost::asio::any_io_executor executor_;
  runtime::BlockingPool& pool_;
  LocalAgentSettings settings_;
  NewToken new_token_;
  std::vector<Agent> agents_;
  runtime::TaskGroup tasks_;
};

}  // namespace runbook::app
