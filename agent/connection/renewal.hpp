// CertificateRenewal: keeps the agent's certificate good. Renews it when two thirds of its life are over, and
// when a controller tells of authorities this host does not know yet or was not certified by. The link and
// everything that runs stay as they are: the next connection presents the new certificate. I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/connection/address.hpp"
#include "agent/runner/wakeup.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"
#include "protocol/transport/byte_stream.hpp"

namespace runbook::connection {

// What an agent shows of itself and trusts, as PEM.
struct AgentCertificate {
  std::string certificate_pem;
  std::string ca_pem;   // every authority of the fleet
  std::string key_pem;  // secret
};

// Whether a certificate is to be replaced at `now`. `told`: the authorities a controller named, the issuing
// one first; empty when none did.
bool renewal_due(const AgentCertificate& certificate, const std::vector<std::string>& told, Time now);

// Asks for another certificate of `agent` by the present one. What comes is checked before it is answered:
// the agent's, by an authority that came with it, and for the key made here. Errors are one sentence.
boost::asio::awaitable<Result<AgentCertificate>> renew_certificate(ControllerAddress controller,
                                                                   AgentCertificate present, Uuid agent);

struct RenewalSettings {
  ControllerAddress controller;
  Uuid agent;
  AgentCertificate certificate;
  std::function<Time()> now;
  std::function<double()> random_unit;  // [0, 1)
  // Keeps it for the next start; it is used once this returned.
  std::function<boost::asio::awaitable<Result<void>>(AgentCertificate)> store;
  std::function<void(const AgentCertificate&)> use;
  std::chrono::milliseconds pause = limits::kAgentRenewalPause;  // after one that failed
  // At most, before one that a controller made every agent want at the same time.
  std::chrono::milliseconds spread = std::chrono::minutes{1};
};

class CertificateRenewal {
 public:
  CertificateRenewal(const boost::asio::any_io_executor& executor, RenewalSettings settings);

  boost::asio::awaitable<void> run();  // until it is cancelled
  // A controller said Welcome.
  void told(std::vector<std::string> authorities);
  const AgentCertificate& certificate() const { return settings_.certificate; }

 private:
  boost::asio::awaitable<bool> renew();
  boost::asio::awaitable<void> pause(std::chrono::milliseconds length);

  RenewalSettings settings_;
  std::vector<std::string> told_;
  runner::Wakeup news_;
};

}  // namespace runbook::connection
