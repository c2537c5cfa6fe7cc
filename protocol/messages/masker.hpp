// Masker: replaces secrets in texts by kMasked, whole or as they stream by. What it does depends on the bytes
// alone, never on how they were cut into pieces. Best effort: it knows the forms of secret_forms.hpp. Pure; a
// Masker is immutable and may be shared by threads, a MaskingStream belongs to one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/needle_automaton.hpp"

namespace runbook {

// Not longer than the shortest secret that is masked: a text never grows.
inline constexpr std::string_view kMasked = "******";

class Masker {
 public:
  explicit Masker(const std::vector<std::string>& secrets);

  // Nothing is long enough to be masked.
  bool empty() const { return exact_.empty() && wrapped_.empty(); }

  std::string mask(std::string_view text) const;

 private:
  friend class MaskingStream;
  NeedleAutomaton exact_;
  NeedleAutomaton wrapped_;  // line breaks between its bytes are passed over
};

class MaskingStream {
 public:
  // `masker` must outlive the stream.
  explicit MaskingStream(const Masker& masker) : masker_(&masker) {}

  // Appends to `out` what is decided: all but an end that could still become a secret.
  void feed(std::string_view data, std::string& out);
  // Nothing more comes: appends the rest.
  void finish(std::string& out);

  std::size_t held() const { return held_.size(); }

 private:
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };

  void step(unsigned char byte);
  void step_wrapped(unsigned char byte);
  void cover(std::uint64_t begin);
  std::uint64_t wrapped_begin(std::uint64_t bytes) const;
  void emit(std::uint64_t until, std::string& out);

  const Masker* masker_;
  NeedleAutomaton::State exact_ = NeedleAutomaton::kRoot;
  NeedleAutomaton::State wrapped_ = NeedleAutomaton::kRoot;
  std::string held_;
  std::uint64_t base_ = 0;            // offset of held_'s first byte in what was read
  std::uint64_t end_ = 0;             // how much was read
  std::deque<Range> covered_;         // in order, apart from each other, not before base_
  std::deque<std::uint64_t> breaks_;  // line breaks passed over since a wrapped form may have begun
  unsigned breaks_in_a_row_ = 0;
  bool masking_ = false;  // the last byte that left was covered
};

}  // namespace runbook
