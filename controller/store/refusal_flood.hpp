// RefusalFlood: how many refusals of one source (a key, or an address) the audit trail is told of one by one.
// Each costs a commit that all changes wait for, and whoever is refused may ask again at once: a flood is
// told of by its number. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

namespace runbook::store {

class RefusalFlood {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  explicit RefusalFlood(Clock now = std::chrono::steady_clock::now) : now_(std::move(now)) {}

  // Notes one of a source that may have `most` told in a minute. Nothing: not to be told of; else how many
  // were not, of this source, since the last that was.
  std::optional<std::size_t> count(const std::string& source, std::size_t most);

 private:
  struct Source {
    std::chrono::steady_clock::time_point since;
    std::size_t told = 0;
    std::size_t untold = 0;
  };
  void forget(std::chrono::steady_clock::time_point now);

  Clock now_;
  std::unordered_map<std::string, Source> sources_;
};

}  // namespace runbook::store
