#include "agent/app/agent_process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <utility>

#include "agent/connection/host_facts.hpp"
#include "certs/tls.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::agent {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t kDiskQueue = 65'536;
constexpr std::chrono::milliseconds kStatusPause{500};  // between two writes of the status file
constexpr std::chrono::seconds kReportTime{2};  // for the last reports to be acknowledged, and for goodbye

std::unique_ptr<runner::ProcessTrees> make_trees() {
  auto trees = runner::cgroup_trees();
  return trees ? std::move(trees) : runner::sweep_trees();
}

runner::RunnerSettings runner_settings() {
  runner::RunnerSettings settings;
  const char* folder = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): nothing sets it
  if (folder == nullptr || *folder != '/') return settings;
  settings.temporary_directory = folder;
  settings.command_tmpdir = folder;
  return settings;
}

connection::LinkSettings link_settings(const Identity& identity, connection::ControllerAddress controller) {
  connection::LinkSettings settings;
  settings.controller = std::move(controller);
  settings.tls = certs::agent_link(identity.certificate_pem, identity.key_pem, identity.ca_pem);
  settings.hello = connection::host_facts();
  settings.random_unit = [] { return runtime::random_unit(); };
  return settings;
}

}  // namespace

AgentProcess::AgentProcess(const Identity& identity, connection::ControllerAddress controller,
                           StateDirectory state)
    : state_(std::move(state)),
      name_(identity.name),
      controller_(controller.url),
      io_(1),
      disk_(1, kDiskQueue),
      trees_(make_trees()),
      runner_(io_.get_executor(), disk_, *trees_, runner_settings()),
      attempts_(runner_, {}, connection::host_clocks(), [this] { changed(); }),
      dead_man_switch_(io_.get_executor(), attempts_),
      link_(io_.get_executor(), link_settings(identity, std::move(controller)), attempts_,
            [this] { changed(); }),
      signals_(io_, SIGTERM, SIGINT, SIGHUP),
      stop_asked_(io_.get_executor()),
      settled_(io_.get_executor()),
      status_stale_(io_.get_executor()),
      tasks_(io_.get_executor(), "agent") {}

void AgentProcess::changed() {
  link_.wake();
  dead_man_switch_.wake();
  settled_.notify();
  status_stale_.notify();
}

void AgentProcess::run() {
  const bool cgroups = trees_->kind() == runner::TreeKind::kCgroup;
  runtime::log_info(
      {}, fmt::format("runbook-agent {} \"{}\" uses {}", RUNBOOK_VERSION, name_,
                      cgroups ? "one control group a command" : "a sweep of /proc to find processes"));
  std::exception_ptr fault;
  auto ended = [this, &fault](const std::exception_ptr& escaped) {
    fault = escaped;
    io_.stop();
  };
  await_signal();
  asio::co_spawn(io_, live(), ended);
  io_.run();
  disk_.join();
  state_.remove_status();
  if (fault) std::rethrow_exception(fault);
}

void AgentProcess::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    // A second signal is impatience: no more grace.
    if (++signals_seen_ > 1) attempts_.shut_down(std::chrono::milliseconds(0));
    stop_asked_.notify();
    await_signal();
  });
}

asio::awaitable<void> AgentProcess::live() {
  tasks_.spawn("link", link_.run());
  tasks_.spawn("dead man's switch", dead_man_switch_.run());
  tasks_.spawn("status", keep_status());
  while (signals_seen_ == 0) co_await stop_asked_.wait();
  runtime::log_info({}, "stopping");
  co_await shut_down();
  runtime::log_info({}, "stopped");
}

asio::awaitable<void> AgentProcess::shut_down() {
  attempts_.shut_down(limits::kAgentStopGrace);
  const bool ended =
      co_await runtime::with_deadline(runner_.wait(), limits::kAgentStopGrace + limits::kStopConfirm);
  if (!ended) {
    // A full window nobody empties keeps a command's last output in its pipe.
    attempts_.abandon_all();
    co_await runtime::with_deadline(runner_.wait(), kReportTime);
  }
  const auto limit = Clock::now() + kReportTime;
  while (link_.state().connected && !attempts_.empty() && Clock::now() < limit)
    co_await settled_.wait_until(limit);
  link_.close();
  const auto goodbye = Clock::now() + kReportTime;
  while (link_.state().connected && Clock::now() < goodbye) co_await settled_.wait_until(goodbye);
  boost::system::error_code ignored;
  signals_.cancel(ignored);
  co_await tasks_.stop();
}

AgentStatus AgentProcess::status() const {
  const connection::LinkState& link = link_.state();
  return {link.connected, link.since, link.reason, controller_, name_, attempts_.running()};
}

asio::awaitable<void> AgentProcess::keep_status() {
  std::optional<AgentStatus> written;
  while (true) {
    const AgentStatus now = status();
    if (written && *written == now) {
      co_await status_stale_.wait();
      continue;
    }
    written = now;
    auto job = [this, now] { state_.store_status(now); };
    co_await disk_.run(job);
    const auto until = Clock::now() + kStatusPause;
    while (Clock::now() < until) co_await status_stale_.wait_until(until);
  }
}

}  // namespace runbook::agent
