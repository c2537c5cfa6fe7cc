// FakeController: the controller's side of the agent listener, in the test's own process and thread. It
// enrols, keeps what agents report, acknowledges output, and cuts connections when the test wants it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "certs/authority.hpp"
#include "certs/tls.hpp"
#include "protocol/messages/control.hpp"
#include "protocol/messages/dispatch_signature.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::connection {

class FakeController {
 public:
  struct Stored {
    std::string out;
    std::string err;
    int started = 0;
    std::optional<Refused> refused;
    std::optional<Finished> finished;
  };

  FakeController(boost::asio::io_context& io, const certs::FleetAuthority& authority);
  ~FakeController();

  std::string url() const;
  // A RunCommand without a signature is bound and signed for the agent that is connected.
  void send(const ControllerMessage& message);
  void cut();  // the connection is gone, without a word
  bool connected() const { return channel_ != nullptr; }
  // Keeps those who ask for another certificate waiting.
  void hold_renewals() { renewal_gate_.expires_at(std::chrono::steady_clock::time_point::max()); }
  void let_renew() { renewal_gate_.expires_at(std::chrono::steady_clock::time_point::min()); }

  const DispatchKey dispatch_key = DispatchKey::create();
  std::function<void(RunCommand&)> alter;  // what a proxy with the TLS keys does to a signed command
  std::string token = "token-1";
  std::map<Uuid, Stored> stored;
  std::optional<Hello> hello;  // the last one
  int connections = 0;
  bool refuses_everyone = false;             // closes with kPolicy
  bool welcomes = true;                      // answers Hello
  std::chrono::hours issued_ago{0};          // how old the certificates are that /enroll gives
  int renewals = 0;                          // answered
  std::string serial;                        // of the last connection's certificate
  std::function<void()> on_frame = [] {};    // after a frame was stored, before it is acknowledged
  std::function<void()> on_message = [] {};  // after a control message was taken

 private:
  struct Request;
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);
  boost::asio::awaitable<void> enroll(transport::ByteStream& stream, const std::string& body);
  boost::asio::awaitable<void> renew(transport::ByteStream& stream, const std::string& body);
  boost::asio::awaitable<void> talk(std::shared_ptr<transport::WebSocketChannel> channel);
  void take(const transport::WebSocketMessage& message);
  void take_control(const AgentMessage& message);
  void welcome();
  RunCommand bound(RunCommand run) const;

  boost::asio::io_context& io_;
  const certs::FleetAuthority& authority_;
  boost::asio::ip::tcp::acceptor acceptor_;
  certs::SslContext tls_;
  boost::asio::steady_timer renewal_gate_;
  Uuid agent_;  // of the present connection, by its certificate
  std::shared_ptr<transport::WebSocketChannel> channel_;
};

}  // namespace runbook::connection
