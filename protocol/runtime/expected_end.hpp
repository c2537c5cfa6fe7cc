// The expected ends of a connection, named in one place: they are not errors in the log.
#pragma once

#include <boost/system/error_code.hpp>

#include <exception>
#include <string>

namespace runbook::runtime {

// End of file, truncated TLS, reset, closed or silent WebSocket, unreachable peer, and cancellation.
bool expected_end(const boost::system::error_code& code);
// The same for what a task let escape; any exception without an error code is unexpected.
bool expected_end(const std::exception_ptr& exception);

// What an exception says, for the log only; empty for none.
std::string describe(const std::exception_ptr& exception);

}  // namespace runbook::runtime
