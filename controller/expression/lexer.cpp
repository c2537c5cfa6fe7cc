#include "controller/expression/lexer.hpp"

#include <fmt/format.h>

#include <array>

#include "controller/expression/string_literal.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::expression {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_name_begin(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_quoted_name_part(char c) {
  return is_name_begin(c) || is_digit(c) || c == '.' || c == '-' || c == '/' || c == ' ';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : cursor_(text) {}

  std::expected<std::vector<Token>, ExpressionError> read() {
    std::vector<Token> tokens;
    for (;;) {
      skip_blanks();
      auto token = next();
      if (!token) return std::unexpected(std::move(token.error()));
      tokens.push_back(std::move(*token));
      if (tokens.back().kind == Token::Kind::kEnd) return tokens;
    }
  }

 private:
  using Kind = Token::Kind;
  using Next = std::expected<Token, ExpressionError>;

  void skip_blanks() {
    for (;;) {
      const char c = cursor_.peek();
      if (cursor_.sees("//")) {
        while (!cursor_.at_end() && cursor_.peek() != '\n' && cursor_.peek() != '\r') cursor_.advance();
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r') {
        cursor_.advance();
      } else {
        return;
      }
    }
  }

  Next next() {
    begin_ = cursor_.offset();
    begin_position_ = cursor_.position();
    if (cursor_.at_end()) return token(Kind::kEnd);
    if (begins_string(cursor_)) return string();
    const char c = cursor_.peek();
    if (is_digit(c) || (c == '.' && is_digit(cursor_.peek(1)))) return number();
    if (is_name_begin(c)) {
      while (is_name_begin(cursor_.peek()) || is_digit(cursor_.peek())) cursor_.advance();
      return token(Kind::kName);
    }
    if (c == '`') return quoted_name();
    return sign();
  }

  Token token(Kind kind) const { return {kind, cursor_.since(begin_), {}, begin_position_}; }

  Next fail(std::string message) const {
    return std::unexpected(ExpressionError{std::move(message), begin_position_.line, begin_position_.column});
  }

  Next string() {
    auto literal = read_string(cursor_);
    if (!literal) return std::unexpected(std::move(literal.error()));
    auto read = token(literal->is_bytes ? Kind::kBytes : Kind::kString);
    read.content = std::move(literal->content);
    return read;
  }

  Next quoted_name() {
    cursor_.advance();
    const auto begin = cursor_.offset();
    while (is_quoted_name_part(cursor_.peek())) cursor_.advance();
    const std::string content(cursor_.since(begin));
    if (cursor_.peek() != '`' || content.empty()) {
      return fail(
          "a name in backticks has letters, digits, '_', '.', '-', '/' and spaces, and ends with a backtick");
    }
    cursor_.advance();
    auto read = token(Kind::kQuotedName);
    read.content = content;
    return read;
  }

  Next number() {
    if (cursor_.peek() == '0' && cursor_.peek(1) == 'x' && is_hex_digit(cursor_.peek(2))) {
      cursor_.advance(2);
      while (is_hex_digit(cursor_.peek())) cursor_.advance();
      return whole();
    }
    digits();
    bool is_double = false;
    if (cursor_.peek() == '.' && is_digit(cursor_.peek(1))) {
      is_double = true;
      cursor_.advance();
      digits();
    }
    if (const auto length = exponent_length(); length > 0) {
      is_double = true;
      cursor_.advance(length);
      digits();
    }
    return is_double ? token(Kind::kDouble) : whole();
  }

  Token whole() {
    if (cursor_.peek() != 'u' && cursor_.peek() != 'U') return token(Kind::kInt);
    auto read = token(Kind::kUint);
    cursor_.advance();
    return read;
  }

  void digits() {
    while (is_digit(cursor_.peek())) cursor_.advance();
  }

  // Bytes before the digits of an exponent that begins here, 0 without one.
  std::size_t exponent_length() const {
    if (cursor_.peek() != 'e' && cursor_.peek() != 'E') return 0;
    const std::size_t sign = cursor_.peek(1) == '+' || cursor_.peek(1) == '-' ? 1 : 0;
    return is_digit(cursor_.peek(1 + sign)) ? 1 + sign : 0;
  }

  Next sign() {
    static constexpr std::array<std::string_view, 24> kSigns = {"==", "!=", "<=", ">=", "&&", "||", "<", ">",
                                                                "+",  "-",  "*",  "/",  "%",  "!",  "?", ":",
                                                                ",",  ".",  "(",  ")",  "[",  "]",  "{", "}"};
    for (const auto candidate : kSigns) {
      if (!cursor_.sees(candidate)) continue;
      cursor_.advance(candidate.size());
      return token(Kind::kSign);
    }
    if (cursor_.peek() == '=') return fail("'=' is not an operator; == compares");
    const auto rest = std::max<std::size_t>(1, utf8_length(rest_of_text()));
    const auto character = rest_of_text().substr(0, rest);
    if (static_cast<unsigned char>(character.front()) < ' ')
      return fail("a control character cannot stand here");
    return fail(fmt::format("'{}' cannot stand here", character));
  }

  std::string_view rest_of_text() const {
    auto end = cursor_;
    end.advance(4);
    return end.since(begin_);
  }

  Cursor cursor_;
  std::size_t begin_ = 0;  // of the token being read
  Position begin_position_;
};

}  // namespace

std::expected<std::vector<Token>, ExpressionError> read_tokens(std::string_view text) {
  return Lexer(text).read();
}

}  // namespace runbook::expression
