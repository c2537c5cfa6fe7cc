#include "protocol/messages/crc32c.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

#include "protocol/messages/frame.hpp"

namespace runbook::checksum {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;  // reflected
constexpr std::size_t kWord = 8;

using Tables = std::array<std::array<std::uint32_t, 256>, kWord>;

// tables[k][b]: what byte b adds when k more bytes follow it.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t k = 1; k < kWord; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

}  // namespace

std::uint32_t crc32c_portable(std::string_view data, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  while (data.size() >= kWord) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < kWord; ++i) {
      const auto byte = static_cast<std::uint8_t>(data[i]);
      const std::uint32_t mixed = i < 4 ? byte ^ ((crc >> (8 * i)) & 0xFF) : byte;
      next ^= kTables[kWord - 1 - i][mixed];
    }
    crc = next;
    data.remove_prefix(kWord);
  }
  for (const char c : data) crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<std::uint8_t>(c)) & 0xFF];
  return ~crc;
}

#if defined(__x86_64__)

bool crc32c_hardware_available() { return __builtin_cpu_supports("sse4.2") != 0; }

__attribute__((target("sse4.2"))) std::uint32_t crc32c_hardware(std::string_view data, std::uint32_t seed) {
  std::uint64_t crc = static_cast<std::uint32_t>(~seed);
  while (data.size() >= kWord) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data(), kWord);
    crc = _mm_crc32_u64(crc, word);
    data.remove_prefix(kWord);
  }
  auto narrow = static_cast<std::uint32_t>(crc);
  for (const char c : data) narrow = _mm_crc32_u8(narrow, static_cast<std::uint8_t>(c));
  return ~narrow;
}

#else

bool crc32c_hardware_available() { return false; }

std::uint32_t crc32c_hardware(std::string_view data, std::uint32_t seed) {
  assert(false);
  return crc32c_portable(data, seed);
}

#endif

}  // namespace runbook::checksum

namespace runbook {

std::uint32_t crc32c(std::string_view data, std::uint32_t seed) {
  static const bool hardware = checksum::crc32c_hardware_available();
  return hardware ? checksum::crc32c_hardware(data, seed) : checksum::crc32c_portable(data, seed);
}

}  // namespace runbook
