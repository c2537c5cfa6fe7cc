#include "protocol/transport/byte_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "protocol/transport/socket_bio.hpp"

namespace runbook::transport {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

constexpr std::size_t kRecordBytes = 16 * 1024;  // the most one TLS record carries

error_code system_code(int number) { return {number, boost::system::system_category()}; }

error_code tls_code() {
  const unsigned long error = ERR_get_error();
  if (error == 0) return asio::error::make_error_code(asio::error::connection_aborted);
  if (ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return make_error_code(asio::ssl::error::stream_truncated);
  }
  return {static_cast<int>(error), asio::error::get_ssl_category()};
}

std::string address_of(const asio::ip::tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

}  // namespace

struct ByteStream::State {
  State(asio::ip::tcp::socket connected) : socket(std::move(connected)), remote_address(address_of(socket)) {
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  }

  void start_tls(const SslContext& context) {
    ssl.reset(SSL_new(context.get()));
    if (!ssl) throw std::bad_alloc();
    SSL_set_mode(ssl.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    BIO* bio = new_socket_bio(socket.native_handle());
    SSL_set_bio(ssl.get(), bio, bio);
  }

  // What SSL_read, SSL_write or SSL_do_handshake answered, when it was not success.
  Attempt failed(int answer) {
    const int saved_errno = errno;
    switch (SSL_get_error(ssl.get(), answer)) {
      case SSL_ERROR_WANT_READ: return {.ended = false, .wait_for = asio::socket_base::wait_read};
      case SSL_ERROR_WANT_WRITE: return {.ended = false, .wait_for = asio::socket_base::wait_write};
      case SSL_ERROR_ZERO_RETURN: return {.error = asio::error::make_error_code(asio::error::eof)};
      case SSL_ERROR_SYSCALL: {
        broken = true;
        if (saved_errno != 0) return {.error = system_code(saved_errno)};
        return {.error = make_error_code(asio::ssl::error::stream_truncated)};
      }
      case SSL_ERROR_SSL:
        broken = true;
        // How OpenSSL 3.5 answers a write after the peer is gone, where 3.0 gives the system's error.
        if (ERR_GET_REASON(ERR_peek_error()) == ERR_R_SHOULD_NOT_HAVE_BEEN_CALLED) {
          return {.error = asio::error::make_error_code(asio::error::broken_pipe)};
        }
        return {.error = tls_code()};
      default: broken = true; return {.error = tls_code()};
    }
  }

  Attempt received(std::size_t bytes) {
    last_received = std::chrono::steady_clock::now();
    return {.bytes = bytes};
  }

  Attempt take_prepended(const asio::mutable_buffer& buffer) {
    const std::size_t taken = std::min(prepended.size(), buffer.size());
    std::memcpy(buffer.data(), prepended.data(), taken);
    prepended.erase(0, taken);
    if (prepended.empty()) prepended.shrink_to_fit();
    return {.bytes = taken};
  }

  Attempt read_plain(const asio::mutable_buffer& buffer) {
    const ssize_t count = ::recv(socket.native_handle(), buffer.data(), buffer.size(), 0);
    if (count > 0) return received(static_cast<std::size_t>(count));
    if (count == 0) return {.error = asio::error::make_error_code(asio::error::eof)};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {.ended = false};
    return {.error = system_code(errno)};
  }

  Attempt read_tls(const asio::mutable_buffer& buffer) {
    ERR_clear_error();
    errno = 0;
    std::size_t count = 0;
    const int answer = SSL_read_ex(ssl.get(), buffer.data(), buffer.size(), &count);
    return answer == 1 ? received(count) : failed(answer);
  }

  Attempt write_plain(const WriteBuffers& buffers) {
    std::array<iovec, kBuffersAtOnce> pieces{};
    for (std::size_t i = 0; i < buffers.count; ++i) {
      pieces[i] = {const_cast<void*>(buffers.items[i].data()), buffers.items[i].size()};
    }
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = buffers.count;
    const ssize_t count = ::sendmsg(socket.native_handle(), &message, MSG_NOSIGNAL);
    if (count >= 0) return {.bytes = static_cast<std::size_t>(count)};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
      return {.ended = false, .wait_for = asio::socket_base::wait_write};
    }
    return {.error = system_code(errno)};
  }

  Attempt write_tls(const WriteBuffers& buffers) {
    // Small leading pieces (a frame's header) share one record with what follows.
    std::array<char, kRecordBytes> record;
    asio::const_buffer whole = buffers.items[0];
    if (buffers.count > 1 && whole.size() < record.size()) {
      const auto first = buffers.items.begin();
      const auto last = first + static_cast<std::ptrdiff_t>(buffers.count);
      std::size_t filled = 0;
      for (auto piece = first; piece != last && filled < record.size(); ++piece) {
        const std::size_t taken = std::min(piece->size(), record.size() - filled);
        std::memcpy(record.data() + filled, piece->data(), taken);
        filled += taken;
      }
      whole = asio::const_buffer(record.data(), filled);
    }
    ERR_clear_error();
    errno = 0;
    std::size_t count = 0;
    const int answer = SSL_write_ex(ssl.get(), whole.data(), whole.size(), &count);
    if (answer == 1) return {.bytes = count};
    return failed(answer);
  }

  asio::ip::tcp::socket socket;
  std::string remote_address;
  std::unique_ptr<SSL, FreeSsl> ssl;  // null: plain
  std::string prepended;
  std::chrono::steady_clock::time_point last_received = std::chrono::steady_clock::now();
  bool broken = false;  // a fatal TLS error: nothing may be sent any more
};

ByteStream::ByteStream(asio::ip::tcp::socket socket) : state_(std::make_shared<State>(std::move(socket))) {}
ByteStream::ByteStream(std::shared_ptr<State> state) : state_(std::move(state)) {}
ByteStream::ByteStream(ByteStream&&) noexcept = default;

ByteStream& ByteStream::operator=(ByteStream&& other) noexcept {
  if (this != &other) {
    close();
    state_ = std::move(other.state_);
  }
  return *this;
}

ByteStream::~ByteStream() { close(); }

ByteStream ByteStream::tls_server(asio::ip::tcp::socket socket, const SslContext& context) {
  auto state = std::make_shared<State>(std::move(socket));
  state->start_tls(context);
  SSL_set_accept_state(state->ssl.get());
  return ByteStream(std::move(state));
}

ByteStream ByteStream::tls_client(asio::ip::tcp::socket socket, const SslContext& context,
                                  std::string_view server_name) {
  auto state = std::make_shared<State>(std::move(socket));
  state->start_tls(context);
  SSL* ssl = state->ssl.get();
  SSL_set_connect_state(ssl);
  SSL_set_verify(ssl, SSL_VERIFY_PEER, SSL_get_verify_callback(ssl));
  const std::string name(server_name);
  error_code not_an_address;
  asio::ip::make_address(name, not_an_address);
  if (not_an_address) {
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (SSL_set1_host(ssl, name.c_str()) != 1 || SSL_set_tlsext_host_name(ssl, name.c_str()) != 1) {
      throw boost::system::system_error(tls_code(), "server name");
    }
  } else if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) != 1) {
    throw boost::system::system_error(tls_code(), "server address");
  }
  return ByteStream(std::move(state));
}

ByteStream::executor_type ByteStream::get_executor() { return state_->socket.get_executor(); }

bool ByteStream::is_tls() const { return state_->ssl != nullptr; }

asio::awaitable<void> ByteStream::handshake() {
  const auto state = state_;
  if (!state->ssl) co_return;
  for (;;) {
    if (!state->socket.is_open()) throw boost::system::system_error(asio::error::operation_aborted);
    ERR_clear_error();
    errno = 0;
    const int answer = SSL_do_handshake(state->ssl.get());
    if (answer == 1) co_return;
    const Attempt attempt = state->failed(answer);
    if (attempt.ended) {
      const long verdict = SSL_get_verify_result(state->ssl.get());
      const char* why = verdict == X509_V_OK ? "TLS handshake" : X509_verify_cert_error_string(verdict);
      throw boost::system::system_error(attempt.error, why);
    }
    co_await state->socket.async_wait(attempt.wait_for, asio::use_awaitable);
  }
}

std::string ByteStream::peer_certificate() const {
  if (!state_->ssl || SSL_get_verify_result(state_->ssl.get()) != X509_V_OK) return {};
  const X509* certificate = SSL_get0_peer_certificate(state_->ssl.get());
  if (certificate == nullptr) return {};
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate, &at);
  return der;
}

std::string ByteStream::remote_address() const { return state_->remote_address; }

std::chrono::steady_clock::time_point ByteStream::last_received() const { return state_->last_received; }

void ByteStream::prepend(std::string bytes) { state_->prepended.insert(0, bytes); }

ByteStream::next_layer_type& ByteStream::next_layer() { return state_->socket; }

ByteStream::next_layer_type& ByteStream::socket_of(State& state) { return state.socket; }

ByteStream::Attempt ByteStream::attempt(State& state, const asio::mutable_buffer& buffer) {
  if (buffer.size() == 0) return {};
  if (!state.prepended.empty()) return state.take_prepended(buffer);
  if (!state.socket.is_open()) return {.error = asio::error::make_error_code(asio::error::operation_aborted)};
  return state.ssl ? state.read_tls(buffer) : state.read_plain(buffer);
}

ByteStream::Attempt ByteStream::attempt(State& state, const WriteBuffers& buffers) {
  if (buffers.count == 0) return {};
  if (!state.socket.is_open()) return {.error = asio::error::make_error_code(asio::error::operation_aborted)};
  if (state.broken) return {.error = asio::error::make_error_code(asio::error::broken_pipe)};
  return state.ssl ? state.write_tls(buffers) : state.write_plain(buffers);
}

void ByteStream::shutdown_write() noexcept {
  if (!state_ || !state_->socket.is_open()) return;
  if (state_->ssl && !state_->broken && SSL_is_init_finished(state_->ssl.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(state_->ssl.get());
    ERR_clear_error();
  }
  error_code ignored;
  state_->socket.shutdown(asio::socket_base::shutdown_send, ignored);
}

void ByteStream::close() noexcept {
  if (!state_) return;
  error_code ignored;
  state_->socket.close(ignored);
}

}  // namespace runbook::transport
