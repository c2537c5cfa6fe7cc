// What every long-lived connection asks of TCP.
#pragma once

#include <boost/asio/ip/tcp.hpp>

namespace runbook::transport {

// Small messages leave at once, a peer that answers nothing for limits::kTcpUserTimeout is dead, and the
// kernel holds little that was not sent yet, so that a ping never waits behind megabytes. Failures are
// ignored: these are hints.
void prefer_low_latency(boost::asio::ip::tcp::socket& socket);

}  // namespace runbook::transport
