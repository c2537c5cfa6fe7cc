#include "protocol/messages/masker.hpp"

#include <algorithm>

#include "protocol/messages/limits.hpp"
#include "protocol/messages/secret_forms.hpp"

namespace runbook {

static_assert(kMasked.size() <= limits::kMaskedBytesLeast);

namespace {

constexpr unsigned kBreakBytes = 2;  // CR LF; two line breaks end what was wrapped

}  // namespace

Masker::Masker(const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    const auto forms = forms_of(secret);
    for (const auto& form : forms.exact) exact_.add(form);
    for (const auto& form : forms.wrapped) wrapped_.add(form);
  }
  exact_.build();
  wrapped_.build();
}

std::string Masker::mask(std::string_view text) const {
  std::string masked;
  MaskingStream stream(*this);
  stream.feed(text, masked);
  stream.finish(masked);
  return masked;
}

void MaskingStream::feed(std::string_view data, std::string& out) {
  held_.append(data);
  for (const char c : data) step(static_cast<unsigned char>(c));
  const auto exact = end_ - masker_->exact_.depth(exact_);
  emit(std::min(exact, wrapped_begin(masker_->wrapped_.depth(wrapped_))), out);
}

void MaskingStream::finish(std::string& out) {
  exact_ = NeedleAutomaton::kRoot;
  wrapped_ = NeedleAutomaton::kRoot;
  breaks_.clear();
  emit(end_, out);
}

void MaskingStream::step(unsigned char byte) {
  ++end_;
  exact_ = masker_->exact_.next(exact_, byte);
  if (const auto length = masker_->exact_.matched(exact_); length > 0) cover(end_ - length);
  step_wrapped(byte);
}

void MaskingStream::step_wrapped(unsigned char byte) {
  if (byte == '\n' || byte == '\r') {
    if (wrapped_ == NeedleAutomaton::kRoot) return;
    breaks_.push_back(end_ - 1);
    if (++breaks_in_a_row_ > kBreakBytes) wrapped_ = NeedleAutomaton::kRoot;
  } else {
    breaks_in_a_row_ = 0;
    wrapped_ = masker_->wrapped_.next(wrapped_, byte);
    if (const auto length = masker_->wrapped_.matched(wrapped_); length > 0) cover(wrapped_begin(length));
  }
  if (wrapped_ != NeedleAutomaton::kRoot) return;
  breaks_in_a_row_ = 0;
  breaks_.clear();
}

// Where the last `bytes` bytes begin that are no line breaks passed over.
std::uint64_t MaskingStream::wrapped_begin(std::uint64_t bytes) const {
  auto begin = end_ - bytes;
  for (auto at = breaks_.rbegin(); at != breaks_.rend() && *at >= begin; ++at) --begin;
  return begin;
}

// From `begin` to what was read last; ends only grow, so ranges are swallowed from the back.
void MaskingStream::cover(std::uint64_t begin) {
  while (!covered_.empty() && covered_.back().begin >= begin) covered_.pop_back();
  if (!covered_.empty() && covered_.back().end >= begin) {
    covered_.back().end = end_;
  } else {
    covered_.push_back({begin, end_});
  }
}

// A run of covered bytes is masked once, also when it leaves in pieces.
void MaskingStream::emit(std::uint64_t until, std::string& out) {
  const auto first = base_;
  while (base_ < until) {
    const auto begin = covered_.empty() ? until : std::clamp(covered_.front().begin, base_, until);
    if (begin > base_) {
      out.append(held_, base_ - first, begin - base_);
      masking_ = false;
      base_ = begin;
      continue;
    }
    if (!masking_) out += kMasked;
    masking_ = true;
    base_ = std::min(covered_.front().end, until);
    if (base_ == covered_.front().end) covered_.pop_front();
  }
  held_.erase(0, base_ - first);
  while (!breaks_.empty() && breaks_.front() < base_) breaks_.pop_front();
}

}  // namespace runbook
