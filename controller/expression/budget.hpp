// Budget: what one evaluation may still cost. Once it is used up it stays so, and every evaluation step
// fails.
#pragma once

#include <cstddef>

namespace runbook::expression {

class Budget {
 public:
  explicit Budget(std::size_t limit) : left_(limit) {}

  // False when there is not that much left.
  bool spend(std::size_t cost) {
    left_ = cost < left_ ? left_ - cost : 0;
    return left_ > 0;
  }
  bool used_up() const { return left_ == 0; }

 private:
  std::size_t left_;
};

}  // namespace runbook::expression
