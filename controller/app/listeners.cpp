#include "controller/app/listeners.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace runbook::app {

using boost::asio::ip::tcp;

ListenAddress checked_listen_address(const ListenAddress& address, const char* flag) {
  boost::asio::io_context context;
  const tcp::endpoint endpoint{boost::asio::ip::make_address(address.address), address.port};
  boost::system::error_code error;
  tcp::acceptor acceptor{context};
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(1, error);
  if (error == boost::asio::error::address_in_use) {
    throw ListenError(fmt::format("{} is taken by another program: stop that one, or choose another {}.",
                                  address.str(), flag));
  }
  if (error) {
    throw ListenError(fmt::format("{} cannot be listened on: {}. Choose another {}.", address.str(),
                                  error.message(), flag));
  }
  return {address.address, acceptor.local_endpoint().port()};
}

void check_listeners_differ(const ListenAddress& listen, const char* flag, const ListenAddress& agent_listen,
                            const char* agent_flag) {
  if (listen.port == 0 || listen.port != agent_listen.port) return;
  const auto everywhere = [](const ListenAddress& address) {
    return boost::asio::ip::make_address(address.address).is_unspecified();
  };
  if (listen.address != agent_listen.address && !everywhere(listen) && !everywhere(agent_listen)) return;
  throw ListenError(fmt::format("{} {} and {} {} want the same port: give browsers and agents one each.",
                                flag, listen.str(), agent_flag, agent_listen.str()));
}

std::string local_url(const ListenAddress& address, bool tls) {
  auto reachable = address;
  const auto parsed = boost::asio::ip::make_address(address.address);
  if (parsed.is_unspecified()) reachable.address = parsed.is_v6() ? "::1" : "127.0.0.1";
  return fmt::format("{}://{}", tls ? "https" : "http", reachable.str());
}

}  // namespace runbook::app
