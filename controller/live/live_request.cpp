#include "controller/live/live_request.hpp"

#include <algorithm>

#include "protocol/messages/json.hpp"

namespace runbook::live {
namespace {

namespace json = boost::json;

constexpr std::size_t kUuidText = 36;

std::unexpected<Error> malformed(std::string message) {
  return failure(ErrorCode::kMalformed, std::move(message));
}

std::optional<Uuid> uuid_of(const json::value& value) {
  if (!value.is_string()) return std::nullopt;
  return Uuid::parse(std::string_view(value.get_string().data(), value.get_string().size()));
}

std::optional<std::uint64_t> offset_of(const json::value& value) {
  if (const auto* number = value.if_int64(); number && *number >= 0)
    return static_cast<std::uint64_t>(*number);
  return std::nullopt;
}

// "<step>/<agent>/<stream>" with its ids in lower case.
std::optional<std::string> stream_key(std::string_view text) {
  if (text.size() != 2 * kUuidText + 8) return std::nullopt;
  const auto step = Uuid::parse(text.substr(0, kUuidText));
  const auto agent = Uuid::parse(text.substr(kUuidText + 1, kUuidText));
  const auto stream = text.substr(2 * kUuidText + 2);
  const bool fits =
      text[kUuidText] == '/' && text[2 * kUuidText + 1] == '/' && (stream == "stdout" || stream == "stderr");
  if (!step || !agent || !fits) return std::nullopt;
  return step->str() + '/' + agent->str() + '/' + std::string(stream);
}

Result<std::map<std::string, std::uint64_t>> from_of(const json::value& value) {
  const auto* object = value.if_object();
  if (!object) return malformed("\"from\" must be an object.");
  if (object->size() > kFromEntries) return failure(ErrorCode::kTooLarge, "\"from\" has too many entries.");
  std::map<std::string, std::uint64_t> from;
  for (const auto& entry : *object) {
    const auto key = stream_key(std::string_view(entry.key().data(), entry.key().size()));
    const auto offset = offset_of(entry.value());
    if (!key || !offset)
      return malformed("\"from\" maps \"<step_id>/<agent_id>/<stdout|stderr>\" to offsets.");
    from.insert_or_assign(*key, *offset);
  }
  return from;
}

Result<LiveRequest> execution_request(const json::object& body) {
  Subscribe request;
  const auto execution = uuid_of(body.at("execution"));
  if (!execution) return malformed("\"execution\" must be an id.");
  request.execution = *execution;
  if (const auto* output = body.if_contains("output")) {
    if (!output->is_bool()) return malformed("\"output\" must be true or false.");
    request.output = output->get_bool();
  }
  const auto read_id = [&body](const char* name, std::optional<Uuid>& into) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || value->is_null()) return true;
    into = uuid_of(*value);
    return into.has_value();
  };
  if (!read_id("step", request.step)) return malformed("\"step\" must be an id.");
  if (!read_id("host", request.host)) return malformed("\"host\" must be an agent's id.");
  if (const auto* value = body.if_contains("from"); value && !value->is_null()) {
    auto from = from_of(*value);
    if (!from) return std::unexpected(from.error());
    request.from = std::move(*from);
  }
  return request;
}

Result<LiveRequest> topic_request(const json::value& value, bool on) {
  const auto* body = value.if_object();
  if (!body) return malformed("\"sub\" and \"unsub\" must be objects.");
  if (body->contains("execution")) {
    if (on) return execution_request(*body);
    const auto execution = uuid_of(body->at("execution"));
    if (!execution) return malformed("\"execution\" must be an id.");
    return Unsubscribe{*execution};
  }
  const auto named = [body](const char* name) {
    const auto* member = body->if_contains(name);
    return member && member->is_bool() && member->get_bool();
  };
  if (named("executions")) return TopicChange{Topic::kExecutions, on};
  if (named("agents")) return TopicChange{Topic::kAgents, on};
  return malformed("Name an execution, or the topic executions or agents.");
}

}  // namespace

Result<LiveRequest> read_live_request(std::string_view text) {
  if (text.size() > kRequestBytes) return failure(ErrorCode::kTooLarge, "The message is too long.");
  const auto document = parse_json(text);
  if (!document) return malformed("The message is not JSON.");
  const auto* object = document->if_object();
  if (!object || object->size() != 1) return malformed("Send an object with one of sub, unsub and ping.");
  if (const auto* sub = object->if_contains("sub")) return topic_request(*sub, true);
  if (const auto* unsub = object->if_contains("unsub")) return topic_request(*unsub, false);
  if (const auto* ping = object->if_contains("ping"); ping && ping->is_int64())
    return Ping{ping->get_int64()};
  return malformed("Send an object with one of sub, unsub and ping.");
}

}  // namespace runbook::live
