#include "controller/engine/step_results.hpp"

#include <algorithm>
#include <utility>

#include "controller/store/output_text.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::engine {
namespace {

namespace json = boost::json;

json::value or_null(const std::optional<int>& number) {
  if (!number) return nullptr;
  return *number;
}

const store::OutputBeginning& output_of(const SeenStep::Host& host, const Beginnings& outputs) {
  static const store::OutputBeginning kNothing;
  const auto found = outputs.find(host.attempt);
  return found == outputs.end() ? kNothing : found->second;
}

json::object host_json(const SeenStep::Host& host, const store::OutputBeginning& output) {
  json::object shown;
  shown["status"] = host.status;
  shown["exit_code"] = host.exit_code;
  shown["stdout"] = store::output_text(output.standard_output, false);
  shown["stderr"] = store::output_text(output.standard_error, false);
  shown["output"] = store::output_text(output.both, false);
  return shown;
}

// Absent when it is not JSON, or longer than what is looked at.
void add_json(json::object& shown, const store::OutputBeginning& output) {
  if (output.stdout_cut) return;
  json::parse_options options;
  options.max_depth = limits::kJsonDepth;
  boost::system::error_code error;
  auto value = json::parse(output.standard_output, error, {}, options);
  if (!error) shown["json"] = std::move(value);
}

void add_command(json::object& shown, const SeenStep& step, const Beginnings& outputs) {
  json::object hosts;
  for (const auto& host : step.hosts) hosts[host.name] = host_json(host, output_of(host, outputs));
  if (step.hosts.size() == 1) {
    const auto& only = hosts.at(step.hosts[0].name).as_object();
    for (const auto* name : {"stdout", "stderr", "output"}) shown[name] = only.at(name);
    add_json(shown, output_of(step.hosts[0], outputs));
  }
  shown["exit_code"] = step.exit_code;
  shown["hosts"] = std::move(hosts);
}

void add_answer(json::object& shown, const json::value& result) {
  const auto* answer = result.if_object();
  if (answer == nullptr) return;
  for (const auto& [from, to] : {std::pair{"http_status", "http_status"}, std::pair{"headers", "headers"},
                                 std::pair{"body", "output"}, std::pair{"json", "json"}}) {
    const auto* value = answer->if_contains(from);
    if (value != nullptr && !value->is_null()) shown[to] = *value;
  }
}

}  // namespace

std::vector<SeenStep> seen_steps(const domain::ExecutionState& state, const domain::NeededSteps& needed,
                                 int before) {
  std::vector<SeenStep> seen;
  if (!needed.all && needed.slugs.empty()) return seen;
  for (const auto index : domain::current_steps(state)) {
    const auto& step = state.steps[index];
    if (step.block.order >= before || !(needed.all || needed.slugs.contains(step.block.slug))) continue;
    SeenStep one;
    one.slug = step.block.slug;
    one.status = to_string(step.status);
    one.exit_code = or_null(step.exit_code);
    one.result = step.result;
    one.is_command = std::holds_alternative<domain::CommandConfig>(step.block.config);
    one.is_request = std::holds_alternative<domain::ApiConfig>(step.block.config);
    for (const auto place : domain::current_attempts(step)) {
      const auto& attempt = step.attempts[place];
      one.hosts.push_back(
          {attempt.id, attempt.host, std::string(to_string(attempt.status)), or_null(attempt.exit_code)});
      one.output_bytes += std::min<std::uint64_t>(attempt.output_bytes, 2 * store::OutputBeginnings::kBytes);
    }
    seen.push_back(std::move(one));
  }
  return seen;
}

json::object step_results(const std::vector<SeenStep>& steps, const Beginnings& outputs) {
  json::object results;
  for (const auto& step : steps) {
    json::object shown;
    shown["status"] = step.status;
    if (step.is_command) add_command(shown, step, outputs);
    if (step.is_request) add_answer(shown, step.result);
    results[step.slug] = std::move(shown);
  }
  return results;
}

}  // namespace runbook::engine
