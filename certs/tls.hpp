// TLS settings of every listener and client: TLS 1.3 (1.2 too on the public one), AEAD with ECDHE, no
// renegotiation, no compression. There is no switch to turn verification off.
#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

namespace runbook::certs {

using SslContext = std::shared_ptr<SSL_CTX>;

// Agent listener: TLS 1.3; client certificates of `ca_pem` are verified when sent. One without a certificate
// may only enrol (the route decides). Throws std::runtime_error on bad PEM, as all of these.
SslContext agent_listener(const std::string& certificate_pem, const std::string& key_pem,
                          const std::string& ca_pem);
SslContext public_listener(const std::string& certificate_pem, const std::string& key_pem);
// From the next handshake on the listener presents another certificate of the same kind of key; connections
// that are open, or being opened, stay as they are. On the listener's thread. `ca_pem` as for agent_listener,
// or empty.
void present_instead(const SslContext& listener, const std::string& certificate_pem,
                     const std::string& key_pem, const std::string& ca_pem);
// Agent's link: trusts only `ca_pem`, presents its own certificate.
SslContext agent_link(const std::string& certificate_pem, const std::string& key_pem,
                      const std::string& ca_pem);
// Enrolment: trusts only a chain whose root's DER has this SHA-256 (64 hex digits).
SslContext pinned_client(const std::string& ca_sha256);

}  // namespace runbook::certs
