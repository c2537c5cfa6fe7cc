// FleetAuthority: the fleet's own certificate authority (ECDSA P-256, RFC 5280). Issues agents' client
// certificates and the controllers' server certificate. Thread-safe; every call computes, so use the blocking
// pool.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::certs {

// Every controller presents this DNS name; agents check it instead of the address they dial.
inline constexpr std::string_view kControllerName = "controller.runbook.internal";

struct Certificate {
  std::string pem;
  std::string serial;  // lower-case hex
  Time not_after{};
};

class FleetAuthority {
 public:
  static FleetAuthority create();  // a new key and self-signed certificate, 10 years
  // The key belongs to the first certificate; further ones, before or after it in the fleet's life, are only
  // trusted, while the fleet rolls over. Throws std::runtime_error when that is not what the PEM texts hold.
  static FleetAuthority load(const std::string& certificate_pem, const std::string& key_pem);
  FleetAuthority(FleetAuthority&&) noexcept;
  FleetAuthority& operator=(FleetAuthority&&) noexcept;
  ~FleetAuthority();

  std::string certificate_pem() const;
  std::string key_pem() const;  // secret
  std::string sha256() const;   // of the certificate's DER: 64 hex digits, what agents pin
  Time not_after() const;

  std::string trusted_pem() const;  // its own certificate first
  std::vector<std::string> trusted_sha256() const;

  // From a PKCS#10 request (RFC 2986, PEM) only the public key and the proof of possession are taken;
  // subject, URI SAN spiffe://runbook/agent/<id>, EKU clientAuth and life are ours. Refuses weak keys and bad
  // signatures.
  Result<Certificate> issue_agent(const std::string& csr_pem, const Uuid& agent, Time now) const;

  struct KeyPair {
    Certificate certificate;
    std::string key_pem;
  };
  KeyPair issue_controller(Time now) const;  // EKU serverAuth, SAN kControllerName, 127.0.0.1 and localhost

 private:
  FleetAuthority();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Agent side: a new P-256 key and a request for it.
struct SigningRequest {
  std::string key_pem;
  std::string csr_pem;
};
SigningRequest make_signing_request(std::string_view common_name);

// What a verified client certificate says. Nothing when it is not an agent's.
struct AgentIdentity {
  Uuid agent;
  std::string serial;  // lower-case hex
};
std::optional<AgentIdentity> agent_identity(const std::string& certificate_der);

}  // namespace runbook::certs
