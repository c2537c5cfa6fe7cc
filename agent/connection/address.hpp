// ControllerAddress: where a controller's agent listener is.
#pragma once

#include <string>
#include <string_view>

#include "protocol/messages/result.hpp"

namespace runbook::connection {

struct ControllerAddress {
  std::string url;  // as it was given
  std::string host;
  std::string port;
};

// "https://HOST[:PORT]" with nothing behind it; the default port is 443. There is no plain http for agents.
Result<ControllerAddress> parse_address(std::string_view url);

}  // namespace runbook::connection
