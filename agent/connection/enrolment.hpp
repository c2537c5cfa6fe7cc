// Enrolment: turning a one-use token into an identity. The private key is made here and never leaves the
// host.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <map>
#include <string>

#include "agent/connection/address.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::connection {

struct EnrolmentRequest {
  ControllerAddress controller;
  std::string token;
  std::string ca_sha256;  // of the fleet CA's DER, 64 hex digits
  std::string name;
  std::map<std::string, std::string> labels;
};

struct Enrolment {
  Uuid agent;
  std::string name;  // as the controller recorded them
  std::map<std::string, std::string> labels;
  std::string certificate_pem;
  std::string ca_pem;
  std::string key_pem;       // secret
  std::string dispatch_key;  // the controller's, which signs commands
};

// Asks the controller for a certificate. Errors are one sentence for the person at the terminal.
boost::asio::awaitable<Result<Enrolment>> enroll(EnrolmentRequest request);

}  // namespace runbook::connection
