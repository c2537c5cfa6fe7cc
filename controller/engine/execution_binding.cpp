// What a command step is bound to: computed and sealed when it is prepared, computed again and compared
// before anything of it is sent by a process that did not prepare it.
#include <algorithm>
#include <unordered_map>

#include "controller/domain/execution/transition.hpp"
#include "controller/engine/dispatch_refusals.hpp"
#include "controller/engine/execution_run.hpp"
#include "controller/engine/hidden_values.hpp"
#include "controller/engine/run_command.hpp"
#include "controller/engine/step_preparation.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::engine {
namespace {

constexpr std::string_view kSealPurpose = "runbook-step.v1";
constexpr std::string_view kSeal = "seal";  // beside what was frozen of the step

bool is_released(const domain::StepState& step, const domain::CommandConfig& config) {
  if (!config.approval) return true;
  return step.approval && domain::is_given(*step.approval) &&
         step.approval->required >= config.approval->required;
}

std::optional<std::string> is_altered(const domain::StepState& step) {
  return step.approval ? "what would run is not what was approved"
                       : "what would run is not what was prepared";
}

}  // namespace

boost::asio::awaitable<Binding> ExecutionRun::bind(std::size_t index) {
  auto job = [origin = origin(), step = loaded_.state.steps[index]] { return command_binding(origin, step); };
  co_return co_await context_.pool.run(std::move(job));
}

// A seal is this installation's signature: whoever writes to the database cannot make one.
boost::asio::awaitable<void> ExecutionRun::seal(std::size_t index, domain::Prepared& prepared) {
  auto binding = co_await bind(index);
  if (interrupted()) co_return;
  auto& step = loaded_.state.steps[index];
  const auto& config = std::get<domain::CommandConfig>(step.block.config);
  prepared.digest = binding.root;
  prepared.frozen[kSeal] = context_.dispatch_key.sign(kSealPurpose, sealed_text(binding.root, config));
  step.frozen = prepared.frozen;
  bound_.insert_or_assign(step.id, std::move(binding));
}

bool ExecutionRun::is_sealed(const domain::StepState& step, const std::string& root) const {
  if (step.approval && step.approval->digest != root) return false;
  const auto* seal = step.frozen.if_contains(kSeal);
  const auto* config = std::get_if<domain::CommandConfig>(&step.block.config);
  return config != nullptr && seal != nullptr && seal->is_string() &&
         context_.dispatch_key.has_signed(kSealPurpose, sealed_text(root, *config), seal->get_string());
}

bool ExecutionRun::is_to_be_sent(const domain::AttemptState& attempt) const {
  return attempt.status == AttemptStatus::kQueued ||
         (attempt.status == AttemptStatus::kDispatched && context_.open.unsent().contains(attempt.id));
}

// Nothing leaves that is not what was prepared and approved, whatever happened to the database meanwhile.
boost::asio::awaitable<void> ExecutionRun::check_bound() {
  for (std::size_t index = 0; index < loaded_.state.steps.size(); ++index) {
    const auto& step = loaded_.state.steps[index];
    if (is_terminal(step.status) || bound_.contains(step.id)) continue;
    const auto* config = std::get_if<domain::CommandConfig>(&step.block.config);
    if (config == nullptr || step.frozen.empty()) continue;
    const bool released = is_released(step, *config);
    if (!released && step.status == domain::StepStatus::kAwaitingApproval) continue;
    if (!std::ranges::any_of(step.attempts, [this](const auto& one) { return is_to_be_sent(one); })) continue;
    bool same = false;
    if (released) same = co_await is_as_sealed(index);
    if (interrupted()) co_return;
    auto error = same ? policy_error(loaded_.state.steps[index].block, context_.policy)
                      : is_altered(loaded_.state.steps[index]);
    if (!error) continue;
    const auto event = step_refusal(loaded_.state.id, loaded_.state.steps[index].id, *error);
    co_await context_.audit.refused(store::Origin(context_.trail), event);
    if (interrupted()) co_return;
    refuse(index, std::move(*error));
  }
}

// An automatic repeat is bound by what was sealed for the first row: its hosts are some of that row's, all
// else is the same.
boost::asio::awaitable<bool> ExecutionRun::is_as_sealed(std::size_t index) {
  auto own = co_await bind(index);
  if (interrupted()) co_return true;
  const auto& steps = loaded_.state.steps;
  const auto id = steps[index].id;
  if (is_sealed(steps[index], own.root)) {
    bound_.insert_or_assign(id, std::move(own));
    co_return true;
  }
  const auto found = std::ranges::find_if(steps, [&](const domain::StepState& other) {
    return other.block.order == steps[index].block.order && other.attempt < steps[index].attempt &&
           same_values(other, steps[index]);
  });
  if (found == steps.end()) co_return false;
  const auto first = static_cast<std::size_t>(found - steps.begin());
  const auto original = co_await bind(first);
  if (interrupted()) co_return true;
  if (!is_sealed(steps[first], original.root) || !is_repeat(steps[index], steps[first])) co_return false;
  own.root = original.root;
  bound_.insert_or_assign(id, std::move(own));
  co_return true;
}

bool ExecutionRun::is_repeat(const domain::StepState& step, const domain::StepState& first) {
  if (step.approval.has_value() != first.approval.has_value()) return false;
  if (step.approval && step.approval->digest != first.approval->digest) return false;
  std::unordered_map<Uuid, const domain::AttemptState*> originals;
  for (const auto& original : first.attempts) originals.emplace(original.agent, &original);
  return std::ranges::all_of(step.attempts, [&](const domain::AttemptState& attempt) {
    const auto original = originals.find(attempt.agent);
    return original != originals.end() && original->second->host == attempt.host &&
           original->second->labels == attempt.labels;
  });
}

void ExecutionRun::refuse(std::size_t index, std::string reason) {
  auto& step = loaded_.state.steps[index];
  runtime::log_error({.execution = loaded_.state.id.str(), .step = step.id.str()}, reason);
  for (const auto& attempt : step.attempts) {
    if (attempt.status == AttemptStatus::kDispatched && context_.open.unsent().contains(attempt.id))
      give_back(step, attempt, reason, false);
  }
  domain::Transition change(loaded_.state, plan_.changes, Context::now());
  const bool runs = std::ranges::any_of(
      step.attempts, [](const auto& attempt) { return domain::is_active(attempt.status); });
  if (!runs) return change.finish(index, {domain::StepStatus::kError, reason, std::nullopt});
  change.touch(index).reason = reason;  // it ends in error with it when what runs is over
  for (std::size_t i = 0; i < step.attempts.size(); ++i) {
    if (step.attempts[i].status == AttemptStatus::kQueued)
      change.end_attempt({index, i}, AttemptStatus::kNotStarted, reason);
  }
}

}  // namespace runbook::engine
