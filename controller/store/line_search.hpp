// LineSearch: finds the lines of streams that contain a text or match an expression, fed in pieces of any
// size. Exact whatever the borders of the pieces; memory is bounded. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/result.hpp"

namespace re2 {
class RE2;
}

namespace runbook::store {

struct LineMatch {
  std::uint64_t line = 0;    // from 1
  std::uint64_t offset = 0;  // of the line's first byte in its stream
  std::string text;          // at most kMatchTextBytes of the line, with the match in it
};

inline constexpr std::size_t kMatchTextBytes = 1'000;
// A longer line is matched in windows of this size that overlap by an eighth: a match longer than the overlap
// may be missed in it, and `^` and `$` match at the windows' borders.
inline constexpr std::size_t kLineWindowBytes = 1024 * 1024;

class LineSearch {
 public:
  // kInvalid at /q for an expression RE2 cannot read. Keeps at most `limit` matches; all are counted.
  static Result<LineSearch> create(const std::string& pattern, bool regex, std::size_t limit);
  LineSearch(LineSearch&&) noexcept;
  ~LineSearch();

  void begin();  // of a stream: line 1, offset 0
  void feed(std::string_view data);
  void end();  // its last line may have no newline

  std::uint64_t total() const { return total_; }
  std::vector<LineMatch> take_matches() { return std::move(matches_); }  // found since the last call

 private:
  LineSearch(std::string pattern, std::unique_ptr<re2::RE2> expression, std::size_t limit);
  void line_ends(std::string_view rest);
  void look(std::string_view window);

  std::string pattern_;
  std::unique_ptr<re2::RE2> expression_;
  std::size_t limit_;
  std::size_t kept_ = 0;
  std::uint64_t total_ = 0;
  std::vector<LineMatch> matches_;
  std::string open_;  // the present line so far, or its last window
  std::uint64_t line_ = 1;
  std::uint64_t line_offset_ = 0;
  std::uint64_t offset_ = 0;  // of the next byte
  bool found_ = false;        // in the present line
};

}  // namespace runbook::store
