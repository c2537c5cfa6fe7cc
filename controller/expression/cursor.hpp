// Cursor: where reading stands in the text of an expression, with the line and column for people. The text is
// valid UTF-8 and outlives it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace runbook::expression {

// Both count from 1; columns count code points.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  // The byte `ahead` of here, NUL past the end.
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool sees(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  std::size_t offset() const { return at_; }
  Position position() const { return position_; }
  std::string_view since(std::size_t offset) const { return text_.substr(offset, at_ - offset); }

  // CR, LF and CR LF end a line, as the specification has it.
  void advance(std::size_t bytes = 1) {
    for (; bytes > 0 && !at_end(); --bytes) {
      const char passed = text_[at_++];
      if (passed == '\n' || (passed == '\r' && peek() != '\n')) {
        position_ = {position_.line + 1, 1};
      } else if ((static_cast<unsigned char>(peek()) & 0xC0U) != 0x80) {
        ++position_.column;
      }
    }
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  Position position_;
};

}  // namespace runbook::expression
