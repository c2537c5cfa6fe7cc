// Small executions for tests of the plan.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/domain/execution/execution_plan.hpp"

namespace runbook::testing {

inline Uuid numbered(std::uint8_t kind, std::uint32_t number) {
  Uuid id;
  id.bytes[0] = kind;
  for (std::size_t i = 0; i < 4; ++i) id.bytes[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  return id;
}

inline Uuid agent_id(std::uint32_t number) { return numbered(0xA, number); }
inline Uuid process_of(const Uuid& agent) {
  Uuid id = agent;
  id.bytes[1] = 1;
  return id;
}

// A command as most tests want it: without an approval.
inline domain::CommandConfig plain_command() {
  domain::CommandConfig config;
  config.approval.reset();
  return config;
}

inline domain::StepState command_step(std::uint32_t number, domain::CommandConfig config = plain_command()) {
  domain::StepState step;
  step.id = numbered(0x5, number);
  step.block.id = numbered(0xB, number);
  step.block.slug = "step_" + std::to_string(number);
  step.block.order = static_cast<int>(number);
  step.block.config = std::move(config);
  return step;
}

inline domain::StepState instruction_step(std::uint32_t number, bool acknowledge) {
  auto step = command_step(number);
  step.block.config = domain::InstructionConfig{"read this", acknowledge};
  return step;
}

template <class Config>
domain::StepState step_of(std::uint32_t number, Config config) {
  auto step = command_step(number);
  step.block.config = std::move(config);
  return step;
}

// What surrounds an execution in these tests: its hosts, which of them are connected, the time, and what the
// preparation of a block finds out (by slug; nothing: it goes well).
struct Surroundings {
  std::uint32_t hosts = 2;
  std::map<Uuid, bool> offline = {};
  Time now = Time{std::chrono::hours{24}};
  std::map<std::string, domain::Prepared> prepared = {};

  domain::World world() const {
    return {.connected = [this](const Uuid& agent) -> std::optional<Uuid> {
              const auto found = offline.find(agent);
              if (found != offline.end() && found->second) return std::nullopt;
              return process_of(agent);
            },
            .new_id =
                [] {
                  static std::uint32_t last = 0;
                  return numbered(0x9, ++last);
                }};
  }

  void prepare(domain::ExecutionState& state, domain::Plan& plan, std::size_t index) const {
    auto& step = state.steps[index];
    const auto found = prepared.find(step.block.slug);
    step.prepared = found == prepared.end() ? domain::Prepared{} : found->second;
    if (!std::holds_alternative<domain::CommandConfig>(step.block.config)) return;
    step.prepared->frozen["script"] = step.block.slug;
    if (step.prepared->digest.empty()) step.prepared->digest = "digest of " + step.block.slug;
    for (std::uint32_t i = 0; i < hosts && !step.resolved; ++i) {
      domain::AttemptState attempt;
      attempt.id = numbered(0x7, static_cast<std::uint32_t>(step.block.order) * 1000 + i);
      attempt.agent = agent_id(i);
      attempt.host = "host" + std::to_string(i);
      attempt.host_index = static_cast<int>(i);
      step.attempts.push_back(attempt);
      plan.changes.new_attempts.push_back({index, i});
    }
    step.resolved = true;
  }

  // advance() until everything is prepared too, as the engine does.
  domain::Plan advance(domain::ExecutionState& state) const {
    domain::Plan plan;
    domain::advance(state, plan, world(), now);
    while (plan.prepare) {
      prepare(state, plan, *plan.prepare);
      domain::advance(state, plan, world(), now);
    }
    return plan;
  }
};

inline domain::ExecutionState execution_of(std::vector<domain::StepState> steps) {
  domain::ExecutionState state;
  state.id = numbered(0xE, 1);
  state.requested_by = numbered(0x1, 1);
  state.author = numbered(0x1, 2);
  state.steps = std::move(steps);
  return state;
}

inline void end_all(domain::StepState& step, AttemptStatus status) {
  for (auto& attempt : step.attempts) {
    if (attempt.status == AttemptStatus::kDispatched || attempt.status == AttemptStatus::kRunning) {
      attempt.status = status;
      if (status == AttemptStatus::kSuccess) attempt.exit_code = 0;
      if (status == AttemptStatus::kError) attempt.exit_code = 3;
    }
  }
}

}  // namespace runbook::testing
