#include "controller/store/line_search.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "controller/store/output_text.hpp"

namespace runbook::store {
namespace {

constexpr std::size_t kOverlap = kLineWindowBytes / 8;
constexpr std::size_t kBeforeMatch = 200;
constexpr std::int64_t kExpressionMemory = 8 << 20;

}  // namespace

Result<LineSearch> LineSearch::create(const std::string& pattern, bool regex, std::size_t limit) {
  std::unique_ptr<re2::RE2> expression;
  if (regex) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kExpressionMemory);
    expression = std::make_unique<re2::RE2>(pattern, options);
    if (!expression->ok()) {
      auto error = Error{ErrorCode::kInvalid, "The expression cannot be read.", {}};
      error.faults.push_back(
          {"/q", "bad_value", "The expression cannot be read: " + expression->error() + "."});
      return std::unexpected(std::move(error));
    }
  }
  return LineSearch(pattern, std::move(expression), limit);
}

LineSearch::LineSearch(std::string pattern, std::unique_ptr<re2::RE2> expression, std::size_t limit)
    : pattern_(std::move(pattern)), expression_(std::move(expression)), limit_(limit) {}
LineSearch::LineSearch(LineSearch&&) noexcept = default;
LineSearch::~LineSearch() = default;

void LineSearch::begin() {
  open_.clear();
  line_ = 1;
  line_offset_ = 0;
  offset_ = 0;
  found_ = false;
}

void LineSearch::feed(std::string_view data) {
  while (!data.empty()) {
    const auto newline = data.find('\n');
    if (newline != std::string_view::npos && open_.size() + newline <= kLineWindowBytes) {
      line_ends(data.substr(0, newline));
      offset_ += newline + 1;
      line_offset_ = offset_;
      ++line_;
      data.remove_prefix(newline + 1);
      continue;
    }
    const auto room = kLineWindowBytes - open_.size();
    const auto part = data.substr(0, std::min(room, newline));
    open_ += part;
    offset_ += part.size();
    data.remove_prefix(part.size());
    if (open_.size() < kLineWindowBytes) continue;
    look(open_);
    open_.erase(0, open_.size() - kOverlap);
  }
}

void LineSearch::line_ends(std::string_view rest) {
  if (open_.empty()) {
    look(rest);
  } else {
    open_ += rest;
    look(open_);
    open_.clear();
  }
  found_ = false;
}

void LineSearch::end() {
  if (offset_ > line_offset_) line_ends({});
}

void LineSearch::look(std::string_view window) {
  if (found_) return;
  std::size_t at = 0;
  if (expression_) {
    re2::StringPiece match;
    if (!expression_->Match(re2::StringPiece(window.data(), window.size()), 0, window.size(),
                            re2::RE2::UNANCHORED, &match, 1)) {
      return;
    }
    at = match.data() == nullptr ? 0 : static_cast<std::size_t>(match.data() - window.data());
  } else {
    at = window.find(pattern_);
    if (at == std::string_view::npos) return;
  }
  found_ = true;
  ++total_;
  if (kept_ == limit_) return;
  ++kept_;
  const auto begin = at > kMatchTextBytes - kBeforeMatch ? at - kBeforeMatch : 0;
  matches_.push_back({line_, line_offset_, output_text(window.substr(begin, kMatchTextBytes), begin > 0)});
}

}  // namespace runbook::store
