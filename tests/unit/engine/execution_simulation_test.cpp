// Many random lives of executions: agents come and go, commands end in every way, stops come at any moment.
// Whatever happens, a few rules hold.
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::domain {
namespace {

using namespace std::chrono_literals;
using testing::command_step;
using testing::execution_of;
using testing::instruction_step;
using testing::Surroundings;

constexpr int kSeeds = 3'000;
constexpr int kTurns = 400;

class Simulation {
 public:
  explicit Simulation(unsigned seed) : random_(seed) {
    std::vector<StepState> steps;
    const auto count = 1 + pick(4);
    for (std::uint32_t i = 0; i < count; ++i) steps.push_back(random_step(i));
    state_ = execution_of(std::move(steps));
    around_.hosts = 1 + pick(6);
  }

  void run() {
    for (turns_ = 0; turns_ < kTurns && !is_terminal(state_.status); ++turns_) {
      const auto before = state_;
      const auto plan = around_.advance(state_);
      check(before, plan);
      if (!plan.changed() && !is_terminal(state_.status)) happen(plan);
    }
  }

  const ExecutionState& state() const { return state_; }
  int turns() const { return turns_; }

 private:
  std::uint32_t pick(std::uint32_t below) {
    return std::uniform_int_distribution<std::uint32_t>(0, below - 1)(random_);
  }
  bool chance(std::uint32_t of) { return pick(of) == 0; }

  StepState random_step(std::uint32_t number) {
    if (chance(4)) return instruction_step(number, chance(2));
    CommandConfig config;
    config.timeout = 60s;
    config.max_parallel = {static_cast<int>(pick(4)), false};
    config.max_failures = {static_cast<int>(pick(3)), false};
    auto step = command_step(number, config);
    step.block.continue_on_failure = chance(3);
    return step;
  }

  // Something from outside: results, a link that comes or goes, a tick, a stop, or only time.
  void happen(const Plan& plan) {
    if (!stopped_ && chance(60)) {
      state_.stop_requested_at = around_.now;
      stopped_ = true;
      return;
    }
    if (chance(6)) {
      auto& offline = around_.offline[testing::agent_id(pick(around_.hosts))];
      offline = !offline;
    }
    for (auto& step : state_.steps) {
      if (step.status == StepStatus::kAwaitingInput && chance(3)) step.status = StepStatus::kSuccess;
      for (auto& attempt : step.attempts) report(attempt);
    }
    around_.now += std::chrono::seconds(pick(20));
    if (chance(10) && plan.wake_at && *plan.wake_at > around_.now) around_.now = *plan.wake_at;
  }

  void report(AttemptState& attempt) {
    if (around_.offline[attempt.agent] || !chance(4)) return;
    if (attempt.status == AttemptStatus::kDispatched && chance(2)) attempt.status = AttemptStatus::kRunning;
    constexpr std::array kEnds = {AttemptStatus::kSuccess, AttemptStatus::kSuccess,  AttemptStatus::kSuccess,
                                  AttemptStatus::kError,   AttemptStatus::kTimedOut, AttemptStatus::kStopped};
    if (attempt.status == AttemptStatus::kRunning && chance(2)) attempt.status = kEnds[pick(kEnds.size())];
  }

  void check(const ExecutionState& before, const Plan& plan) {
    for (std::size_t i = 0; i < state_.steps.size(); ++i) {
      const auto& step = state_.steps[i];
      if (is_terminal(before.steps[i].status)) {
        EXPECT_EQ(step.status, before.steps[i].status);
      }
      const auto* command = std::get_if<CommandConfig>(&step.block.config);
      std::size_t active = 0;
      for (const auto& attempt : step.attempts) {
        if (!is_terminal(attempt.status) && attempt.status != AttemptStatus::kQueued) ++active;
      }
      if (command && command->max_parallel.value > 0) {
        EXPECT_LE(active, static_cast<std::size_t>(command->max_parallel.value));
      }
      if (is_terminal(step.status)) {
        EXPECT_EQ(active, 0u) << "a step ended over running commands";
      }
      if (step.status != StepStatus::kPending && step.status != StepStatus::kSkipped && i > 0) {
        EXPECT_TRUE(is_terminal(state_.steps[i - 1].status)) << "a step began before the one before it ended";
      }
    }
    for (const auto& [at, was] : plan.attempts_were) {
      const auto& attempt = state_.steps[at.step].attempts[at.attempt];
      if (attempt.status == AttemptStatus::kDispatched) {
        EXPECT_EQ(was, AttemptStatus::kQueued);
        EXPECT_FALSE(state_.stop_requested_at.has_value()) << "dispatched after a stop";
        EXPECT_TRUE(around_.connected()(attempt.agent).has_value()) << "dispatched to nobody";
      }
    }
    if (!is_terminal(state_.status)) return;
    for (const auto& step : state_.steps) EXPECT_TRUE(is_terminal(step.status));
    EXPECT_EQ(state_.status == ExecutionStatus::kStopped, state_.stop_requested_at.has_value());
  }

  std::mt19937 random_;
  ExecutionState state_;
  Surroundings around_;
  bool stopped_ = false;
  int turns_ = 0;
};

TEST(ExecutionPlan, KeepsItsRulesInRandomLives) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Simulation simulation(seed);
    simulation.run();
    EXPECT_TRUE(is_terminal(simulation.state().status))
        << "not over after " << simulation.turns() << " turns";
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace runbook::domain
