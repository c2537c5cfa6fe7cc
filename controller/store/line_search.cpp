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

Result<LineSearch> LineSearch::create(LineQuery query, MatchedLines& into) {
  std::unique_ptr<re2::RE2> expression;
  if (query.regex) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kExpressionMemory);
    expression = std::make_unique<re2::RE2>(query.pattern, options);
    if (!expression->ok()) {
      auto error = Error{ErrorCode::kInvalid, "The expression cannot be read.", {}};
      error.faults.push_back(
          {"/q", "bad_value", "The expression cannot be read: " + expression->error() + "."});
      return std::unexpected(std::move(error));
    }
  }
  return LineSearch(std::move(query), std::move(expression), into);
}

LineSearch::LineSearch(LineQuery query, std::unique_ptr<re2::RE2> expression, MatchedLines& into)
    : query_(std::move(query)), expression_(std::move(expression)), into_(&into) {}
LineSearch::LineSearch(LineSearch&&) noexcept = default;
LineSearch::~LineSearch() = default;

void LineSearch::begin() {
  open_.clear();
  line_ = 1;
  begin_ = {};
  offset_ = 0;
  found_ = false;
}

void LineSearch::feed(std::string_view data, std::uint64_t position) {
  while (!data.empty()) {
    if (offset_ == begin_.offset) begin_.position = position;
    const auto newline = data.find('\n');
    if (newline != std::string_view::npos && open_.size() + newline <= kLineWindowBytes) {
      line_ends(data.substr(0, newline));
      offset_ += newline + 1;
      begin_.offset = offset_;
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
  if (offset_ > begin_.offset) line_ends({});
}

void LineSearch::look(std::string_view raw) {
  if (found_) return;
  const auto window = shown_line(raw, shown_);
  std::size_t at = 0;
  if (expression_) {
    re2::StringPiece match;
    if (!expression_->Match(re2::StringPiece(window.data(), window.size()), 0, window.size(),
                            re2::RE2::UNANCHORED, &match, 1)) {
      return;
    }
    at = match.data() == nullptr ? 0 : static_cast<std::size_t>(match.data() - window.data());
  } else {
    at = window.find(query_.pattern);
    if (at == std::string_view::npos) return;
  }
  found_ = true;
  if (!into_->wants(begin_)) return;
  const auto cut = at > kMatchTextBytes - kBeforeMatch ? at - kBeforeMatch : 0;
  std::string text;
  if (query_.texts) text = output_text(window.substr(cut, kMatchTextBytes), cut > 0);
  into_->take({line_, begin_, std::move(text)});
}

}  // namespace runbook::store
