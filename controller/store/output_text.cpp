#include "controller/store/output_text.hpp"

#include <algorithm>
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

namespace {

constexpr char kEscape = '\x1b';

bool is_between(char c, char low, char high) { return c >= low && c <= high; }

// The length of the escape sequence that `text` begins with; an unfinished one reaches to the end.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return text.size();
  if (text[1] == '[') {
    const auto last =
        std::find_if(text.begin() + 2, text.end(), [](char c) { return is_between(c, '@', '~'); });
    return last == text.end() ? text.size() : static_cast<std::size_t>(last - text.begin()) + 1;
  }
  if (std::string_view("]PX^_").find(text[1]) != std::string_view::npos) {
    const auto end = text.find_first_of("\x07\x1b", 2);
    if (end == std::string_view::npos) return text.size();
    if (text[end] != kEscape) return end + 1;
    return text.substr(end + 1).starts_with('\\') ? end + 2 : end;
  }
  std::size_t at = 1;
  while (at < text.size() && is_between(text[at], ' ', '/')) ++at;
  return std::min(at + 1, text.size());
}

}  // namespace

std::string_view shown_line(std::string_view line, std::string& kept) {
  if (line.find_first_of("\x1b\r") == std::string_view::npos) return line;
  kept.clear();
  while (!line.empty()) {
    const auto plain = std::min(line.find(kEscape), line.size());
    kept += line.substr(0, plain);
    line.remove_prefix(plain);
    line.remove_prefix(line.empty() ? 0 : escape_length(line));
  }
  while (kept.ends_with('\r')) kept.pop_back();
  const auto overwritten = kept.rfind('\r');
  return overwritten == std::string::npos ? kept : std::string_view(kept).substr(overwritten + 1);
}

}  // namespace runbook::store
