// MatchPage: the first so many matches after a place, in the order in which their lines begin, whatever the
// order in which streams are searched; counts all. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "controller/store/line_search.hpp"
#include "protocol/messages/frame.hpp"

namespace runbook::store {

struct PageMatch {
  std::size_t owner = 0;  // as it was named by from()
  Stream stream = Stream::kStdout;
  LineMatch match;
};

class MatchPage : public MatchedLines {
 public:
  MatchPage(std::size_t limit, std::optional<LineKey> after) : limit_(limit), after_(after) {}

  // Whose lines are found from now on.
  void from(std::size_t owner, Stream stream) {
    owner_ = owner;
    stream_ = stream;
  }
  bool wants(const LineKey& begin) override;
  void take(LineMatch match) override;

  std::uint64_t total() const { return total_; }
  // There are more after those kept.
  bool more() const { return following_ > kept_.size(); }
  const std::map<LineKey, PageMatch>& kept() const { return kept_; }

 private:
  std::size_t limit_;
  std::optional<LineKey> after_;
  std::size_t owner_ = 0;
  Stream stream_ = Stream::kStdout;
  std::uint64_t total_ = 0;
  std::uint64_t following_ = 0;  // after `after_`
  std::map<LineKey, PageMatch> kept_;
};

}  // namespace runbook::store
