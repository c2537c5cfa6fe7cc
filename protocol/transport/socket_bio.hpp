// The BIO under our TLS streams: a non-blocking socket as SSL_set_fd would use it, but sending with
// MSG_NOSIGNAL, because OpenSSL's own socket BIO raises SIGPIPE. Does not own the descriptor.
#pragma once

#include <openssl/bio.h>

namespace runbook::transport {

BIO* new_socket_bio(int descriptor);  // throws std::bad_alloc

}  // namespace runbook::transport
