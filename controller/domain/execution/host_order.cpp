// Hosts in the order people count, and shares of them.
#include <algorithm>
#include <string_view>
#include <utility>

#include "controller/domain/execution/execution_plan.hpp"

namespace runbook::domain {

bool host_before(std::string_view left, std::string_view right) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto number = [&is_digit](std::string_view& text) {
    while (text.size() > 1 && text[0] == '0' && is_digit(text[1])) text.remove_prefix(1);
    const auto end = std::ranges::find_if_not(text, is_digit);
    const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
  };
  const auto all = std::pair{left, right};
  while (!left.empty() && !right.empty()) {
    if (is_digit(left[0]) && is_digit(right[0])) {
      const auto a = number(left);
      const auto b = number(right);
      if (a.size() != b.size()) return a.size() < b.size();
      if (a != b) return a < b;
    } else if (left[0] != right[0]) {
      return left[0] < right[0];
    } else {
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  if (left.empty() != right.empty()) return left.empty();
  return all.first < all.second;
}

int host_share(const HostShare& share, std::size_t total) {
  if (!share.percent) return share.value;
  return static_cast<int>(total * static_cast<std::size_t>(std::max(0, share.value)) / 100);
}

}  // namespace runbook::domain
