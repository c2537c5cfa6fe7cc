// Which network a client comes from, as limits count clients: whoever has one IPv6 address usually has its
// whole /64 (RFC 4291), and an IPv4 address mapped into IPv6 is itself. Pure.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>

namespace runbook::http {

// Equal for addresses that count as one; bytes, not text.
std::string client_network(const boost::asio::ip::address& address);
// Of an address as text; the text itself when it is none.
std::string client_network(std::string_view address);

}  // namespace runbook::http
