// SimulatedAgent: speaks the agents' protocol with an identity of its own and runs nothing: every command it
// is sent is reported as started and finished at once. Used on one executor.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "agent/connection/enrolment.hpp"
#include "protocol/messages/control.hpp"
#include "protocol/transport/websocket_channel.hpp"

namespace runbook::bench {

struct Counters {
  std::size_t enrolled = 0;
  std::size_t refused = 0;      // enrolments
  std::size_t connected = 0;    // now, after Welcome
  std::size_t connections = 0;  // ever
  std::size_t failed_dials = 0;
  std::size_t runs = 0;
  std::size_t stops = 0;
  std::size_t closes = 0;
  std::uint64_t output_bytes = 0;
};

class SimulatedAgent {
 public:
  // `output_bytes` of output are sent for every run.
  SimulatedAgent(connection::ControllerAddress controller, std::size_t output_bytes, Counters& counters);

  // False when the controller refused.
  boost::asio::awaitable<bool> enrol(std::string token, std::string ca_sha256, std::string name);

  // Connects and serves the connection until it ends.
  boost::asio::awaitable<void> serve();

 private:
  boost::asio::awaitable<void> converse(transport::WebSocketChannel& channel);
  boost::asio::awaitable<void> take(transport::WebSocketChannel& channel, const RunCommand& run);

  connection::ControllerAddress controller_;
  std::size_t output_bytes_;
  Counters& counters_;
  connection::Enrolment identity_;
  transport::SslContext tls_;
  Uuid incarnation_;
  bool welcomed_ = false;
};

}  // namespace runbook::bench
