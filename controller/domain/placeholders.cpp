#include "controller/domain/placeholders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace {

constexpr std::string_view kOpen = "${{";
constexpr std::string_view kClose = "}}";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Whether the quote at `quote` begins a raw string: r or R stands before it, alone or with b or B.
bool is_raw(std::string_view text, std::size_t quote, std::size_t begin) {
  std::size_t at = quote;
  while (at > begin && is_name_character(text[at - 1])) --at;
  const auto prefix = text.substr(at, quote - at);
  constexpr std::size_t kLongest = 2;
  return prefix.size() <= kLongest && prefix.find_first_not_of("rRbB") == std::string_view::npos &&
         prefix.find_first_of("rR") != std::string_view::npos;
}

// Behind the string literal that begins at `at`; a short one also ends with its line.
std::size_t skip_string(std::string_view text, std::size_t at, bool raw) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool is_long = text.substr(at).starts_with(three);
  at += is_long ? three.size() : 1;
  while (at < text.size()) {
    if (is_long ? text.substr(at).starts_with(three) : text[at] == quote) {
      return at + (is_long ? three.size() : 1);
    }
    if (!is_long && text[at] == '\n') return at;
    at += !raw && text[at] == '\\' && at + 1 < text.size() ? 2 : 1;
  }
  return text.size();
}

// Where the "}}" of the expression at `begin` stands.
std::optional<std::size_t> find_end(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  std::size_t at = begin;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\'' || c == '"') {
      at = skip_string(text, at, is_raw(text, at, begin));
      continue;
    }
    if (text.substr(at).starts_with("//")) {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (depth == 0 && text.substr(at).starts_with(kClose)) return at;
    if (c == '{') ++depth;
    if (c == '}' && depth > 0) --depth;
    ++at;
  }
  return std::nullopt;
}

}  // namespace

std::string to_string(const TextError& error) {
  return fmt::format("line {}, column {}: {}", error.at.line, error.at.column, error.message);
}

std::string_view Placeholder::source(std::string_view text) const {
  return text.substr(begin + kOpen.size(), end - begin - kOpen.size() - kClose.size());
}

std::expected<std::vector<Placeholder>, TextError> find_placeholders(std::string_view text) {
  std::vector<Placeholder> found;
  PositionCursor cursor(text);
  std::size_t at = text.find(kOpen);
  while (at != std::string_view::npos) {
    Placeholder placeholder{.begin = at, .at = cursor.at(at)};
    const auto end = find_end(text, at + kOpen.size());
    if (!end) return std::unexpected(TextError{"no }} ends the ${{ that begins here", placeholder.at});
    placeholder.end = *end + kClose.size();
    if (placeholder.source(text).find_first_not_of(" \t\r\n") == std::string_view::npos) {
      return std::unexpected(TextError{"an expression must stand in ${{ }}", placeholder.at});
    }
    if (found.size() == limits::kPlaceholders) {
      auto message = fmt::format("there may be at most {} ${{{{ }}}} in one text", limits::kPlaceholders);
      return std::unexpected(TextError{std::move(message), placeholder.at});
    }
    found.push_back(placeholder);
    at = text.find(kOpen, placeholder.end);
  }
  return found;
}

bool has_placeholder(std::string_view text) { return text.find(kOpen) != std::string_view::npos; }

TextPosition PositionCursor::at(std::size_t offset) {
  constexpr unsigned kContinuation = 0x80;
  constexpr unsigned kContinuationMask = 0xC0;
  for (; offset_ < offset && offset_ < text_.size(); ++offset_) {
    const char c = text_[offset_];
    if (c == '\n') {
      ++position_.line;
      position_.column = 1;
    } else if ((static_cast<unsigned char>(c) & kContinuationMask) != kContinuation) {
      ++position_.column;
    }
  }
  return position_;
}

}  // namespace runbook::domain
