// RunnerTest: runs real commands through a LocalRunner, once with cgroups and once with the /proc sweep.
// Everything happens on the test's own thread, inside finish().
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/runner/local_runner.hpp"

namespace runbook::runner {

// Keeps what one command told. Hooks let a test act at the right moment instead of after a guessed time.
class Recorder final : public ProcessEvents {
 public:
  void started(std::int64_t pid, Time at) override;
  void not_started(NotStarted why) override;
  std::size_t room() const override { return room_left; }
  void output(Stream stream, std::string_view data) override;
  void ended(const Ending& how) override;

  bool over() const { return refused.has_value() || ending.has_value(); }

  std::int64_t pid = 0;
  std::string out;
  std::string err;
  std::size_t room_left = 1024 * 1024 * 1024;
  std::optional<NotStarted> refused;
  std::optional<Ending> ending;
  std::function<void()> on_output = [] {};
  std::function<void()> on_over = [] {};
};

struct Running {
  Uuid attempt;
  std::shared_ptr<Recorder> seen;
  std::shared_ptr<RunningProcess> process;
};

class RunnerTest : public testing::TestWithParam<TreeKind> {
 protected:
  RunnerTest();
  ~RunnerTest() override;
  void SetUp() override;

  static Command script(std::string text);
  static Command program(std::vector<std::string> argv);

  Running start(Command command);
  // Runs everything started until it is over; a test that hangs fails after a minute.
  void finish();
  Running run(Command command);
  // Stops `running` with `grace` once its standard output contains `word`.
  static void stop_at(const Running& running, std::string word, std::chrono::milliseconds grace);

  // Live processes that carry the attempt's cookie.
  static std::vector<int> survivors(const Uuid& attempt);

  RunnerSettings settings_;  // change before the first start()
  boost::asio::io_context io_;

 private:
  std::unique_ptr<runtime::BlockingPool> disk_;
  std::unique_ptr<ProcessTrees> trees_;
  std::unique_ptr<LocalRunner> runner_;
};

}  // namespace runbook::runner
