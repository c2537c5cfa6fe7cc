// ByteStream: a TCP connection, plain or TLS, as one Asio AsyncStream, so that HTTP and WebSocket code is
// compiled once for both. TLS works on the socket itself: try SSL_read/SSL_write, on WANT_* wait for the
// socket; with SSL_MODE_RELEASE_BUFFERS an idle connection keeps no record buffers (docs/adr/0002). One
// executor; one read and one write at a time. Cancelling a TLS operation leaves the stream unusable: close
// it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <openssl/ssl.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

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

  // Plain: returns at once. Throws boost::system::system_error when the peer is refused; callers bound the
  // time.
  boost::asio::awaitable<void> handshake();

  // The verified peer's certificate as DER, empty when there is none.
  std::string peer_certificate() const;
  std::string remote_address() const;
  // When bytes last came in; the time of construction before that.
  std::chrono::steady_clock::time_point last_received() const;

  // The next reads give `bytes` first: what a parser read too much.
  void prepend(std::string bytes);

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token);
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token);

  next_layer_type& next_layer();
  // Ends the sending side (close_notify, FIN) without waiting for the peer.
  void shutdown_write() noexcept;
  void close() noexcept;

 private:
  struct State;
  static constexpr std::size_t kBuffersAtOnce = 16;

  // What one try came to: an end (bytes or an error), or what the socket must be ready for before the next
  // try.
  struct Attempt {
    bool ended = true;
    boost::asio::socket_base::wait_type wait_for = boost::asio::socket_base::wait_read;
    boost::system::error_code error = {};
    std::size_t bytes = 0;
  };

  struct WriteBuffers {
    std::array<boost::asio::const_buffer, kBuffersAtOnce> items;
    std::size_t count = 0;
  };

  // A read or a write, by the type of its buffers. Keeps the state, so the stream may be destroyed under it.
  template <class Buffers>
  struct Operation {
    std::shared_ptr<State> state;
    Buffers buffers;
    bool waited = false;
    Attempt last = {.ended = false};

    template <class Self>
    void operator()(Self& self, boost::system::error_code error = {}) {
      if (last.ended) return self.complete(last.error, last.bytes);
      if (error) return self.complete(error, 0);
      last = attempt(*state, buffers);
      if (!last.ended) {
        waited = true;
        next_layer_type& socket = socket_of(*state);
        const auto wait_for = last.wait_for;
        return socket.async_wait(wait_for, std::move(self));
      }
      if (waited) return self.complete(last.error, last.bytes);
      boost::asio::post(std::move(self));  // never completes inside the initiating call
    }
  };

  explicit ByteStream(std::shared_ptr<State> state);
  static Attempt attempt(State& state, const boost::asio::mutable_buffer& buffer);
  static Attempt attempt(State& state, const WriteBuffers& buffers);
  static next_layer_type& socket_of(State& state);

  std::shared_ptr<State> state_;
};

template <class Buffers, class Token>
auto ByteStream::async_read_some(const Buffers& buffers, Token&& token) {
  boost::asio::mutable_buffer first;
  const auto end = boost::asio::buffer_sequence_end(buffers);
  for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end && first.size() == 0; ++at) {
    first = boost::asio::mutable_buffer(*at);
  }
  return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
      Operation<boost::asio::mutable_buffer>{state_, first}, token, socket_of(*state_));
}

template <class Buffers, class Token>
auto ByteStream::async_write_some(const Buffers& buffers, Token&& token) {
  WriteBuffers kept;
  const auto end = boost::asio::buffer_sequence_end(buffers);
  for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end && kept.count < kBuffersAtOnce;
       ++at) {
    const boost::asio::const_buffer item(*at);
    if (item.size() > 0) kept.items[kept.count++] = item;
  }
  return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
      Operation<WriteBuffers>{state_, kept}, token, socket_of(*state_));
}

}  // namespace runbook::transport
