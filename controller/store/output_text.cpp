#include "controller/store/output_text.hpp"

#include <cstddef>

namespace runbook::store {
namespace {

struct Lead {
  std::size_t length = 0;    // of the character, 0: not a first byte
  unsigned char low = 0x80;  // what the second byte may be
  unsigned char high = 0xBF;
};

// RFC 3629 §4.
Lead lead(unsigned char byte) {
  if (byte < 0x80) return {1};
  if (byte >= 0xC2 && byte <= 0xDF) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  if (byte >= 0xF1 && byte <= 0xF3) return {4};
  return {};
}

// How many bytes at the front of `bytes` belong to `first`'s character; fewer than its length when it is
// broken.
std::size_t matching(std::string_view bytes, const Lead& first) {
  std::size_t count = 1;
  while (count < first.length && count < bytes.size()) {
    const auto byte = static_cast<unsigned char>(bytes[count]);
    const bool fits = count == 1 ? byte >= first.low && byte <= first.high : (byte & 0xC0) == 0x80;
    if (!fits) break;
    ++count;
  }
  return count;
}

}  // namespace

std::string output_text(std::string_view bytes, bool cut_front) {
  if (cut_front) {
    for (int i = 0; i < 3 && !bytes.empty() && (static_cast<unsigned char>(bytes[0]) & 0xC0) == 0x80; ++i) {
      bytes.remove_prefix(1);
    }
  }
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const Lead first = lead(static_cast<unsigned char>(bytes[0]));
    const auto count = matching(bytes, first);
    if (count == first.length)
      text += bytes.substr(0, count);
    else
      text += "\xEF\xBF\xBD";
    bytes.remove_prefix(count);
  }
  return text;
}

}  // namespace runbook::store
