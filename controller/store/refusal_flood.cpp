#include "controller/store/refusal_flood.hpp"

#include <utility>

#include "protocol/messages/limits.hpp"

namespace runbook::store {

namespace {
constexpr std::chrono::minutes kWindow{1};
}  // namespace

// Sources that were quiet for long.
void RefusalFlood::forget(std::chrono::steady_clock::time_point now) {
  std::erase_if(sources_, [now](const auto& entry) { return now - entry.second.since >= kWindow; });
}

std::optional<std::size_t> RefusalFlood::count(const std::string& source, std::size_t most) {
  const auto now = now_();
  auto known = sources_.find(source);
  if (known == sources_.end()) {
    if (sources_.size() >= limits::kAuditRefusalSources) forget(now);
    if (sources_.size() >= limits::kAuditRefusalSources) return std::nullopt;
    known = sources_.emplace(source, Source{.since = now}).first;
  }
  auto& seen = known->second;
  if (now - seen.since >= kWindow) {
    seen.since = now;
    seen.told = 0;
  }
  if (seen.told >= most) {
    ++seen.untold;
    return std::nullopt;
  }
  ++seen.told;
  return std::exchange(seen.untold, 0);
}

}  // namespace runbook::store
