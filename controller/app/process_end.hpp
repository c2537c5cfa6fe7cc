// Waiting for the end of a process that need not be a child. On the controller's I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "protocol/runtime/process_identity.hpp"

namespace runbook::app {

// Returns when the process ended, whoever its parent is; reaps it when it was ours.
boost::asio::awaitable<void> process_end(boost::asio::any_io_executor executor,
                                         runtime::ProcessIdentity process);

}  // namespace runbook::app
