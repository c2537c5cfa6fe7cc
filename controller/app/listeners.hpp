// Where the controller listens, checked before anything else is started: a taken port is told at once.
#pragma once

#include <stdexcept>

#include "controller/app/settings.hpp"

namespace runbook::app {

// The address cannot be listened on; the message is one sentence for the person at the terminal.
struct ListenError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Binds for a moment. Answers the address with a real port where 0 was asked for. `flag` names it in
// messages.
ListenAddress checked_listen_address(const ListenAddress& address, const char* flag);

// "http://127.0.0.1:8080"; the wildcard address becomes a loopback one, which this machine can open.
std::string local_url(const ListenAddress& address, bool tls);

}  // namespace runbook::app
