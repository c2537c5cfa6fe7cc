// CRC32C (Castagnoli, RFC 3720 appendix B.4) in two forms; crc32c() of frame.hpp picks one. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace runbook::checksum {

// Eight table look-ups for eight bytes; any processor, about 2 GB/s.
std::uint32_t crc32c_portable(std::string_view data, std::uint32_t seed);

// The processor's own instruction, about 8 GB/s. Call only when crc32c_hardware_available().
std::uint32_t crc32c_hardware(std::string_view data, std::uint32_t seed);
bool crc32c_hardware_available();

}  // namespace runbook::checksum
