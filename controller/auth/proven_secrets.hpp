// ProvenSecrets: digests of keys and cookies that were right here, the newest of them. They are tried even
// from an address that guesses; whether they are right still is asked each time. One thread.
#pragma once

#include <deque>
#include <string>
#include <unordered_set>

#include "protocol/messages/limits.hpp"

namespace runbook::auth {

class ProvenSecrets {
 public:
  bool has(const std::string& digest) const { return digests_.contains(digest); }
  void add(const std::string& digest) {
    if (!digests_.insert(digest).second) return;
    order_.push_back(digest);
    if (order_.size() <= limits::kProvenSecrets) return;
    digests_.erase(order_.front());
    order_.pop_front();
  }

 private:
  std::unordered_set<std::string> digests_;
  std::deque<std::string> order_;  // oldest first
};

}  // namespace runbook::auth
