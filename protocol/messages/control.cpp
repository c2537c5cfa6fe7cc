// Encoding: one function a message; decode.cpp reads what these write.
#include "protocol/messages/control.hpp"

#include <boost/json.hpp>

#include <array>

#include "protocol/messages/json.hpp"

namespace runbook {
namespace {

namespace json = boost::json;

// Free text of a host (names, reasons) need not be UTF-8; JSON must.
json::string clean(std::string_view text) {
  const std::string utf8 = to_utf8(text);
  return json::string(utf8);
}

json::string text(std::string_view value) { return json::string(value); }

json::object to_json(const Hello& hello) {
  json::array attempts;
  for (const AttemptReport& report : hello.attempts) {
    attempts.push_back(json::object{{"attempt", report.attempt.str()},
                                    {"started", report.started},
                                    {"finished", report.finished},
                                    {"stdout_bytes", report.stdout_bytes},
                                    {"stderr_bytes", report.stderr_bytes}});
  }
  return {{"type", "hello"},
          {"agent_version", clean(hello.agent_version)},
          {"os", clean(hello.os)},
          {"arch", clean(hello.arch)},
          {"hostname", clean(hello.hostname)},
          {"boot_id", clean(hello.boot_id)},
          {"incarnation", hello.incarnation.str()},
          {"attempts", std::move(attempts)}};
}

json::object to_json(const Started& started) {
  return {{"type", "started"},
          {"attempt", started.attempt.str()},
          {"pid", started.pid},
          {"at", rfc3339(started.at)}};
}

json::object to_json(const Refused& refused) {
  return {{"type", "refused"},
          {"attempt", refused.attempt.str()},
          {"code", clean(refused.code)},
          {"reason", clean(refused.reason)}};
}

json::object to_json(const Finished& finished) {
  json::object object{
      {"type", "finished"}, {"attempt", finished.attempt.str()}, {"cause", text(to_string(finished.cause))}};
  if (finished.exit_code) object["exit_code"] = *finished.exit_code;
  if (finished.signal) object["signal"] = *finished.signal;
  object["stdout_bytes"] = finished.stdout_bytes;
  object["stderr_bytes"] = finished.stderr_bytes;
  object["stdout_sha256"] = finished.stdout_sha256;
  object["stderr_sha256"] = finished.stderr_sha256;
  object["leftovers"] = finished.leftovers;
  if (finished.ended_with_it > 0) object["ended_with_it"] = finished.ended_with_it;
  if (!finished.reason.empty()) object["reason"] = clean(finished.reason);
  object["output_drained"] = finished.output_drained;
  object["started_at"] = rfc3339(finished.started_at);
  object["ended_at"] = rfc3339(finished.ended_at);
  return object;
}

json::object to_json(const Welcome& welcome) {
  json::array resume;
  for (const Resume& wanted : welcome.resume) {
    resume.push_back(json::object{{"attempt", wanted.attempt.str()},
                                  {"stdout_offset", wanted.stdout_offset},
                                  {"stderr_offset", wanted.stderr_offset}});
  }
  json::array close;
  for (const Uuid& attempt : welcome.close) close.emplace_back(attempt.str());
  json::object object{{"type", "welcome"},
                      {"controller_version", text(welcome.controller_version)},
                      {"resume", std::move(resume)},
                      {"close", std::move(close)}};
  if (welcome.time) object["time"] = rfc3339(*welcome.time);
  if (!welcome.authorities.empty()) {
    json::array authorities;
    for (const std::string& digest : welcome.authorities) authorities.emplace_back(text(digest));
    object["authorities"] = std::move(authorities);
  }
  return object;
}

json::array to_json(const std::vector<CommandCredential>& credentials) {
  json::array array;
  for (const CommandCredential& credential : credentials) {
    array.push_back(json::object{
        {"id", credential.id.str()}, {"name", text(credential.name)}, {"secret", text(credential.secret)}});
  }
  return array;
}

json::object to_json(const RunCommand& run) {
  json::array argv;
  for (const std::string& argument : run.argv) argv.emplace_back(text(argument));
  json::object environment;
  for (const auto& [name, value] : run.environment) environment[name] = text(value);
  json::object object{{"type", "run"},
                      {"attempt", run.attempt.str()},
                      {"execution", run.execution.str()},
                      {"step", run.step.str()},
                      {"argv", std::move(argv)},
                      {"script", text(run.script)},
                      {"environment", std::move(environment)},
                      {"working_directory", text(run.working_directory)},
                      {"run_as", text(run.run_as)},
                      {"timeout_seconds", run.timeout.count()},
                      {"stop_grace_seconds", run.stop_grace.count()},
                      {"expires_at", rfc3339(run.expires_at)}};
  if (run.stop_after) object["stop_after_seconds"] = run.stop_after->count();
  if (!run.credentials.empty()) object["credentials"] = to_json(run.credentials);
  if (!run.secrets.empty()) object["secrets"] = json::array(run.secrets.begin(), run.secrets.end());
  if (!run.root.empty()) object["root"] = text(run.root);
  if (!run.leaf.empty()) object["leaf"] = text(run.leaf);
  if (!run.signature.empty()) object["signature"] = text(run.signature);
  return object;
}

json::object to_json(const StopCommand& stop) {
  return {{"type", "stop"}, {"attempt", stop.attempt.str()}, {"grace_seconds", stop.grace.count()}};
}

json::object to_json(const Ack& ack) {
  return {{"type", "ack"},
          {"attempt", ack.attempt.str()},
          {"stream", text(to_string(ack.stream))},
          {"offset", ack.offset}};
}

json::object to_json(const Close& close) { return {{"type", "close"}, {"attempt", close.attempt.str()}}; }

template <class Message>
std::string serialized(const Message& message) {
  const json::object object =
      std::visit([](const auto& alternative) { return to_json(alternative); }, message);
  return json::serialize(object);
}

}  // namespace

std::string_view to_string(EndCause cause) {
  static constexpr std::array<std::string_view, 4> kCauses = {"exit", "signal", "timeout", "stop"};
  return kCauses[static_cast<std::size_t>(cause)];
}

std::string encode(const AgentMessage& message) { return serialized(message); }

std::string encode(const ControllerMessage& message) { return serialized(message); }

}  // namespace runbook
