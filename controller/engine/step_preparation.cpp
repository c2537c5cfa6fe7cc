#include "controller/engine/step_preparation.hpp"

#include "controller/engine/run_command.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::engine {
namespace {

namespace json = boost::json;

// Fills in what each kind of block needs; answers what is wrong with it.
class Preparation {
 public:
  Preparation(const domain::Variables& variables, Time now) : variables_(variables), now_(now) {}

  Result<void> operator()(const domain::InstructionConfig& config) {
    const auto text = domain::instruction_text(config, variables_);
    if (!text) return std::unexpected(text.error());
    prepared.frozen["text"] = *text;
    return {};
  }

  Result<void> operator()(const domain::CommandConfig& config) {
    const auto text = domain::command_text(config, variables_);
    if (!text) return std::unexpected(text.error());
    prepared.frozen = frozen_command(config, *text);
    return {};
  }

  Result<void> operator()(const domain::ApiConfig& config) {
    const auto request = domain::api_request(config, variables_);
    if (!request) return std::unexpected(request.error());
    prepared.frozen["request"] = domain::to_json(*request);
    prepared.repeatable = request->repeatable;
    return {};
  }

  Result<void> operator()(const domain::ConditionConfig& config) {
    const auto value = domain::condition(config, variables_);
    if (!value) return std::unexpected(value.error());
    prepared.condition = *value;
    prepared.frozen["value"] = *value;
    return {};
  }

  Result<void> operator()(const domain::TimerConfig& config) {
    prepared.due = config.until ? *config.until : now_ + config.duration.value_or(std::chrono::seconds{0});
    return {};
  }

  domain::Prepared prepared = {};

 private:
  const domain::Variables& variables_;
  Time now_;
};

}  // namespace

domain::Variables variables_of(const store::LoadedExecution& loaded, const json::object& parameters) {
  const auto& state = loaded.state;
  json::object execution;
  execution["id"] = state.id.str();
  execution["runbook_id"] = loaded.runbook.str();
  execution["title"] = loaded.title;
  execution["version_number"] = loaded.version_number;
  execution["requested_by"] = state.requested_by.str();
  execution["requested_by_name"] = state.requested_by_name;
  execution["reason"] = loaded.reason;
  if (state.start_time) execution["start_time"] = rfc3339(*state.start_time);
  domain::Variables variables;
  variables["params"] = parameters;
  variables["execution"] = std::move(execution);
  return variables;
}

domain::Prepared prepare_block(const domain::Block& block, const domain::Variables& variables, Time now) {
  domain::Prepared failed;
  const auto applies = domain::applies(block, variables);
  if (!applies) {
    failed.error = applies.error().message;
    return failed;
  }
  if (!*applies) {
    failed.applies = false;
    return failed;
  }
  Preparation preparation(variables, now);
  const auto done = std::visit(preparation, block.config);
  if (done) return std::move(preparation.prepared);
  failed.error = done.error().message;
  return failed;
}

std::optional<std::string> policy_error(const domain::Block& block, const domain::CommandPolicy& policy) {
  const auto* config = std::get_if<domain::CommandConfig>(&block.config);
  if (config == nullptr) return std::nullopt;
  std::string error;
  for (const auto& refusal : policy.judge(*config)) {
    const auto text = domain::to_string(refusal);
    if (!error.empty() && error.size() + text.size() >= limits::kReasonBytes) break;
    error += (error.empty() ? "" : " ") + text;
  }
  if (error.empty()) return std::nullopt;
  return error;
}

}  // namespace runbook::engine
