#include "agent/app/agent_process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <utility>

#include "agent/connection/host_facts.hpp"
#include "agent/policy/dispatch_guard.hpp"
#include "agent/runner/account.hpp"
#include "agent/runner/credential_files.hpp"
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

// Credentials that an earlier process of this agent left behind when it was killed go now: no command of
// this one has any yet.
runner::RunnerSettings runner_settings(const Uuid& agent) {
  runner::RunnerSettings settings;
  const char* folder = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): nothing sets it
  if (folder != nullptr && *folder == '/') {
    settings.temporary_directory = folder;
    settings.command_tmpdir = folder;
  }
  settings.credential_directory = runner::memory_directory(settings.temporary_directory);
  settings.credential_prefix = "runbook-credentials-" + agent.str();
  runner::remove_left_credentials(settings.credential_directory, settings.credential_prefix);
  return settings;
}

// The verifier is the one that was pinned at enrolment: nothing that comes over the link can change it.
policy::DispatchGuard guard_of(const Identity& identity, const Uuid& incarnation, policy::HostPolicy policy) {
  std::optional<DispatchVerifier> verifier;
  if (auto pinned = DispatchVerifier::of(identity.dispatch_key)) verifier = std::move(*pinned);
  if (!verifier) {
    runtime::log_error({}, "there is no key to check commands with: this agent runs none, enrol it again");
  }
  return {std::move(verifier), {identity.agent, incarnation}, std::move(policy), runner::own_account().name};
}

connection::LinkSettings link_settings(const Identity& identity, connection::ControllerAddress controller,
                                       const Uuid& incarnation) {
  connection::LinkSettings settings;
  settings.controller = std::move(controller);
  settings.tls = certs::agent_link(identity.certificate_pem, identity.key_pem, identity.ca_pem);
  settings.hello = connection::host_facts();
  settings.hello.incarnation = incarnation;
  settings.random_unit = [] { return runtime::random_unit(); };
  return settings;
}

}  // namespace

AgentProcess::AgentProcess(const Identity& identity, connection::ControllerAddress controller,
                           StateDirectory state, policy::HostPolicy policy)
    : state_(std::move(state)),
      identity_(identity),
      controller_(controller.url),
      incarnation_(runtime::new_uuid()),
      io_(1),
      disk_(1, kDiskQueue),
      trees_(make_trees()),
      runner_(io_.get_executor(), disk_, *trees_, runner_settings(identity.agent)),
      attempts_(runner_, {}, connection::host_clocks(), guard_of(identity, incarnation_, std::move(policy)),
                [this] { changed(); }),
      dead_man_switch_(io_.get_executor(), attempts_),
      link_(io_.get_executor(), link_settings(identity, controller, incarnation_), attempts_,
            [this] { changed(); }),
      renewal_(io_.get_executor(), renewal_settings(std::move(controller))),
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
      {}, fmt::format("runbook-agent {} \"{}\" uses {}", RUNBOOK_VERSION, identity_.name,
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
  link_.on_welcome([this](const Welcome& welcome) { renewal_.told(welcome.authorities); });
  tasks_.spawn("link", link_.run());
  tasks_.spawn("certificate", renewal_.run());
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
  return {link.connected, link.since, link.reason, controller_, identity_.name, attempts_.running()};
}

connection::RenewalSettings AgentProcess::renewal_settings(connection::ControllerAddress controller) {
  connection::RenewalSettings settings;
  settings.controller = std::move(controller);
  settings.agent = identity_.agent;
  settings.certificate = {identity_.certificate_pem, identity_.ca_pem, identity_.key_pem};
  settings.now = [] { return std::chrono::floor<Time::duration>(std::chrono::system_clock::now()); };
  settings.random_unit = [] { return runtime::random_unit(); };
  settings.store = [this](connection::AgentCertificate renewed) {
    return keep_certificate(std::move(renewed));
  };
  settings.use = [this](const connection::AgentCertificate& renewed) {
    link_.use(certs::agent_link(renewed.certificate_pem, renewed.key_pem, renewed.ca_pem));
  };
  return settings;
}

asio::awaitable<Result<void>> AgentProcess::keep_certificate(connection::AgentCertificate certificate) {
  Identity renewed = identity_;
  renewed.certificate_pem = std::move(certificate.certificate_pem);
  renewed.ca_pem = std::move(certificate.ca_pem);
  renewed.key_pem = std::move(certificate.key_pem);
  auto job = [this, renewed] { return state_.replace_certificate(renewed); };
  const auto kept = co_await disk_.run(job);
  if (kept) identity_ = std::move(renewed);
  co_return kept;
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
