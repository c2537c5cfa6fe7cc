#include "tests/unit/engine/execution_builder.hpp"
#include "tests/unit/engine/simulation/life.hpp"

namespace runbook::simulation {
namespace {

using std::chrono::seconds;

domain::HostShare random_share(Randomness& random, std::uint32_t most) {
  if (random.chance(3)) return {static_cast<int>(random.pick(5)) * 20, true};
  return {static_cast<int>(random.pick(most)), false};
}

domain::CommandConfig random_command(Randomness& random) {
  domain::CommandConfig config;
  config.timeout = seconds(20 + random.pick(60));
  config.stop_grace = seconds(random.pick(10));
  config.max_parallel = random_share(random, 3);
  config.max_failures = random_share(random, 3);
  config.retries = random.chance(2) ? 0 : static_cast<int>(random.pick(3));
  config.wait_for_offline = random.chance(3);
  if (random.chance(2)) {
    config.approval.reset();
  } else {
    config.approval =
        domain::Approval{random.chance(3) ? 2 : 1, random.chance(3), seconds(60 + random.pick(600))};
  }
  return config;
}

domain::Branch random_branch(Randomness& random, std::uint32_t number, std::uint32_t blocks) {
  using Kind = domain::Branch::Kind;
  const auto kind = static_cast<Kind>(random.pick(4));
  if (kind != Kind::kGoto) return {kind};
  if (number + 1 >= blocks) return {Kind::kContinue};
  return {kind, "step_" + std::to_string(number + 1 + random.pick(blocks - number - 1))};
}

domain::StepState random_step(Randomness& random, std::uint32_t number, std::uint32_t blocks) {
  switch (random.pick(8)) {
    case 0: return testing::instruction_step(number, random.chance(2));
    case 1: return testing::step_of(number, domain::TimerConfig{seconds(random.pick(90)), {}});
    case 2:
      return testing::step_of(number, domain::ConditionConfig{"true", random_branch(random, number, blocks),
                                                              random_branch(random, number, blocks)});
    case 3:
    case 4: {
      domain::ApiConfig config;
      config.timeout = seconds(5 + random.pick(60));
      config.retries = static_cast<int>(random.pick(4));
      return testing::step_of(number, std::move(config));
    }
    default: return testing::command_step(number, random_command(random));
  }
}

}  // namespace

domain::ExecutionState random_execution(Randomness& random) {
  std::vector<domain::StepState> steps;
  const auto blocks = 1 + random.pick(6);
  const auto from = random.chance(8) ? random.pick(blocks) : 0;
  for (std::uint32_t i = 0; i < blocks; ++i) {
    steps.push_back(random_step(random, i, blocks));
    steps.back().block.continue_on_failure = random.chance(3);
    if (i >= from) continue;
    steps.back().status = domain::StepStatus::kSkipped;
    steps.back().skip_cause = domain::SkipCause::kRange;
  }
  auto state = testing::execution_of(std::move(steps));
  state.preapproved = random.chance(4);
  return state;
}

}  // namespace runbook::simulation
