#include "protocol/messages/secret_forms.hpp"

#include <algorithm>
#include <cstdint>
#include <set>

#include "protocol/messages/limits.hpp"

namespace runbook {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";
constexpr std::string_view kLowerHex = "0123456789abcdef";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

void append_byte(std::string& text, char c, std::string_view digits) {
  const auto byte = static_cast<unsigned char>(c);
  text += digits[byte >> 4U];
  text += digits[byte & 15U];
}

std::string hex(std::string_view text, std::string_view digits) {
  std::string result;
  result.reserve(text.size() * 2);
  for (const char c : text) append_byte(result, c, digits);
  return result;
}

// RFC 3986: what is neither a letter, a digit nor among `kept` becomes %XX; forms write a space as '+'.
std::string url_escaped(std::string_view text, std::string_view kept, bool plus, std::string_view digits) {
  std::string result;
  for (const char c : text) {
    if (is_word(c) || kept.find(c) != std::string_view::npos) {
      result += c;
    } else if (c == ' ' && plus) {
      result += '+';
    } else {
      result += '%';
      append_byte(result, c, digits);
    }
  }
  return result;
}

// Which characters a JSON writer escapes beyond the ones it must.
struct JsonStyle {
  bool ascii = false;  // everything beyond ASCII as \uXXXX
  bool html = false;   // < > & as \u00XX
  bool slash = false;  // '/' as "\/"
};

void append_code_unit(std::string& text, std::uint32_t unit) {
  text += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) text += kLowerHex[(unit >> shift) & 15U];
}

// The code point that begins at `at`, which moves behind it; an octet that begins none is taken alone.
std::uint32_t code_point(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0 || at + more > text.size()) return first;
  std::uint32_t point = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    point = (point << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  return point;
}

void append_beyond_ascii(std::string& result, std::uint32_t point) {
  constexpr std::uint32_t kAstral = 0x10000;
  if (point < kAstral) return append_code_unit(result, point);
  append_code_unit(result, 0xD800 + ((point - kAstral) >> 10U));
  append_code_unit(result, 0xDC00 + ((point - kAstral) & 0x3FFU));
}

bool append_short_escape(std::string& result, char c) {
  constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const auto found = kEscaped.find(c);
  if (found == std::string_view::npos) return false;
  result += '\\';
  result += kLetters[found];
  return true;
}

std::string json_escaped(std::string_view text, JsonStyle style) {
  constexpr unsigned char kControl = 0x20;
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 && style.ascii) {
      append_beyond_ascii(result, code_point(text, at));
      continue;
    }
    ++at;
    if (append_short_escape(result, c)) continue;
    const bool html = style.html && (c == '<' || c == '>' || c == '&');
    if (byte < kControl || html) {
      append_code_unit(result, byte);
    } else {
      if (c == '/' && style.slash) result += '\\';
      result += c;
    }
  }
  return result;
}

// As `set -x` of a shell prints it.
std::string shell_quoted(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += R"('\'')";
    } else {
      result += c;
    }
  }
  return result;
}

// RFC 4648 with padding, by `alphabet`.
std::string base64(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto left = std::min<std::size_t>(bytes.size() - at, 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = (group << 8U) | (i < left ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i > left ? '=' : alphabet[(group >> (18 - 6 * i)) & 63U];
    }
  }
  return text;
}

// The characters that the secret alone decides when `before` other bytes stand in its group of three; and
// those with the end of the text, where nothing follows the secret.
void add_base64(std::set<std::string>& forms, std::string_view secret, std::size_t before,
                std::string_view alphabet) {
  const auto whole = base64(std::string(before, '\0').append(secret), alphabet);
  const std::size_t begin = (before * 8 + 5) / 6;
  const std::size_t decided = (before + secret.size()) * 8 / 6;
  forms.insert(whole.substr(begin, decided - begin));
  const auto padding = whole.find('=');
  const std::size_t length = padding == std::string::npos ? whole.size() : padding;
  forms.insert(whole.substr(begin, length - begin));
  forms.insert(whole.substr(begin));
}

void add_exact(std::set<std::string>& forms, std::string_view secret) {
  forms.emplace(secret);
  for (const auto digits : {kUpperHex, kLowerHex}) {
    forms.insert(url_escaped(secret, "-._~", false, digits));
    forms.insert(url_escaped(secret, "-._*", true, digits));
    forms.insert(url_escaped(secret, "-._~!*'()", false, digits));
  }
  for (const bool ascii : {false, true}) {
    forms.insert(json_escaped(secret, {.ascii = ascii}));
    forms.insert(json_escaped(secret, {.ascii = ascii, .html = true}));
    forms.insert(json_escaped(secret, {.ascii = ascii, .slash = true}));
  }
  forms.insert(shell_quoted(secret));
}

void add_wrapped(std::set<std::string>& forms, std::string_view secret) {
  constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const auto alphabet : {kStandard, kUrlSafe}) {
    for (std::size_t before = 0; before < 3; ++before) add_base64(forms, secret, before, alphabet);
  }
  if (secret.find_first_of("\r\n") == std::string_view::npos) forms.insert(std::string(trimmed(secret)));
  forms.insert(hex(secret, kUpperHex));
  forms.insert(hex(secret, kLowerHex));
}

std::vector<std::string> long_enough(const std::set<std::string>& forms) {
  std::vector<std::string> list;
  for (const auto& form : forms) {
    if (form.size() >= limits::kMaskedBytesLeast) list.push_back(form);
  }
  return list;
}

}  // namespace

SecretForms forms_of(std::string_view secret) {
  std::set<std::string> exact;
  std::set<std::string> wrapped;
  const bool encoded = secret.size() <= limits::kEncodedSecretBytes;
  // The line break at the end of a key file is no secret, but it is encoded with it.
  const auto whole = trimmed(secret);
  if (whole.size() >= limits::kMaskedBytesLeast) {
    exact.emplace(whole);
    if (encoded) add_exact(exact, whole);
    if (encoded) add_wrapped(wrapped, whole);
    if (encoded) add_wrapped(wrapped, secret);
  }
  for (std::size_t begin = 0; begin < secret.size();) {
    const auto end = std::min(secret.find('\n', begin), secret.size());
    const auto line = trimmed(secret.substr(begin, end - begin));
    begin = end + 1;
    if (line.size() < limits::kMaskedBytesLeast) continue;
    exact.emplace(line);
    if (encoded) add_exact(exact, line);
  }
  return {long_enough(exact), long_enough(wrapped)};
}

}  // namespace runbook
