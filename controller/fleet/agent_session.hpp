// AgentSession: one agent's connection. Reads its messages and hands them on in order, decoded and bounded;
// others push messages to it. On the controller's I/O thread; shared by its serving coroutine and its write
// loop.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "certs/authority.hpp"
#include "controller/engine/ports.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::fleet {

class AgentSession : public std::enable_shared_from_this<AgentSession> {
 public:
  AgentSession(transport::WebSocketChannel channel, certs::AgentIdentity identity);

  const Uuid& agent() const { return identity_.agent; }
  const std::string& certificate_serial() const { return identity_.serial; }

  // The first message; nothing when it did not come in time or is something else: the session is closing
  // then.
  boost::asio::awaitable<std::optional<Hello>> hello();
  // Hands messages to `events` until the connection ends or is closed.
  boost::asio::awaitable<void> read(engine::AgentEvents& events);
  boost::asio::awaitable<void> write_loop();

  bool send(const ControllerMessage& message);
  // From now on nothing is sent or read; the other side is told why.
  void close(transport::CloseCode code, std::string_view why);
  // The same for one that is not to be trusted: it has a second to answer.
  void expel(std::string_view why, transport::CloseCode code = transport::CloseCode::kPolicy);
  bool closing() const { return closing_; }
  std::string remote_address() const { return channel_.remote_address(); }
  std::string end_reason() const { return channel_.end_reason(); }
  std::chrono::milliseconds silent_for() const;  // since the agent was last heard

  // The link is in use: Welcome was sent to this process of the agent.
  void make_ready(const Uuid& incarnation) { incarnation_ = incarnation; }
  bool was_ready() const { return incarnation_.has_value(); }
  std::optional<Uuid> incarnation() const;

 private:
  bool handle(engine::AgentEvents& events, const transport::WebSocketMessage& message);

  transport::WebSocketChannel channel_;
  certs::AgentIdentity identity_;
  std::optional<Uuid> incarnation_;
  bool closing_ = false;
};

}  // namespace runbook::fleet
