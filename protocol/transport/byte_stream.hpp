// ByteStream: a TCP connection, plain or TLS, as one Asio AsyncStream, so that HTTP and WebSocket code is compiled
// once for both. TLS works through SSL_set_fd: try SSL_read/SSL_write, on WANT_* wait for the socket; with
// SSL_MODE_RELEASE_BUFFERS an idle connection keeps no record buffers (docs/adr/0002).
// One executor; one read and one write at a time. Cancelling a TLS operation leaves the stream unusable: close it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace runbook::transport {

using SslContext = std::shared_ptr<SSL_CTX>;

class ByteStream {
 public:
  using executor_type = boost::asio::any_io_executor;
  using next_layer_type = boost::asio::ip::tcp::socket;

  explicit ByteStream(boost::asio::ip::tcp::socket socket);  // plain
  static ByteStream tls_server(boost::asio::ip::tcp::socket socket, const SslContext& context);
  // `server_name` is the name the certificate must carry (RFC 9525); sent as SNI when it is a DNS name.
  static ByteStream tls_client(boost::asio::ip::tcp::socket socket, const SslContext& context,
                               std::string_view server_name);
  ByteStream(ByteStream&&) noexcept;
  ByteStream& operator=(ByteStream&&) noexcept;
  ~ByteStream();

  executor_type get_executor();
  bool is_tls() const;

  // Plain: returns at once. Throws boost::system::system_error when the peer is refused; callers bound the time.
  boost::asio::awaitable<void> handshake();

  // The verified peer's certificate as DER, empty when there is none.
  std::string peer_certificate() const;
  std::string remote_address() const;

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token);
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token);

  next_layer_type& next_layer();
  // Ends the sending side (close_notify, FIN) without waiting for the peer.
  void shutdown_write() noexcept;
  void close() noexcept;

 private:
  // … completed in this folder
};

}  // namespace runbook::transport
