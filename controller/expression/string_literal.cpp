#include "controller/expression/string_literal.hpp"

#include <fmt/format.h>

#include <optional>

#include "controller/expression/code_points.hpp"

namespace runbook::expression {
namespace {

using Failure = std::unexpected<ExpressionError>;

Failure failure_at(Position position, std::string message) {
  return Failure({std::move(message), position.line, position.column});
}

bool is_quote(char c) { return c == '"' || c == '\''; }

bool is_prefix(char c, char lower) { return c == lower || c == lower - ('a' - 'A'); }

std::optional<unsigned> digit_of(char c, unsigned base) {
  unsigned digit = base;
  if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A') + 10;
  return digit < base ? std::optional(digit) : std::nullopt;
}

// Exactly `count` digits, passed over; none when there are fewer.
std::optional<std::uint32_t> read_digits(Cursor& cursor, std::size_t count, unsigned base) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto digit = digit_of(cursor.peek(), base);
    if (!digit) return std::nullopt;
    number = number * base + *digit;
    cursor.advance();
  }
  return number;
}

bool is_surrogate(std::uint32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

// What one punctuation mark or letter after the backslash stands for; NUL for the others.
char simple_escape(char c) {
  switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '\\':
    case '?':
    case '"':
    case '\'':
    case '`': return c;
    default: return '\0';
  }
}

class StringReader {
 public:
  StringReader(Cursor& cursor, bool is_bytes) : cursor_(cursor), is_bytes_(is_bytes) {}

  // The cursor stands on a backslash. An error is one of the escape at `begin`.
  std::expected<void, ExpressionError> escape(std::string& content) {
    const auto begin = cursor_.position();
    cursor_.advance();
    const char kind = cursor_.peek();
    if (const char simple = simple_escape(kind); simple != '\0') {
      cursor_.advance();
      content.push_back(simple);
      return {};
    }
    if (kind >= '0' && kind <= '3') return octets(content, begin, read_digits(cursor_, 3, 8));
    cursor_.advance();
    if (kind == 'x' || kind == 'X') return octets(content, begin, read_digits(cursor_, 2, 16));
    if (kind == 'u' || kind == 'U') {
      if (is_bytes_) return failure_at(begin, fmt::format("\\{} is not for bytes", kind));
      return code_point(content, begin, kind == 'u' ? 4 : 8);
    }
    return failure_at(begin, "this escape is not known");
  }

 private:
  std::expected<void, ExpressionError> octets(std::string& content, Position begin,
                                              std::optional<std::uint32_t> code) {
    if (!code) return failure_at(begin, "digits are missing in this escape");
    if (is_bytes_) {
      content.push_back(static_cast<char>(*code));
    } else {
      append_utf8(content, *code);
    }
    return {};
  }

  std::expected<void, ExpressionError> code_point(std::string& content, Position begin, std::size_t digits) {
    auto code = read_digits(cursor_, digits, 16);
    if (!code) return failure_at(begin, fmt::format("{} hexadecimal digits are needed here", digits));
    if (digits == 4 && *code >= 0xD800 && *code <= 0xDBFF && cursor_.sees("\\u")) {
      cursor_.advance(2);
      const auto low = read_digits(cursor_, 4, 16);
      if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
        code = 0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00);
      }
    }
    if (is_surrogate(*code) || *code > 0x10FFFF) return failure_at(begin, "this is no code point");
    append_utf8(content, *code);
    return {};
  }

  Cursor& cursor_;
  bool is_bytes_;
};

}  // namespace

bool begins_string(const Cursor& cursor) {
  std::size_t prefix = 0;
  if (is_prefix(cursor.peek(), 'b')) ++prefix;
  if (is_prefix(cursor.peek(prefix), 'r')) ++prefix;
  return is_quote(cursor.peek(prefix));
}

std::expected<StringLiteral, ExpressionError> read_string(Cursor& cursor) {
  const auto begin = cursor.position();
  StringLiteral literal;
  bool raw = false;
  for (; !is_quote(cursor.peek()); cursor.advance()) {
    if (is_prefix(cursor.peek(), 'b')) literal.is_bytes = true;
    if (is_prefix(cursor.peek(), 'r')) raw = true;
  }
  const char quote = cursor.peek();
  const bool triple = cursor.peek(1) == quote && cursor.peek(2) == quote;
  const std::string end(triple ? 3 : 1, quote);
  cursor.advance(end.size());
  StringReader reader(cursor, literal.is_bytes);
  while (!cursor.sees(end)) {
    if (cursor.at_end()) return failure_at(begin, "the string that begins here has no end");
    const char c = cursor.peek();
    if (!triple && (c == '\n' || c == '\r')) {
      return failure_at(cursor.position(), "a string ends before the end of the line, or has three quotes");
    }
    if (c == '\\' && !raw) {
      if (auto read = reader.escape(literal.content); !read) return Failure(std::move(read.error()));
      continue;
    }
    literal.content.push_back(c);
    cursor.advance();
  }
  cursor.advance(end.size());
  return literal;
}

}  // namespace runbook::expression
