#include "controller/http/client_network.hpp"

namespace runbook::http {
namespace {

constexpr std::size_t kPrefixBytes = 8;
constexpr std::size_t kMappedBytes = 4;

}  // namespace

std::string client_network(const boost::asio::ip::address& address) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  const auto wide = address.to_v6();
  const auto bytes = wide.to_bytes();
  if (wide.is_v4_mapped()) return {bytes.end() - kMappedBytes, bytes.end()};
  return {bytes.begin(), bytes.begin() + kPrefixBytes};
}

std::string client_network(std::string_view address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(std::string(address), error);
  return error ? std::string(address) : client_network(parsed);
}

}  // namespace runbook::http
