// Randomness from the kernel's CSPRNG (getrandom(2)). Thread-safe; throws std::system_error when it fails.
#pragma once

#include <cstddef>
#include <string>

#include "protocol/messages/uuid.hpp"

namespace runbook::runtime {

std::string random_bytes(std::size_t count);
Uuid new_uuid();                              // version 4
std::string random_token(std::size_t bytes);  // base64url without padding
double random_unit();                         // [0, 1), for jitter

}  // namespace runbook::runtime
