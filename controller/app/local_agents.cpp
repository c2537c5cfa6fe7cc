#include "controller/app/local_agents.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "controller/app/process_end.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/runtime/detached_process.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::app {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using runtime::ProcessIdentity;

constexpr auto kTermLimit = 3s;       // an agent lets its commands end
constexpr auto kImpatientLimit = 2s;  // after a second TERM it kills them
constexpr auto kKillLimit = 1s;
constexpr const char* kIdentityFile = "agent.json";  // written last by an enrolment
constexpr auto kFirstPause = 500ms;
constexpr auto kLongestPause = 15s;
constexpr auto kSteady = 60s;  // ran this long: the next restart is quick again

// What a program of ours gets: enough for commands that ask for home and path, no secret of the controller's.
std::map<std::string, std::string> agent_environment() {
  std::map<std::string, std::string> environment;
  for (const auto* name : {"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR"}) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody writes it any more
    if (value != nullptr) environment.emplace(name, value);
  }
  environment.try_emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  return environment;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream stream{file};
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string last_line(const fs::path& file) {
  const auto lines = lines_of(file);
  return lines.empty() ? "it said nothing" : lines.back();
}

runtime::ProgramStart program_start(const LocalAgentSettings& settings, const std::string& name,
                                    std::vector<std::string> arguments) {
  runtime::ProgramStart start;
  start.program = settings.program;
  start.arguments = std::move(arguments);
  start.environment = agent_environment();
  start.log_file = settings.folder / "log" / (name + ".log");
  return start;
}

// Signals all, waits for all in the same time, and so on until none is left.
void end_processes(std::vector<ProcessIdentity> processes) {
  for (const auto& [number, limit] :
       {std::pair{SIGTERM, kTermLimit}, {SIGTERM, kImpatientLimit}, {SIGKILL, kKillLimit}}) {
    for (const auto& process : processes) process.send_signal(number);
    const auto until = std::chrono::steady_clock::now() + limit;
    std::erase_if(processes, [&until](const ProcessIdentity& process) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      return process.wait_for_end(std::max(left, std::chrono::milliseconds{0}));
    });
    if (processes.empty()) return;
  }
}

}  // namespace

LocalAgents::LocalAgents(asio::any_io_executor executor, runtime::BlockingPool& pool,
                         LocalAgentSettings settings, NewToken new_token)
    : executor_(std::move(executor)),
      pool_(pool),
      settings_(std::move(settings)),
      new_token_(std::move(new_token)),
      tasks_(executor_, "local agents") {
  for (std::size_t i = 1; i <= settings_.count; ++i) agents_.push_back({fmt::format("local-{}", i), {}});
}

std::vector<std::string> LocalAgents::names() const {
  std::vector<std::string> names;
  names.reserve(agents_.size());
  for (const auto& agent : agents_) names.push_back(agent.name);
  return names;
}

fs::path LocalAgents::state_folder(const Agent& agent) const {
  return settings_.folder / "agents" / agent.name;
}

fs::path LocalAgents::run_file(const Agent& agent) const {
  return settings_.folder / "run" / (agent.name + ".pid");
}

// With the key that this controller signs with: one that pinned another, or none, runs nothing.
bool LocalAgents::is_enrolled(const Agent& agent) const {
  std::ifstream stream{state_folder(agent) / kIdentityFile};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  const auto document = parse_json(text);
  const auto* object = document ? document->if_object() : nullptr;
  const auto* pinned = object != nullptr ? object->if_contains("dispatch_key") : nullptr;
  return pinned != nullptr && pinned->is_string() && pinned->get_string() == settings_.dispatch_key;
}

// Lines of the run file: identity, and the address the agent dials. One that dials another address is of no
// use.
std::optional<ProcessIdentity> LocalAgents::adoptable(const Agent& agent) const {
  const auto lines = lines_of(run_file(agent));
  if (lines.empty()) return std::nullopt;
  auto process = ProcessIdentity::parse(lines[0]);
  if (!process || !process->alive()) return std::nullopt;
  if (lines.size() > 1 && lines[1] == settings_.controller_url && is_enrolled(agent)) return process;
  end_processes({*process});
  return std::nullopt;
}

asio::awaitable<void> LocalAgents::start() {
  for (auto& agent : agents_) {
    auto look = [this, &agent] { return adoptable(agent); };
    agent.process = co_await pool_.run(std::move(look));
    if (!agent.process) co_await bring_up(agent);
    tasks_.spawn("watch " + agent.name, watch(agent));
  }
}

asio::awaitable<void> LocalAgents::enrol(std::string name, fs::path state) {
  const auto token = co_await new_token_(name);
  auto start =
      program_start(settings_, name,
                    {"enroll", "--replace", "--controller", settings_.controller_url, "--token", token,
                     "--ca-sha256", settings_.ca_sha256, "--name", name, "--state-dir", state.string()});
  auto job = [start = std::move(start)] {
    if (runtime::run_to_end(start) == 0) return;
    throw runtime::StartFailed(fmt::format("The local agent could not be enrolled: {} (see {}).",
                                           last_line(start.log_file), start.log_file.string()));
  };
  co_await pool_.run(std::move(job));
}

asio::awaitable<void> LocalAgents::bring_up(Agent& agent) {
  const auto state = state_folder(agent);
  if (!is_enrolled(agent)) co_await enrol(agent.name, state);
  auto start =
      program_start(settings_, agent.name,
                    {"run", "--state-dir", state.string(), "--controller", settings_.controller_url});
  auto job = [start = std::move(start), file = run_file(agent), url = settings_.controller_url] {
    const auto process = runtime::start_detached(start);
    std::ofstream{file, std::ios::trunc} << process.str() << '\n' << url << '\n';
    return process;
  };
  agent.process = co_await pool_.run(std::move(job));
}

asio::awaitable<void> LocalAgents::watch(Agent& agent) {
  std::chrono::milliseconds pause = kFirstPause;
  asio::steady_timer timer{executor_};
  while (true) {
    const auto began = std::chrono::steady_clock::now();
    co_await process_end(executor_, *agent.process);
    if (std::chrono::steady_clock::now() - began > kSteady) pause = kFirstPause;
    runtime::log_warning({},
                         fmt::format("{} ended and is started again in {} ms", agent.name, pause.count()));
    timer.expires_after(pause);
    co_await timer.async_wait(asio::use_awaitable);
    pause = std::min<std::chrono::milliseconds>(pause * 2, kLongestPause);
    try {
      co_await bring_up(agent);
    } catch (const boost::system::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& error) {
      runtime::log_error({}, error.what());  // tried again after a longer pause
    }
  }
}

void LocalAgents::end_all() {
  std::vector<ProcessIdentity> left;
  for (const auto& agent : agents_) {
    if (agent.process) left.push_back(*agent.process);
  }
  end_processes(std::move(left));
  std::error_code ignored;
  for (const auto& agent : agents_) fs::remove(run_file(agent), ignored);
}

asio::awaitable<void> LocalAgents::stop() {
  co_await tasks_.stop();  // first, so that none is started again
  auto job = [this] { end_all(); };
  co_await pool_.run(std::move(job));
}

}  // namespace runbook::app
