// LineSearch: finds the lines of streams that contain a text or match an expression, fed in pieces of any
// size. Exact whatever the borders of the pieces; memory is bounded. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/messages/result.hpp"

namespace re2 {
class RE2;
}

namespace runbook::store {

// Orders lines by where they begin: position of the piece, then offset in the stream.
struct LineKey {
  std::uint64_t position = 0;
  std::uint64_t offset = 0;

  auto operator<=>(const LineKey&) const = default;
};

struct LineMatch {
  std::uint64_t line = 0;  // from 1
  LineKey begin = {};      // the piece with the line's first byte; that byte in its stream
  std::string text;        // at most kMatchTextBytes of the line, with the match in it
};

struct LineQuery {
  std::string pattern;  // RE2 when `regex`, else plain text; case-sensitive
  bool regex = false;
  bool texts = true;  // false: matches have none
};

// Told of the lines that match.
class MatchedLines {
 public:
  virtual ~MatchedLines() = default;
  virtual bool wants(const LineKey& begin) = 0;  // once for each
  virtual void take(LineMatch match) = 0;        // if wanted
};

inline constexpr std::size_t kMatchTextBytes = 1'000;
// A longer line is matched in windows of this size that overlap by an eighth: a match longer than the overlap
// may be missed in it, and `^` and `$` match at the windows' borders.
inline constexpr std::size_t kLineWindowBytes = 1024 * 1024;

class LineSearch {
 public:
  // kInvalid at /q for an expression RE2 cannot read. `into` outlives it.
  static Result<LineSearch> create(LineQuery query, MatchedLines& into);
  LineSearch(LineSearch&&) noexcept;
  ~LineSearch();

  void begin();                                              // of a stream: line 1, offset 0
  void feed(std::string_view data, std::uint64_t position);  // of the piece the data is from
  void end();                                                // its last line may have no newline

 private:
  LineSearch(LineQuery query, std::unique_ptr<re2::RE2> expression, MatchedLines& into);
  void line_ends(std::string_view rest);
  void look(std::string_view window);

  LineQuery query_;
  std::unique_ptr<re2::RE2> expression_;
  MatchedLines* into_;
  std::string open_;   // the present line so far, or its last window
  std::string shown_;  // what a terminal shows of it, when that is something else
  std::uint64_t line_ = 1;
  LineKey begin_;             // of the present line
  std::uint64_t offset_ = 0;  // of the next byte
  bool found_ = false;        // in the present line
};

}  // namespace runbook::store
