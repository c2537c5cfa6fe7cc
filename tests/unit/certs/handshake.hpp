// A TLS handshake in one thread: what both ends came to.
#pragma once

#include <string>

#include "certs/openssl.hpp"
#include "certs/tls.hpp"

namespace runbook::certs {

using SslPtr = std::unique_ptr<SSL, Freer<SSL_free>>;

struct Outcome {
  bool client = false;
  bool server = false;
  std::string client_certificate;  // DER, as the server saw and verified it
  std::string version;
  explicit operator bool() const { return client && server; }
};

// Both ends over a pair of memory BIOs; each moves in turn until neither can.
inline Outcome connect(const SslContext& server_context, const SslContext& client_context) {
  const SslPtr server(SSL_new(server_context.get()));
  const SslPtr client(SSL_new(client_context.get()));
  BIO* server_bio = nullptr;
  BIO* client_bio = nullptr;
  BIO_new_bio_pair(&server_bio, 1 << 16, &client_bio, 1 << 16);
  SSL_set_bio(server.get(), server_bio, server_bio);
  SSL_set_bio(client.get(), client_bio, client_bio);
  SSL_set_accept_state(server.get());
  SSL_set_connect_state(client.get());
  char byte = 0;
  for (int turn = 0; turn < 20; ++turn) {
    SSL_do_handshake(client.get());
    SSL_do_handshake(server.get());
    SSL_read(client.get(), &byte, 1);  // brings a refusal that follows the client's own end of the handshake
  }
  Outcome outcome;
  outcome.client = SSL_is_init_finished(client.get()) == 1 &&
                   (SSL_get_shutdown(client.get()) & SSL_RECEIVED_SHUTDOWN) == 0;
  outcome.server = SSL_is_init_finished(server.get()) == 1;
  if (X509* presented = SSL_get0_peer_certificate(server.get())) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(presented, &bytes);
    outcome.client_certificate.assign(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
  }
  outcome.version = SSL_get_version(client.get());
  return outcome;
}

}  // namespace runbook::certs
