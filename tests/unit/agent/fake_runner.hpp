// A Runner whose commands do what the test says, at once and without processes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/runner/command.hpp"

namespace runbook::runner {

// A judge of commands who has nothing against any.
inline std::optional<NotStarted> allow_all(const RunCommand&) { return std::nullopt; }

class FakeRunner final : public Runner {
 public:
  struct Process final : RunningProcess {
    void stop(std::chrono::milliseconds grace) override { stops.push_back(grace); }
    void read_on() override { ++reads; }

    Command command;
    std::shared_ptr<ProcessEvents> events;
    std::vector<std::chrono::milliseconds> stops;
    int reads = 0;
  };

  FakeRunner() = default;
  FakeRunner(const FakeRunner&) = delete;
  FakeRunner& operator=(const FakeRunner&) = delete;
  // Commands that never ended would keep their receivers, and those them.
  ~FakeRunner() override {
    for (const auto& [attempt, process] : processes) process->events.reset();
  }

  std::shared_ptr<RunningProcess> start(Command command, std::shared_ptr<ProcessEvents> events) override {
    auto process = std::make_shared<Process>();
    process->command = command;
    process->events = std::move(events);
    ++starts[command.attempt];
    processes[command.attempt] = process;
    return process;
  }

  Process& of(const Uuid& attempt) { return *processes.at(attempt); }

  void end(const Uuid& attempt, int exit_code) {
    Ending ending;
    ending.exit_code = exit_code;
    end(attempt, ending);
  }
  void end(const Uuid& attempt, const Ending& ending) {
    auto events = std::move(of(attempt).events);
    events->ended(ending);
  }

  std::map<Uuid, int> starts;
  std::map<Uuid, std::shared_ptr<Process>> processes;
};

}  // namespace runbook::runner
