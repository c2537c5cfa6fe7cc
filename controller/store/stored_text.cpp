#include "controller/store/stored_text.hpp"

#include "protocol/messages/json.hpp"

namespace runbook::store {

std::string stored_text(std::string_view text) {
  auto clean = to_utf8(text.substr(0, kStoredTextBytes));
  if (clean.size() <= kStoredTextBytes) return clean;
  auto end = kStoredTextBytes;  // U+FFFD is longer than the byte it stands for
  while ((static_cast<unsigned char>(clean[end]) & 0xC0) == 0x80) --end;
  clean.resize(end);
  return clean;
}

// NUL is escaped in it, which the type json takes.
std::string stored_json(const boost::json::value& value) {
  auto text = boost::json::serialize(value);
  if (is_utf8(text)) return text;
  return to_utf8(text);
}

}  // namespace runbook::store
