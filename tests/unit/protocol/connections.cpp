#include "tests/unit/protocol/connections.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "certs/authority.hpp"
#include "certs/tls.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/random.hpp"
#include "protocol/runtime/task_group.hpp"
#include "tests/support/await.hpp"

namespace runbook::testing {

namespace asio = boost::asio;
using transport::ByteStream;

Sockets connected_sockets(const asio::any_io_executor& executor) {
  asio::ip::tcp::acceptor acceptor(executor, {asio::ip::address_v4::loopback(), 0});
  asio::ip::tcp::socket client(executor);
  client.connect(acceptor.local_endpoint());
  return {std::move(client), acceptor.accept(executor)};
}

const TlsSettings& tls_settings() {
  static const TlsSettings settings = [] {
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto authority = certs::FleetAuthority::create();
    const auto another = certs::FleetAuthority::create();
    const auto controller = authority.issue_controller(now);
    const auto request = certs::make_signing_request("agent");
    const Uuid agent = runtime::new_uuid();
    const auto certificate = authority.issue_agent(request.csr_pem, agent, now);
    const auto foreign = another.issue_agent(request.csr_pem, agent, now);
    TlsSettings made;
    made.server =
        certs::agent_listener(controller.certificate.pem, controller.key_pem, authority.certificate_pem());
    made.client = certs::agent_link(certificate->pem, request.key_pem, authority.certificate_pem());
    made.client_of_another_fleet =
        certs::agent_link(foreign->pem, request.key_pem, authority.certificate_pem());
    made.agent = agent.str();
    return made;
  }();
  return settings;
}

Streams plain_streams(const asio::any_io_executor& executor) {
  Sockets sockets = connected_sockets(executor);
  return {ByteStream(std::move(sockets.client)), ByteStream(std::move(sockets.server))};
}

Streams tls_streams(const asio::any_io_executor& executor) {
  Sockets sockets = connected_sockets(executor);
  return {ByteStream::tls_client(std::move(sockets.client), tls_settings().client, certs::kControllerName),
          ByteStream::tls_server(std::move(sockets.server), tls_settings().server)};
}

asio::awaitable<void> shake_hands(Streams& streams) {
  runtime::TaskGroup group(co_await asio::this_coro::executor, "handshake");
  group.spawn("server", streams.server.handshake());
  std::exception_ptr refused;
  try {
    co_await streams.client.handshake();
  } catch (...) {
    refused = std::current_exception();
    streams.client.close();
  }
  co_await group.wait();
  if (refused) std::rethrow_exception(refused);
}

void run_bounded(asio::io_context& context, asio::awaitable<void> scene) {
  constexpr std::chrono::seconds kTooLong{30};
  EXPECT_TRUE(await(context, runtime::with_deadline(std::move(scene), kTooLong))) << "the test took too long";
}

void run_plain(const Scene& scene) {
  asio::io_context context;
  Streams streams = plain_streams(context.get_executor());
  run_bounded(context, scene(streams));
}

void run_tls(const Scene& scene) {
  asio::io_context context;
  Streams streams = tls_streams(context.get_executor());
  auto whole = [&]() -> asio::awaitable<void> {
    co_await shake_hands(streams);
    co_await scene(streams);
  };
  run_bounded(context, whole());
}

void run_both(const Scene& scene) {
  {
    SCOPED_TRACE("plain");
    run_plain(scene);
  }
  SCOPED_TRACE("TLS");
  run_tls(scene);
}

asio::awaitable<void> write_all(ByteStream& stream, std::string data) {
  const auto buffer = asio::buffer(data);
  co_await asio::async_write(stream, buffer, asio::use_awaitable);
}

asio::awaitable<std::string> read_all(ByteStream& stream, std::size_t at_once,
                                      boost::system::error_code& error) {
  std::string all;
  std::string piece(at_once, '\0');
  while (!error) {
    const auto buffer = asio::buffer(piece);
    const std::size_t count =
        co_await stream.async_read_some(buffer, asio::redirect_error(asio::use_awaitable, error));
    all.append(piece, 0, count);
  }
  co_return all;
}

}  // namespace runbook::testing
