// Wall-clock time as it is stored and sent: microseconds since the epoch, RFC 3339 in UTC as text.
// Durations are never computed from it across machines.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace runbook {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

// "2026-11-21T17:57:37.123456Z"; always six decimals, so that text sorts as time.
std::string rfc3339(Time time);

// RFC 3339 §5.6 with any offset; leap seconds and years outside 0000–9999 are refused.
std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace runbook
