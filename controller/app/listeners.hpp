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

// Throws ListenError when the two addresses collide; the second listener would only find it taken "by another
// program". The flags name them in the message.
void check_listeners_differ(const ListenAddress& listen, const char* flag, const ListenAddress& agent_listen,
                            const char* agent_flag);

// "http://127.0.0.1:8080"; the wildcard address becomes a loopback one, which this machine can open.
std::string local_url(const ListenAddress& address, bool tls);

}  // namespace runbook::app
