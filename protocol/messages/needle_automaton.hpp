// NeedleAutomaton: many texts looked for at once, one byte after the other (Aho and Corasick, 1975). Built
// once, then immutable: any thread may use it, each with a state of its own. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace runbook {

class NeedleAutomaton {
 public:
  using State = std::uint32_t;
  static constexpr State kRoot = 0;

  // `needle` is not empty. Nothing may be added after build().
  void add(std::string_view needle);
  void build();

  bool empty() const { return nodes_.size() == 1; }

  State next(State state, unsigned char byte) const;
  // The longest end of what was read that begins a needle, in bytes.
  std::uint32_t depth(State state) const { return nodes_[state].depth; }
  // The longest needle that ends here, in bytes; 0: none.
  std::uint32_t matched(State state) const { return nodes_[state].matched; }

 private:
  struct Node {
    State fail = kRoot;
    State child = kRoot;    // the newest one; the others follow as its siblings
    State sibling = kRoot;  // kRoot: no further one
    std::uint32_t depth = 0;
    std::uint32_t matched = 0;
    unsigned char byte = 0;
  };
  State child(State state, unsigned char byte) const;

  std::vector<Node> nodes_ = std::vector<Node>(1);
  std::array<State, 256> first_{};  // the root's children by byte: the step most bytes take
};

}  // namespace runbook
