// Decoding of control messages: the counterpart of control.cpp.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

#include "protocol/messages/control.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/messages/member_reader.hpp"

namespace runbook {
namespace {

namespace json = boost::json;

std::vector<AttemptReport> read_attempts(MemberReader& in) {
  std::vector<AttemptReport> attempts;
  for (const json::value& element : in.objects("attempts")) {
    MemberReader item("hello.attempts", element.get_object());
    attempts.push_back({.attempt = item.uuid("attempt"),
                        .started = item.flag("started"),
                        .finished = item.flag("finished"),
                        .stdout_bytes = item.count("stdout_bytes"),
                        .stderr_bytes = item.count("stderr_bytes")});
    in.adopt(item);
  }
  return attempts;
}

std::vector<Resume> read_resume(MemberReader& in) {
  std::vector<Resume> resume;
  for (const json::value& element : in.objects("resume")) {
    MemberReader item("welcome.resume", element.get_object());
    resume.push_back({.attempt = item.uuid("attempt"),
                      .stdout_offset = item.count("stdout_offset"),
                      .stderr_offset = item.count("stderr_offset")});
    in.adopt(item);
  }
  return resume;
}

void read(MemberReader& in, Hello& hello) {
  hello.agent_version = in.text("agent_version");
  hello.os = in.text("os");
  hello.arch = in.text("arch");
  hello.hostname = in.text("hostname");
  hello.boot_id = in.text("boot_id");
  hello.incarnation = in.uuid("incarnation");
  hello.attempts = read_attempts(in);
}

void read(MemberReader& in, Started& started) {
  started.attempt = in.uuid("attempt");
  started.pid = in.integer("pid");
  started.at = in.time("at");
}

void read(MemberReader& in, Refused& refused) {
  refused.attempt = in.uuid("attempt");
  refused.code = in.text("code");
  refused.reason = in.text("reason");
}

EndCause read_cause(MemberReader& in) {
  const std::string word = in.text("cause");
  for (const EndCause cause : {EndCause::kExit, EndCause::kSignal, EndCause::kTimeout, EndCause::kStop}) {
    if (word == to_string(cause)) return cause;
  }
  in.complain("cause", "must be exit, signal, timeout or stop");
  return EndCause::kExit;
}

void read(MemberReader& in, Finished& finished) {
  finished.attempt = in.uuid("attempt");
  finished.cause = read_cause(in);
  finished.exit_code = in.optional_int("exit_code");
  finished.signal = in.optional_int("signal");
  finished.stdout_bytes = in.count("stdout_bytes");
  finished.stderr_bytes = in.count("stderr_bytes");
  finished.stdout_sha256 = in.sha256("stdout_sha256");
  finished.stderr_sha256 = in.sha256("stderr_sha256");
  finished.leftovers = in.integer("leftovers");
  if (in.has("ended_with_it")) finished.ended_with_it = in.integer("ended_with_it");
  if (in.has("reason")) finished.reason = in.text("reason");
  finished.output_drained = in.flag("output_drained");
  finished.started_at = in.time("started_at");
  finished.ended_at = in.time("ended_at");
}

void read(MemberReader& in, Welcome& welcome) {
  welcome.controller_version = in.text("controller_version");
  welcome.resume = read_resume(in);
  welcome.close = in.uuids("close");
  if (in.has("time")) welcome.time = in.time("time");
  if (in.has("authorities")) welcome.authorities = in.texts("authorities");
}

std::vector<CommandCredential> read_credentials(MemberReader& in) {
  std::vector<CommandCredential> credentials;
  for (const json::value& element : in.objects("credentials")) {
    MemberReader item("run.credentials", element.get_object());
    credentials.push_back({.id = item.uuid("id"), .name = item.text("name"), .secret = item.text("secret")});
    in.adopt(item);
  }
  return credentials;
}

void read(MemberReader& in, RunCommand& run) {
  run.attempt = in.uuid("attempt");
  run.execution = in.uuid("execution");
  run.step = in.uuid("step");
  run.argv = in.texts("argv");
  run.script = in.text("script");
  run.environment = in.text_map("environment");
  run.working_directory = in.text("working_directory");
  run.run_as = in.text("run_as");
  run.timeout = in.seconds("timeout_seconds");
  run.stop_grace = in.seconds("stop_grace_seconds");
  run.expires_at = in.time("expires_at");
  if (in.has("stop_after_seconds")) run.stop_after = in.seconds("stop_after_seconds");
  if (in.has("credentials")) run.credentials = read_credentials(in);
  if (in.has("secrets")) run.secrets = in.texts("secrets");
  if (in.has("root")) run.root = in.sha256("root");
  if (in.has("leaf")) run.leaf = in.sha256("leaf");
  if (in.has("signature")) run.signature = in.text("signature");
}

void read(MemberReader& in, StopCommand& stop) {
  stop.attempt = in.uuid("attempt");
  stop.grace = in.seconds("grace_seconds");
}

Stream read_stream(MemberReader& in) {
  const std::string word = in.text("stream");
  for (const Stream stream : {Stream::kStdout, Stream::kStderr}) {
    if (word == to_string(stream)) return stream;
  }
  in.complain("stream", "must be stdout or stderr");
  return Stream::kStdout;
}

void read(MemberReader& in, Ack& ack) {
  ack.attempt = in.uuid("attempt");
  ack.stream = read_stream(in);
  ack.offset = in.count("offset");
}

void read(MemberReader& in, Close& close) { close.attempt = in.uuid("attempt"); }

template <class Variant>
struct Decoder {
  std::string_view type;
  Result<Variant> (*decode)(const json::object&, std::string_view type);
};

template <class Message, class Variant>
Result<Variant> decode_one(const json::object& object, std::string_view type) {
  MemberReader in(std::string(type), object);
  Message message;
  read(in, message);
  if (in.complaint()) return std::unexpected(*in.complaint());
  return Variant(std::move(message));
}

template <class Message, class Variant>
constexpr Decoder<Variant> decoder(std::string_view type) {
  return {type, &decode_one<Message, Variant>};
}

constexpr std::array kAgentDecoders = {
    decoder<Hello, AgentMessage>("hello"), decoder<Started, AgentMessage>("started"),
    decoder<Refused, AgentMessage>("refused"), decoder<Finished, AgentMessage>("finished")};

constexpr std::array kControllerDecoders = {
    decoder<Welcome, ControllerMessage>("welcome"), decoder<RunCommand, ControllerMessage>("run"),
    decoder<StopCommand, ControllerMessage>("stop"), decoder<Ack, ControllerMessage>("ack"),
    decoder<Close, ControllerMessage>("close")};

template <class Variant, std::size_t Count>
Result<Variant> decode(std::string_view text, const std::array<Decoder<Variant>, Count>& decoders) {
  const auto value = parse_json(text);
  if (!value) return std::unexpected(value.error());
  const json::object* object = value->if_object();
  if (object == nullptr) return failure(ErrorCode::kMalformed, "a control message must be a JSON object");
  MemberReader in("control message", *object);
  const std::string type = in.text("type");
  if (in.complaint()) return std::unexpected(*in.complaint());
  for (const auto& entry : decoders) {
    if (entry.type == type) return entry.decode(*object, entry.type);
  }
  return failure(ErrorCode::kMalformed, "the type of the control message is unknown");
}

}  // namespace

Result<AgentMessage> decode_agent_message(std::string_view text) { return decode(text, kAgentDecoders); }

Result<ControllerMessage> decode_controller_message(std::string_view text) {
  return decode(text, kControllerDecoders);
}

}  // namespace runbook
