// AgentProcess: everything a running agent is made of, built in dependency order and taken down in reverse.
// One I/O thread, and one for files, accounts and process trees.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <memory>
#include <optional>
#include <string>

#include "agent/app/state_directory.hpp"
#include "agent/connection/attempts.hpp"
#include "agent/connection/dead_man_switch.hpp"
#include "agent/connection/link.hpp"
#include "agent/connection/renewal.hpp"
#include "agent/policy/host_policy.hpp"
#include "agent/runner/local_runner.hpp"
#include "agent/runner/wakeup.hpp"
#include "protocol/runtime/blocking_pool.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::agent {

class AgentProcess {
 public:
  // Throws std::runtime_error when the identity cannot be used.
  AgentProcess(const Identity& identity, connection::ControllerAddress controller, StateDirectory state,
               policy::HostPolicy policy);

  // Serves until SIGTERM, SIGINT or SIGHUP, then stops what runs and reports it.
  void run();

 private:
  boost::asio::awaitable<void> live();
  boost::asio::awaitable<void> shut_down();
  boost::asio::awaitable<void> keep_status();
  boost::asio::awaitable<Result<void>> keep_certificate(connection::AgentCertificate certificate);
  connection::RenewalSettings renewal_settings(connection::ControllerAddress controller);
  void await_signal();
  void changed();
  AgentStatus status() const;

  StateDirectory state_;
  Identity identity_;
  std::string controller_;
  const Uuid incarnation_;
  boost::asio::io_context io_;
  runtime::BlockingPool disk_;
  std::unique_ptr<runner::ProcessTrees> trees_;
  runner::LocalRunner runner_;
  connection::Attempts attempts_;
  connection::DeadManSwitch dead_man_switch_;
  connection::Link link_;
  connection::CertificateRenewal renewal_;
  boost::asio::signal_set signals_;
  runner::Wakeup stop_asked_;
  runner::Wakeup settled_;  // for shut_down()
  runner::Wakeup status_stale_;
  int signals_seen_ = 0;
  runtime::TaskGroup tasks_;
};

}  // namespace runbook::agent
