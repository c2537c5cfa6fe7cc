// simulated_agents: many agents in one process against a real controller. Each enrols with a certificate of
// its own, holds a mutual-TLS WebSocket and answers every `run` at once. Prints how long enrolling and
// connecting took and, given the controller's process id, what it costs the controller to hold them.
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <vector>

#include "agent/connection/address.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/runtime/task_group.hpp"
#include "tests/bench/enrolment_tokens.hpp"
#include "tests/bench/process_memory.hpp"
#include "tests/bench/simulated_agent.hpp"

namespace runbook::bench {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Options {
  std::size_t count = 100;
  std::size_t parallel = 32;  // handshakes at once
  std::size_t output_bytes = 0;
  std::string api;
  std::string key;
  std::string token_file;
  std::string controller;
  std::string ca_sha256;
  int controller_pid = 0;
  int seconds = 0;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

asio::awaitable<void> pause(Clock::duration time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

class Fleet {
 public:
  Fleet(asio::any_io_executor executor, Options options, Invitation invitation)
      : options_(std::move(options)), invitation_(std::move(invitation)), tasks_(executor, "fleet") {}

  asio::awaitable<void> run() {
    co_await enrol_all();
    const ProcessMemory before = memory_of(options_.controller_pid);
    co_await connect_all();
    co_await pause(2s);  // the handshakes' buffers are given back
    report_memory(before);
    co_await hold();
    co_await tasks_.stop();
  }

 private:
  asio::awaitable<void> enrol_some(std::string prefix) {
    while (next_ < agents_.size()) {
      const std::size_t i = next_++;
      co_await agents_[i]->enrol(invitation_.tokens[i], invitation_.ca_sha256,
                                 fmt::format("{}-{:05}", prefix, i));
    }
  }

  asio::awaitable<void> enrol_all() {
    const auto address = connection::parse_address(invitation_.controller);
    if (!address) throw std::runtime_error(address.error().message);
    for (std::size_t i = 0; i < invitation_.tokens.size(); ++i) {
      agents_.push_back(std::make_unique<SimulatedAgent>(*address, options_.output_bytes, counters_));
    }
    const auto start = Clock::now();
    const std::string prefix = "sim-" + runtime::new_uuid().str().substr(0, 8);
    runtime::TaskGroup workers(co_await asio::this_coro::executor, "enrol");
    for (std::size_t i = 0; i < options_.parallel; ++i) workers.spawn("worker", enrol_some(prefix));
    co_await workers.wait();
    const double took = seconds_since(start);
    say(fmt::format("enrolled {} agents in {:.2f} s ({:.0f}/s), {} refused", counters_.enrolled, took,
                    static_cast<double>(counters_.enrolled) / took, counters_.refused));
  }

  // Keeps at most `parallel` handshakes under way.
  asio::awaitable<void> connect_all() {
    const auto start = Clock::now();
    std::size_t begun = 0;
    while (counters_.connected + counters_.failed_dials < agents_.size() && seconds_since(start) < 120) {
      while (begun < agents_.size() &&
             begun - counters_.connections - counters_.failed_dials < options_.parallel) {
        tasks_.spawn("agent", agents_[begun++]->serve());
      }
      co_await pause(1ms);
    }
    const double took = seconds_since(start);
    say(fmt::format("connected {} of {} agents in {:.2f} s ({:.0f}/s), {} dials failed", counters_.connected,
                    agents_.size(), took, static_cast<double>(counters_.connected) / took,
                    counters_.failed_dials));
  }

  void report_memory(const ProcessMemory& before) const {
    if (options_.controller_pid == 0 || counters_.connected == 0) return;
    const ProcessMemory after = memory_of(options_.controller_pid);
    const auto each = [this](std::size_t from, std::size_t to) {
      return (static_cast<double>(to) - static_cast<double>(from)) / static_cast<double>(counters_.connected);
    };
    say(fmt::format(
        "controller RSS {} -> {} KiB ({:.1f} KiB an agent), anonymous {} -> {} KiB ({:.1f} KiB an agent)",
        before.resident_kib, after.resident_kib, each(before.resident_kib, after.resident_kib),
        before.anonymous_kib, after.anonymous_kib, each(before.anonymous_kib, after.anonymous_kib)));
  }

  asio::awaitable<void> hold() {
    const auto start = Clock::now();
    asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    bool stopped = false;
    signals.async_wait([&stopped](const boost::system::error_code& error, int) { stopped = !error; });
    for (std::size_t told = 0; !stopped && (options_.seconds == 0 || seconds_since(start) < options_.seconds);
         ++told) {
      co_await pause(200ms);
      if (told % 25 != 0) continue;
      say(fmt::format("{} connected, {} runs, {} stops, {} closed, {} output bytes", counters_.connected,
                      counters_.runs, counters_.stops, counters_.closes, counters_.output_bytes));
    }
    signals.cancel();
  }

  Options options_;
  Invitation invitation_;
  Counters counters_;
  std::vector<std::unique_ptr<SimulatedAgent>> agents_;
  std::size_t next_ = 0;
  runtime::TaskGroup tasks_;
};

void allow_many_sockets() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--count", options.count, "Agents to simulate");
  app.add_option("--parallel", options.parallel, "Handshakes at once");
  app.add_option("--output", options.output_bytes, "Bytes of output for every run");
  app.add_option("--api", options.api, "URL of the REST API, to make enrolment tokens");
  app.add_option("--key", options.key, "API key of an administrator, with --api")->envname("RUNBOOK_API_KEY");
  app.add_option("--token-file", options.token_file, "One enrolment token a line, instead of --api");
  app.add_option("--controller", options.controller, "https://HOST:PORT of the agent listener");
  app.add_option("--ca-sha256", options.ca_sha256, "SHA-256 of the fleet's CA");
  app.add_option("--controller-pid", options.controller_pid, "Process to measure");
  app.add_option("--seconds", options.seconds, "How long to stay connected; 0: until SIGINT");
}

Invitation invite(const Options& options) {
  Invitation invitation = options.token_file.empty() ? make_tokens(options.api, options.key, options.count)
                                                     : read_tokens(options.token_file);
  if (!options.controller.empty()) invitation.controller = options.controller;
  if (!options.ca_sha256.empty()) invitation.ca_sha256 = options.ca_sha256;
  if (invitation.tokens.size() > options.count) invitation.tokens.resize(options.count);
  return invitation;
}

int measure(const Options& options) {
  asio::io_context context;
  Fleet fleet(context.get_executor(), options, invite(options));
  std::exception_ptr escaped;
  asio::co_spawn(context, fleet.run(), [&](std::exception_ptr error) { escaped = std::move(error); });
  context.run();
  if (escaped) std::rethrow_exception(escaped);
  return 0;
}

}  // namespace
}  // namespace runbook::bench

int main(int argc, char** argv) {
  runbook::bench::Options options;
  CLI::App app("Simulated agents against a real controller");
  runbook::bench::add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  runbook::bench::allow_many_sockets();
  try {
    return runbook::bench::measure(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "simulated_agents: %s\n", error.what());
    return 1;
  }
}
