// Dialling a controller: name, TCP, TLS.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <memory>

#include "agent/connection/address.hpp"
#include "protocol/transport/byte_stream.hpp"

namespace runbook::connection {

// A TLS connection to a controller whose certificate carries certs::kControllerName, whatever address it has.
// Throws boost::system::system_error; callers bound the time.
boost::asio::awaitable<std::unique_ptr<transport::ByteStream>> dial(ControllerAddress address,
                                                                    transport::SslContext context);

// True when the controller ended a connection because it does not accept this agent's certificate.
bool is_certificate_refusal(const boost::system::error_code& error);
// True when the controller's own certificate is not the one it has to be.
bool is_wrong_controller(const boost::system::error_code& error);

}  // namespace runbook::connection
