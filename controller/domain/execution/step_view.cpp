#include "controller/domain/execution/step_view.hpp"

#include <algorithm>
#include <utility>

#include "controller/domain/execution/state_json.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::domain {
namespace {

namespace json = boost::json;

json::value or_null(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return json::value(rfc3339(*time));
}

json::value or_null(const std::optional<int>& number) {
  if (!number) return nullptr;
  return *number;
}

json::value or_null(const std::optional<Uuid>& id) {
  if (!id) return nullptr;
  return json::value(id->str());
}

json::value or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::value(text);
}

json::value member(const json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  const auto* found = object == nullptr ? nullptr : object->if_contains(name);
  return found == nullptr ? json::value(nullptr) : *found;
}

bool is_safe(char c) {
  const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return word || std::string_view("_@%+=:,./-").contains(c);
}

// An argument as a shell would be given it; only to be read.
std::string quoted(std::string_view argument) {
  if (!argument.empty() && std::ranges::all_of(argument, is_safe)) return std::string(argument);
  std::string text = "'";
  for (const char c : argument) {
    if (c == '\'') {
      text += R"('\'')";
    } else {
      text += c;
    }
  }
  return text + "'";
}

std::string command_text(const json::object& frozen) {
  if (const auto* script = frozen.if_contains("script"); script != nullptr && script->is_string()) {
    return std::string(script->get_string());
  }
  std::string text;
  const auto* argv = frozen.if_contains("argv");
  if (argv == nullptr || !argv->is_array()) return text;
  for (const auto& argument : argv->get_array()) {
    if (!text.empty()) text += ' ';
    text += quoted(argument.as_string());
  }
  return text;
}

// What is the same on every host.
json::object common_command(const StepState& step) {
  json::object command;
  command["command"] = command_text(step.frozen);
  for (const auto* name : {"argv", "values", "environment", "credentials"}) {
    if (const auto* value = step.frozen.if_contains(name)) command[name] = *value;
  }
  if (const auto* config = std::get_if<CommandConfig>(&step.block.config)) {
    if (!command.contains("argv")) command["shell"] = json::value_from(config->shell);
    command["run_as"] = or_null(config->run_as);
    command["working_directory"] = or_null(config->working_directory);
  }
  return command;
}

json::array commands(const StepState& step) {
  const auto common = common_command(step);
  const auto each = std::max<std::size_t>(json::serialize(common).size(), 1);
  const auto most = std::clamp<std::size_t>(kShownCommandBytes / each, 1, limits::kInlineHosts);
  json::array list;
  for (const auto place : current_attempts(step)) {
    if (list.size() == most) break;
    const auto& attempt = step.attempts[place];
    json::object command{{"host", attempt.host}, {"agent_id", attempt.agent.str()}};
    for (const auto& entry : common) command[entry.key()] = entry.value();
    list.push_back(std::move(command));
  }
  return list;
}

std::uint64_t output_bytes(const StepState& step) {
  return std::holds_alternative<ApiConfig>(step.block.config) ? response_body(step).size()
                                                              : step.output_bytes;
}

}  // namespace

std::string_view response_body(const StepState& step) {
  const auto* object = step.result.if_object();
  const auto* body = object == nullptr ? nullptr : object->if_contains("body");
  if (body == nullptr || !body->is_string()) return {};
  return body->get_string();
}

json::value approval_view(const StepState& step) {
  if (!step.approval) return nullptr;
  auto approval = to_json(*step.approval);
  approval["commands"] = commands(step);
  return approval;
}

json::object step_view(const Uuid& execution, const StepState& step, json::object host_counts) {
  const auto bytes = output_bytes(step);
  json::object data;
  data["id"] = step.id.str();
  data["job_id"] = execution.str();
  data["block_id"] = step.block.id.str();
  data["slug"] = step.block.slug;
  data["name"] = step.block.name;
  data["type"] = step.block.type();
  data["order"] = step.block.order;
  data["attempt"] = step.attempt;
  data["status"] = to_string(step.status);
  data["reason"] = or_null(step.reason);
  data["skip_cause"] = nullptr;
  if (step.skip_cause) data["skip_cause"] = to_string(*step.skip_cause);
  data["output_bytes"] = bytes;
  data["output_truncated"] = bytes > limits::kInlineOutputBytes;
  data["exit_code"] = or_null(step.exit_code);
  data["timestamp"] = or_null(step.start_time);
  data["end_time"] = or_null(step.end_time);
  data["approval"] = approval_view(step);
  data["tries"] = to_json(step.tries);
  data["note"] = or_null(step.note);
  data["completed_by"] = or_null(step.completed_by);
  data["completed_by_name"] = or_null(step.completed_by_name);
  data["text"] = member(step.frozen, "text");
  data["value"] = member(step.frozen, "value");
  data["due"] = or_null(step.due);
  data["http_status"] = member(step.result, "http_status");
  data["headers"] = member(step.result, "headers");
  data["host_counts"] = std::move(host_counts);
  return data;
}

json::object host_view(const AttemptState& attempt, std::string_view status) {
  json::object data;
  data["agent_id"] = attempt.agent.str();
  data["host"] = attempt.host;
  data["attempt"] = attempt.number;
  data["status"] = status;
  data["exit_code"] = or_null(attempt.exit_code);
  data["signal"] = or_null(attempt.signal);
  data["reason"] = or_null(attempt.reason);
  data["output_bytes"] = attempt.output_bytes;
  data["start_time"] = or_null(attempt.start_time);
  data["end_time"] = or_null(attempt.end_time);
  return data;
}

}  // namespace runbook::domain
