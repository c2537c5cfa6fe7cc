// Judges an agent's PKCS#10 request. Internal to certs/.
#pragma once

#include <cstddef>
#include <string>

#include "certs/openssl.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::certs {

inline constexpr std::size_t kSigningRequestBytes = 16 * 1024;
inline constexpr int kRsaBitsMin = 2048;
inline constexpr int kRsaBitsMax = 8192;

// The request's public key once its owner proved to hold the private one. kInvalid for weak keys and
// signatures; kTooLarge past kSigningRequestBytes. Subject, attributes and wanted extensions are never read.
Result<KeyPtr> proven_key(const std::string& csr_pem);

}  // namespace runbook::certs
