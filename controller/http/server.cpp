#include "controller/http/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <set>

#include "controller/http/connection.hpp"
#include "controller/http/connection_quota.hpp"
#include "controller/http/handshake_queue.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/task_group.hpp"

namespace runbook::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::seconds kEndingTime{2};  // running requests get this long when the server stops
constexpr std::chrono::milliseconds kAcceptPause{
    100};  // after a failed accept, most often for want of descriptors
constexpr std::chrono::seconds kComplaintInterval{10};
// What the kernel holds for a client that does not read; left to itself it is megabytes for each.
constexpr int kSendBufferBytes = 128 * 1024;

asio::awaitable<void> hand_over(Upgrade upgrade) {
  auto channel =
      co_await transport::accept_websocket(std::move(upgrade.stream), std::move(upgrade.request),
                                           std::move(upgrade.subprotocol), std::move(upgrade.already_read));
  const auto run = std::move(upgrade.run);
  co_await run(std::move(channel));
}

}  // namespace

struct Server::Impl {
  Impl(asio::any_io_executor on, ServerSettings given, Handler handle)
      : executor(on),
        settings(std::move(given)),
        handler(std::move(handle)),
        acceptor(on),
        quota(settings.max_connections, settings.max_connections_per_address),
        handshakes(on, settings.max_handshakes, settings.max_handshakes_per_address),
        tasks(on, "http " + settings.name) {}

  asio::awaitable<void> accept();
  asio::awaitable<void> serve(tcp::socket socket, ConnectionQuota::Place place);
  asio::awaitable<std::optional<Upgrade>> run_connection(tcp::socket socket);
  void admit(tcp::socket socket);
  void complain(std::string_view what);

  asio::any_io_executor executor;
  ServerSettings settings;
  Handler handler;
  tcp::acceptor acceptor;
  ConnectionQuota quota;
  HandshakeQueue handshakes;
  std::set<Connection*> open;  // not the WebSockets
  std::chrono::steady_clock::time_point complained{};
  bool stopping = false;
  runtime::TaskGroup tasks;
};

Server::Server(asio::any_io_executor executor, ServerSettings settings, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(executor), std::move(settings), std::move(handler))) {}

Server::~Server() = default;

void Server::start() {
  tcp::acceptor& acceptor = impl_->acceptor;
  acceptor.open(impl_->settings.endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(impl_->settings.endpoint);
  acceptor.listen(asio::socket_base::max_listen_connections);
  impl_->tasks.spawn("accept", impl_->accept());
}

tcp::endpoint Server::local_endpoint() const { return impl_->acceptor.local_endpoint(); }

asio::awaitable<void> Server::stop() {
  impl_->stopping = true;
  boost::system::error_code ignored;
  impl_->acceptor.close(ignored);
  const std::set<Connection*> open = impl_->open;
  for (Connection* connection : open) connection->end_soon();
  co_await runtime::with_deadline(impl_->tasks.wait(), kEndingTime);
  co_await impl_->tasks.stop();
}

// Never ends and never spins on an error: without free descriptors the connection stays in the queue, and
// accept() would say so again at once.
asio::awaitable<void> Server::Impl::accept() {
  asio::steady_timer pause(executor);
  while (!stopping) {
    auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (stopping) co_return;
    if (!error) {
      admit(std::move(socket));
      continue;
    }
    if (error == asio::error::connection_aborted) continue;
    complain("a connection could not be accepted: " + error.message());
    pause.expires_after(kAcceptPause);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

void Server::Impl::admit(tcp::socket socket) {
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;  // it left while it was waiting in the queue
  auto place = quota.take(peer.address());
  if (!place) {
    complain("too many connections, one from " + peer.address().to_string() + " was closed");
    return;
  }
  socket.set_option(tcp::no_delay(true), error);
  socket.set_option(asio::socket_base::send_buffer_size(kSendBufferBytes), error);
  tasks.spawn("connection", serve(std::move(socket), std::move(*place)));
}

asio::awaitable<void> Server::Impl::serve(tcp::socket socket, ConnectionQuota::Place place) {
  auto upgrade = co_await run_connection(std::move(socket));
  if (upgrade) co_await hand_over(std::move(*upgrade));
}

// In a coroutine of its own, so that thousands of idle WebSockets do not keep what HTTP needed.
asio::awaitable<std::optional<Upgrade>> Server::Impl::run_connection(tcp::socket socket) {
  auto stream = settings.tls ? transport::ByteStream::tls_server(std::move(socket), settings.tls)
                             : transport::ByteStream(std::move(socket));
  Connection connection(std::move(stream), settings, handler, handshakes);
  struct Entry {
    std::set<Connection*>& open;
    Connection* connection;
    ~Entry() { open.erase(connection); }
  } const entry{open, &connection};
  open.insert(&connection);
  auto upgrade = co_await connection.run();
  co_return upgrade;
}

void Server::Impl::complain(std::string_view what) {
  const auto now = std::chrono::steady_clock::now();
  if (now - complained < kComplaintInterval) return;
  complained = now;
  runtime::log_warning({}, fmt::format("{} listener: {}", settings.name, what));
}

}  // namespace runbook::http
