#include "controller/api/bad_keys.hpp"

#include <utility>

#include "protocol/messages/limits.hpp"

namespace runbook::api {

namespace {
constexpr std::chrono::minutes kWindow{1};
}  // namespace

// Addresses that were quiet for long and have nothing left to tell.
void BadKeys::forget(std::chrono::steady_clock::time_point now) {
  std::erase_if(addresses_, [now](const auto& entry) { return now - entry.second.since >= kWindow; });
}

std::optional<std::size_t> BadKeys::count(const std::string& address) {
  const auto now = now_();
  auto known = addresses_.find(address);
  if (known == addresses_.end()) {
    if (addresses_.size() >= limits::kAuditBadKeyAddresses) forget(now);
    if (addresses_.size() >= limits::kAuditBadKeyAddresses) return std::nullopt;
    known = addresses_.emplace(address, Address{.since = now}).first;
  }
  auto& seen = known->second;
  if (now - seen.since >= kWindow) {
    seen.since = now;
    seen.told = 0;
  }
  if (seen.told == limits::kAuditBadKeys) {
    ++seen.untold;
    return std::nullopt;
  }
  ++seen.told;
  return std::exchange(seen.untold, 0);
}

}  // namespace runbook::api
