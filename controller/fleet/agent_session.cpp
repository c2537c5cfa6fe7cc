#include "controller/fleet/agent_session.hpp"

#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::fleet {
namespace {

using boost::asio::awaitable;
using transport::CloseCode;
using transport::WebSocketMessage;

constexpr std::chrono::seconds kHelloTime{10};
constexpr std::chrono::seconds kExpelTime{1};
constexpr std::size_t kWordBytes = 200;  // version, operating system, architecture

void shorten(std::string& text) {
  if (text.size() <= kWordBytes) return;
  std::size_t end = kWordBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
}

}  // namespace

AgentSession::AgentSession(transport::WebSocketChannel channel, certs::AgentIdentity identity)
    : channel_(std::move(channel)), identity_(std::move(identity)) {}

awaitable<std::optional<Hello>> AgentSession::hello() {
  const auto message = co_await runtime::with_deadline(channel_.read(), kHelloTime);
  if (!message || !*message) {
    close(CloseCode::kProtocolError, "no hello");
    co_return std::nullopt;
  }
  auto decoded = decode_agent_message((*message)->data);
  if ((*message)->binary || !decoded || !std::holds_alternative<Hello>(*decoded)) {
    close(CloseCode::kProtocolError, "the first message must be hello");
    co_return std::nullopt;
  }
  auto hello = std::move(std::get<Hello>(*decoded));
  shorten(hello.agent_version);
  shorten(hello.os);
  shorten(hello.arch);
  co_return hello;
}

awaitable<void> AgentSession::read(engine::AgentEvents& events) {
  while (!closing_) {
    const auto message = co_await channel_.read();
    if (!message) co_return;
    if (closing_ || !handle(events, *message)) co_return;
    co_await events.settle();
  }
}

// False: the message is not one of the protocol, and the session is closing.
bool AgentSession::handle(engine::AgentEvents& events, const WebSocketMessage& message) {
  if (message.binary) {
    auto frame = decode_frame(message.data);
    if (!frame) {
      close(CloseCode::kProtocolError, frame.error().message);
      return false;
    }
    events.output(agent(), std::move(*frame));
    return true;
  }
  auto decoded = decode_agent_message(message.data);
  if (!decoded) {
    close(CloseCode::kProtocolError, decoded.error().message);
    return false;
  }
  if (const auto* started = std::get_if<Started>(&*decoded)) {
    events.started(agent(), *started);
  } else if (auto* refused = std::get_if<Refused>(&*decoded)) {
    events.refused(agent(), std::move(*refused));
  } else if (auto* finished = std::get_if<Finished>(&*decoded)) {
    events.finished(agent(), std::move(*finished));
  } else {
    close(CloseCode::kProtocolError, "a second hello");
    return false;
  }
  return true;
}

awaitable<void> AgentSession::write_loop() { return channel_.write_loop(); }

bool AgentSession::send(const ControllerMessage& message) {
  if (closing_) return false;
  if (channel_.push({false, encode(message)})) return true;
  closing_ = true;  // the channel said why
  return false;
}

void AgentSession::close(CloseCode code, std::string_view why) {
  if (closing_) return;
  closing_ = true;
  channel_.close(code, why);
}

void AgentSession::expel(std::string_view why, transport::CloseCode code) {
  transport::WebSocketChannel::Times times;
  times.close = kExpelTime;
  channel_.set_times(times);
  close(code, why);
}

std::chrono::milliseconds AgentSession::silent_for() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(channel_.silent_for());
}

std::optional<Uuid> AgentSession::incarnation() const {
  if (closing_) return std::nullopt;
  return incarnation_;
}

}  // namespace runbook::fleet
