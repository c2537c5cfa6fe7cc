#include "protocol/messages/needle_automaton.hpp"

#include <algorithm>

namespace runbook {

NeedleAutomaton::State NeedleAutomaton::child(State state, unsigned char byte) const {
  if (state == kRoot) return first_[byte];
  State found = nodes_[state].child;
  while (found != kRoot && nodes_[found].byte != byte) found = nodes_[found].sibling;
  return found;
}

void NeedleAutomaton::add(std::string_view needle) {
  State state = kRoot;
  for (const char c : needle) {
    const auto byte = static_cast<unsigned char>(c);
    State next = child(state, byte);
    if (next == kRoot) {
      next = static_cast<State>(nodes_.size());
      Node node;
      node.byte = byte;
      node.depth = nodes_[state].depth + 1;
      if (state == kRoot) {
        first_[byte] = next;
      } else {
        node.sibling = nodes_[state].child;
        nodes_[state].child = next;
      }
      nodes_.push_back(node);
    }
    state = next;
  }
  nodes_[state].matched = nodes_[state].depth;
}

// Breadth first, so that every shorter end is known before the longer ones that fall back to it.
void NeedleAutomaton::build() {
  std::vector<State> order;
  order.reserve(nodes_.size());
  for (const State first : first_) {
    if (first != kRoot) order.push_back(first);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const State state = order[i];
    for (State below = nodes_[state].child; below != kRoot; below = nodes_[below].sibling) {
      nodes_[below].fail = next(nodes_[state].fail, nodes_[below].byte);
      nodes_[below].matched = std::max(nodes_[below].matched, nodes_[nodes_[below].fail].matched);
      order.push_back(below);
    }
  }
}

NeedleAutomaton::State NeedleAutomaton::next(State state, unsigned char byte) const {
  for (;;) {
    const State found = child(state, byte);
    if (found != kRoot || state == kRoot) return found;
    state = nodes_[state].fail;
  }
}

}  // namespace runbook
