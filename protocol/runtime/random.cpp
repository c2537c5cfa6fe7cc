#include "protocol/runtime/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace runbook::runtime {
namespace {

void fill(void* target, std::size_t count) {
  auto* at = static_cast<unsigned char*>(target);
  while (count > 0) {
    const ssize_t got = ::getrandom(at, count, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    at += got;
    count -= static_cast<std::size_t>(got);
  }
}

constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  fill(bytes.data(), bytes.size());
  return bytes;
}

Uuid new_uuid() {
  Uuid id;
  fill(id.bytes.data(), id.bytes.size());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x40);  // version 4
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);  // variant of RFC 9562
  return id;
}

std::string random_token(std::size_t bytes) {
  const std::string raw = random_bytes(bytes);
  std::string text;
  text.reserve((bytes * 4 + 2) / 3);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : raw) {
    bits = (bits << 8) | static_cast<std::uint8_t>(c);
    for (held += 8; held >= 6; held -= 6) text.push_back(kBase64Url[(bits >> (held - 6)) & 0x3F]);
  }
  if (held > 0) text.push_back(kBase64Url[(bits << (6 - held)) & 0x3F]);
  return text;
}

double random_unit() {
  std::uint64_t bits = 0;
  fill(&bits, sizeof bits);
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

}  // namespace runbook::runtime
