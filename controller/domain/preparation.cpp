#include "controller/domain/preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "controller/domain/parameters.hpp"
#include "controller/domain/substitution.hpp"
#include "controller/domain/text_places.hpp"
#include "controller/domain/url_text.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace json = boost::json;

namespace {

using expression::Expression;

// What may travel to an agent: script, arguments and variables, as JSON.
constexpr std::size_t kDispatchBytes = limits::kWebSocketMessageBytes - limits::kFrameDataBytes;

std::unexpected<Error> at_fault(std::string_view place, std::string_view message) {
  return failure(ErrorCode::kInvalid, fmt::format("{}: {}", place, message));
}

std::unexpected<Error> at_fault(std::string_view place, const TextError& error) {
  return at_fault(place, to_string(error));
}

Result<bool> truth(std::string_view place, const std::string& text, const Variables& variables) {
  const auto parsed = Expression::parse(text);
  if (!parsed) return at_fault(place, expression::to_string(parsed.error()));
  const auto value = parsed->evaluate(variables);
  if (!value) return at_fault(place, expression::to_string(value.error()));
  if (!value->is_bool()) {
    return at_fault(place, fmt::format("line 1, column 1: the value must be true or false, not of type {}",
                                       expression::name_of(value->type())));
  }
  return value->as_bool();
}

Result<std::string> rendered(std::string_view place, std::string_view text, const Variables& variables,
                             std::size_t most, const Template::Encode& encode = {}) {
  const auto parsed = Template::parse(text);
  if (!parsed) return at_fault(place, parsed.error());
  auto value = parsed->render(variables, most, encode);
  if (!value) return at_fault(place, value.error());
  return std::move(*value);
}

void note_steps(NeededSteps& needed, const Expression& expression) {
  auto used = expression.fields_used("steps");
  needed.all = needed.all || used.all;
  needed.slugs.merge(used.names);
}

Result<std::map<std::string, std::string>> block_environment(const CommandConfig& config,
                                                             const Variables& variables) {
  std::map<std::string, std::string> environment;
  for (const auto& [name, text] : config.environment) {
    const auto place = "environment " + name;
    const std::size_t most = limits::kVariableBytes - name.size() - 1;
    auto value = rendered(place, text, variables, most);
    if (!value) return std::unexpected(std::move(value.error()));
    if (value->find('\0') != std::string::npos) return at_fault(place, "its value contains NUL");
    environment.emplace(name, std::move(*value));
  }
  return environment;
}

std::size_t bytes_of(const std::map<std::string, std::string>& environment) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : environment) bytes += name.size() + value.size() + 2;  // '=' and NUL
  return bytes;
}

std::map<std::string, std::string> parameters_of(const Variables& variables) {
  const auto* parameters = variables.if_contains("params");
  if (parameters == nullptr || !parameters->is_object()) return {};
  return parameter_environment(parameters->get_object());
}

// Whether execve and one message to an agent can take it.
Result<void> judge_size(const CommandConfig& config, const CommandText& command, const Variables& variables) {
  const auto parameters = parameters_of(variables);
  const auto bytes = bytes_of(command.values) + bytes_of(command.environment) + bytes_of(parameters);
  if (bytes > limits::kEnvironmentBytes) {
    return at_fault("command", fmt::format("its variables have {} bytes together; a command can have {}",
                                           bytes, limits::kEnvironmentBytes));
  }
  const json::array message{json::value(command.script), json::value_from(config.argv),
                            json::value_from(command.values), json::value_from(command.environment),
                            json::value_from(parameters)};
  if (json::serialize(message).size() > kDispatchBytes) {
    return at_fault("command",
                    fmt::format("with its variables it is longer than the {} bytes that fit into one "
                                "message to an agent",
                                kDispatchBytes));
  }
  return {};
}

std::expected<std::string, std::string> header_value(std::string value) {
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return std::unexpected("the value contains CR, LF or NUL, which no header can hold");
  }
  return value;
}

bool is_same_name(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

bool has_header(const ApiRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers,
                             [&](const auto& header) { return is_same_name(header.first, name); });
}

Result<void> fill_headers(const ApiConfig& config, const Variables& variables, ApiRequest& request) {
  for (const auto& [name, text] : config.headers) {
    auto value = rendered("header " + name, text, variables, limits::kApiHeaderBytes, header_value);
    if (!value) return std::unexpected(std::move(value.error()));
    request.headers.emplace_back(name, std::move(*value));
  }
  return {};
}

Result<void> fill_body(const ApiConfig& config, const Variables& variables, ApiRequest& request) {
  if (!config.body) return {};
  const bool is_text = config.body->is_string();
  if (is_text) {
    const std::string_view text = config.body->get_string();
    auto body = rendered("body", text, variables, limits::kRenderedBytes);
    if (!body) return std::unexpected(std::move(body.error()));
    request.body = std::move(*body);
  } else {
    const auto body = render_json(*config.body, variables);
    if (!body) return at_fault("body" + body.error().pointer, body.error().error);
    request.body = json::serialize(*body);
    if (request.body.size() > limits::kRenderedBytes) {
      return at_fault(
          "body", fmt::format("with its values in place it is longer than {} bytes", limits::kRenderedBytes));
    }
  }
  if (!has_header(request, "Content-Type")) {
    request.headers.emplace_back("Content-Type", is_text ? "text/plain; charset=utf-8" : "application/json");
  }
  return {};
}

Result<std::string> full_url(const ApiConfig& config, const Variables& variables) {
  std::map<std::string, std::string> query;
  for (const auto& [name, text] : config.query) {
    auto value = rendered("query " + name, text, variables, limits::kUrlBytes);
    if (!value) return std::unexpected(std::move(value.error()));
    query.emplace(name, std::move(*value));
  }
  auto url = rendered("url", config.url, variables, limits::kUrlBytes,
                      [](const std::string& value) { return percent_encoded(value); });
  if (!url) return url;
  const auto placeholders = find_placeholders(config.url);
  if (!placeholders) return at_fault("url", placeholders.error());
  return finish_url(config.url, *placeholders, std::move(*url), query);
}

}  // namespace

NeededSteps needed_steps(const Block& block) {
  NeededSteps needed;
  for (const auto& place : text_places(block)) {
    if (place.kind == TextKind::kExpression) {
      if (const auto parsed = Expression::parse(place.text)) note_steps(needed, *parsed);
    } else if (const auto parsed = Template::parse(place.text)) {
      for (const auto& each : parsed->substitutions()) note_steps(needed, each.expression);
    }
  }
  return needed;
}

Result<bool> applies(const Block& block, const Variables& variables) {
  if (block.when.empty()) return true;
  return truth("when", block.when, variables);
}

Result<std::string> instruction_text(const InstructionConfig& config, const Variables& variables) {
  return rendered("text", config.text, variables, limits::kRenderedBytes);
}

Result<CommandText> command_text(const CommandConfig& config, const Variables& variables) {
  CommandText command;
  if (config.argv.empty()) {
    const auto parsed = Template::parse(config.command);
    if (!parsed) return at_fault("command", parsed.error());
    auto script = compile_shell_text(*parsed, variables);
    if (!script) return at_fault("command", script.error());
    command.script = std::move(script->text);
    command.values = std::move(script->values);
  }
  auto environment = block_environment(config, variables);
  if (!environment) return std::unexpected(std::move(environment.error()));
  command.environment = std::move(*environment);
  if (auto fits = judge_size(config, command, variables); !fits) return std::unexpected(fits.error());
  return command;
}

Result<ApiRequest> api_request(const ApiConfig& config, const Variables& variables) {
  ApiRequest request;
  request.method = config.method;
  auto url = full_url(config, variables);
  if (!url) return std::unexpected(std::move(url.error()));
  request.url = std::move(*url);
  if (auto filled = fill_headers(config, variables, request); !filled) {
    return std::unexpected(std::move(filled.error()));
  }
  if (auto filled = fill_body(config, variables, request); !filled) {
    return std::unexpected(std::move(filled.error()));
  }
  const bool by_method = request.method != "POST" && request.method != "PATCH";
  request.repeatable = config.idempotent.value_or(by_method) || has_header(request, "Idempotency-Key");
  return request;
}

json::object to_json(const ApiRequest& request) {
  json::array headers;
  for (const auto& [name, value] : request.headers) headers.push_back(json::array{name, value});
  return {{"method", request.method},
          {"url", request.url},
          {"headers", std::move(headers)},
          {"body", request.body},
          {"repeatable", request.repeatable}};
}

ApiRequest api_request_from_json(const json::object& frozen) {
  ApiRequest request;
  request.method = frozen.at("method").as_string();
  request.url = frozen.at("url").as_string();
  for (const auto& header : frozen.at("headers").as_array()) {
    request.headers.emplace_back(header.at(0).as_string(), header.at(1).as_string());
  }
  request.body = frozen.at("body").as_string();
  request.repeatable = frozen.at("repeatable").as_bool();
  return request;
}

Result<bool> condition(const ConditionConfig& config, const Variables& variables) {
  return truth("expression", config.expression, variables);
}

bool is_expected(const ApiConfig& config, int status) {
  return std::ranges::any_of(config.expected_status, [&](const auto& range) {
    return status >= range.first && status <= range.second;
  });
}

}  // namespace runbook::domain
