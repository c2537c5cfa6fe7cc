#include "tests/integration/agent/runner_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "agent/runner/image.hpp"
#include "agent/runner/kernel_file.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::runner {

namespace asio = boost::asio;

void Recorder::started(std::int64_t id, Time) { pid = id; }

void Recorder::not_started(NotStarted why) {
  refused = std::move(why);
  on_over();
}

void Recorder::output(Stream stream, std::string_view data) {
  EXPECT_FALSE(over());
  EXPECT_LE(data.size(), room_left);
  room_left -= data.size();
  (stream == Stream::kStdout ? out : err) += data;
  on_output();
}

void Recorder::ended(const Ending& how) {
  ending = how;
  on_over();
}

RunnerTest::RunnerTest() : disk_(std::make_unique<runtime::BlockingPool>(1, 65536)) {
  settings_.output_drain = std::chrono::milliseconds(200);
}

RunnerTest::~RunnerTest() { disk_->join(); }

Command RunnerTest::script(std::string text) {
  Command command = program({"/bin/sh", "-c"});
  command.script = std::move(text);
  return command;
}

Command RunnerTest::program(std::vector<std::string> argv) {
  Command command;
  command.attempt = runtime::new_uuid();
  command.argv = std::move(argv);
  command.timeout = std::chrono::minutes(1);
  return command;
}

void RunnerTest::SetUp() {
  trees_ = GetParam() == TreeKind::kCgroup ? cgroup_trees() : sweep_trees();
  if (!trees_) GTEST_SKIP() << "this host lets the agent make no cgroup";
}

Running RunnerTest::start(Command command) {
  if (!runner_) runner_ = std::make_unique<LocalRunner>(io_.get_executor(), *disk_, *trees_, settings_);
  Running running;
  running.attempt = command.attempt;
  running.seen = std::make_shared<Recorder>();
  running.process = runner_->start(std::move(command), running.seen);
  return running;
}

void RunnerTest::finish() {
  asio::steady_timer limit(io_, std::chrono::minutes(1));
  limit.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    ADD_FAILURE() << "a command did not end";
    io_.stop();
  });
  asio::co_spawn(io_, runner_->wait(), [this, &limit](const std::exception_ptr&) {
    limit.cancel();
    io_.stop();
  });
  io_.restart();
  io_.run();
}

Running RunnerTest::run(Command command) {
  Running running = start(std::move(command));
  finish();
  return running;
}

void RunnerTest::stop_at(const Running& running, std::string word, std::chrono::milliseconds grace) {
  Recorder* const seen = running.seen.get();
  seen->on_output = [seen, process = std::weak_ptr(running.process), word = std::move(word), grace] {
    const auto alive = process.lock();
    if (alive && seen->out.find(word) != std::string::npos) alive->stop(grace);
  };
}

std::vector<int> RunnerTest::survivors(const Uuid& attempt) {
  const std::string cookie = fmt::format("{}={}", kAttemptVariable, attempt.str());
  std::vector<int> result;
  std::error_code ignored;
  for (const auto& item : std::filesystem::directory_iterator("/proc", ignored)) {
    const auto pid = parse_pid(item.path().filename().string());
    const auto environment = pid ? read_kernel_file(item.path().string() + "/environ") : std::nullopt;
    if (environment && environment->find(cookie) != std::string::npos) result.push_back(*pid);
  }
  return result;
}

}  // namespace runbook::runner
