// ExecutionRun's preparation of steps: what expressions need is read, what they say is frozen, hosts are
// resolved, and what its hosts will run is sealed.
#include "controller/engine/execution_run.hpp"
#include "controller/engine/hidden_values.hpp"
#include "controller/engine/run_command.hpp"
#include "controller/engine/step_preparation.hpp"
#include "controller/engine/step_results.hpp"
#include "controller/engine/target_resolution.hpp"
#include "controller/store/stored_text.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::engine {
namespace {

// All texts in it together.
std::size_t text_bytes(const boost::json::value& value) {
  std::size_t bytes = 0;
  if (const auto* text = value.if_string()) {
    bytes = text->size();
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) bytes += text_bytes(item);
  } else if (const auto* object = value.if_object()) {
    for (const auto& entry : *object) bytes += entry.key().size() + text_bytes(entry.value());
  }
  return bytes;
}

// What is frozen stays in memory and in every answer that shows the execution.
bool is_too_much(const domain::ExecutionState& state, const boost::json::object& more) {
  std::size_t bytes = text_bytes(more);
  for (const auto& step : state.steps) {
    for (const auto& entry : step.frozen) bytes += text_bytes(entry.value());
  }
  return bytes > limits::kFrozenBytes;
}

}  // namespace

boost::asio::awaitable<void> ExecutionRun::prepare(std::size_t index) {
  changing_ = loaded_.state.steps[index].id;
  auto prepared = co_await evaluate(index);
  if (interrupted()) co_return;
  if (prepared.applies && !prepared.error) co_await name_credentials(index, prepared);
  if (interrupted()) co_return;
  const bool is_command =
      std::holds_alternative<domain::CommandConfig>(loaded_.state.steps[index].block.config);
  if (is_too_much(loaded_.state, prepared.frozen)) {
    prepared.frozen = {};
    prepared.error = fmt::format("the values substituted in this execution take more than {} MiB",
                                 limits::kFrozenBytes >> 20);
  }
  if (is_command && prepared.applies && !prepared.error) {
    if (!loaded_.state.steps[index].resolved) prepared.error = co_await resolve(index);
    if (interrupted()) co_return;
  }
  if (is_command && prepared.applies && !prepared.error) {
    loaded_.state.steps[index].frozen = prepared.frozen;
    open_steps();
    co_await seal(index, prepared);
    if (interrupted()) co_return;
  }
  if (prepared.error) prepared.error = store::stored_text(*prepared.error);
  loaded_.state.steps[index].prepared = std::move(prepared);
}

boost::asio::awaitable<domain::Prepared> ExecutionRun::evaluate(std::size_t index) {
  auto block = loaded_.state.steps[index].block;
  auto seen = seen_steps(loaded_.state, domain::needed_steps(block), block.order);
  std::vector<Uuid> attempts;
  std::size_t bytes = 0;
  for (const auto& step : seen) {
    bytes += step.output_bytes;
    for (const auto& host : step.hosts) attempts.push_back(host.attempt);
  }
  if (bytes > kSeenOutputBytes) {
    domain::Prepared failed;
    failed.error = fmt::format("the steps it looks at printed {} MiB, more than the {} MiB it may look at",
                               bytes >> 20, kSeenOutputBytes >> 20);
    co_return failed;
  }
  Beginnings outputs;
  if (!attempts.empty()) outputs = co_await context_.outputs.read(std::move(attempts));
  auto variables = variables_of(loaded_, parameters_);
  std::optional<domain::Variables> shown;
  if (!secrets_.empty()) shown = variables_of(loaded_, loaded_.parameters);
  auto job = [block = std::move(block), variables = std::move(variables), seen = std::move(seen),
              outputs = std::move(outputs), shown = std::move(shown), id = loaded_.state.id,
              keys = context_.keys, policy = context_.policy, now = Context::now()]() mutable {
    variables["steps"] = step_results(seen, outputs);
    outputs.clear();
    auto prepared = prepare_block(block, variables, now);
    if (shown) {
      shown->insert_or_assign("steps", std::move(variables["steps"]));
      const auto without = prepare_block(block, *shown, now);
      prepared = ExecutionSeals(keys, id).hidden(block, std::move(prepared), without, now);
    }
    if (prepared.applies && !prepared.error) prepared.error = policy_error(block, policy);
    return prepared;
  };
  co_return co_await context_.pool.run(std::move(job));
}

// The hosts are frozen with their labels: a host that is renamed or labelled anew later changes nothing.
// Answers what is wrong with its targets: they are judged anew, as hosts come and go after a submission.
boost::asio::awaitable<std::optional<std::string>> ExecutionRun::resolve(std::size_t index) {
  const auto& config = std::get<domain::CommandConfig>(loaded_.state.steps[index].block.config);
  const std::vector<domain::Targets> targets = {targets_of(config, loaded_.targets)};
  const auto candidates = co_await context_.agents.candidates(targets, loaded_.host_scope);
  if (interrupted()) co_return std::nullopt;
  std::string wrong;
  for (const auto& fault : judge_targets(targets.front(), candidates, ""))
    wrong += (wrong.empty() ? "" : " ") + fault.message;
  auto hosts = hosts_of(targets.front(), candidates);
  for (const auto& host : hosts) {
    const auto keys = colliding_labels(host.labels);
    if (!keys) continue;
    wrong += fmt::format(R"({}The labels "{}" and "{}" of host {} have the same name in the environment.)",
                         wrong.empty() ? "" : " ", keys->first, keys->second, host.name);
  }
  if (!wrong.empty()) co_return wrong;
  auto& step = loaded_.state.steps[index];
  for (auto& host : hosts) {
    domain::AttemptState attempt;
    attempt.id = runtime::new_uuid();
    attempt.agent = host.id;
    attempt.host = host.name;
    attempt.labels = std::move(host.labels);
    attempt.host_index = static_cast<int>(step.attempts.size());
    plan_.changes.new_attempts.push_back({index, step.attempts.size()});
    step.attempts.push_back(std::move(attempt));
  }
  step.resolved = true;
  co_return std::nullopt;
}

}  // namespace runbook::engine
