#include "controller/store/match_page.hpp"

#include <iterator>
#include <utility>

namespace runbook::store {

bool MatchPage::wants(const LineKey& begin) {
  ++total_;
  if (after_ && begin <= *after_) return false;
  ++following_;
  return kept_.size() < limit_ || begin < kept_.rbegin()->first;
}

void MatchPage::take(LineMatch match) {
  const auto begin = match.begin;
  kept_.insert_or_assign(begin, PageMatch{owner_, stream_, std::move(match)});
  if (kept_.size() > limit_) kept_.erase(std::prev(kept_.end()));
}

}  // namespace runbook::store
