#include "protocol/messages/time.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace runbook {
namespace {

using namespace std::chrono;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads exactly `count` digits at `at` and moves past them.
std::optional<int> digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i, ++at) {
    if (!is_digit(text[at])) return std::nullopt;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool literal(std::string_view text, std::size_t& at, char expected) {
  if (at >= text.size() || text[at] != expected) return false;
  ++at;
  return true;
}

// RFC 3339 §5.6 allows a lower-case "t".
bool date_end(std::string_view text, std::size_t& at) {
  return literal(text, at, 'T') || literal(text, at, 't');
}

std::optional<microseconds> fraction(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return microseconds{0};
  ++at;
  std::int64_t value = 0;
  std::int64_t scale = 1'000'000;
  const std::size_t start = at;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (scale > 1) {
      scale /= 10;
      value += (text[at] - '0') * scale;
    }
  }
  if (at == start) return std::nullopt;
  return microseconds{value};
}

std::optional<minutes> offset(std::string_view text, std::size_t& at) {
  if (at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    ++at;
    return minutes{0};
  }
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
  const int sign = text[at++] == '-' ? -1 : 1;
  const auto hour = digits(text, at, 2);
  if (!hour || *hour > 23 || !literal(text, at, ':')) return std::nullopt;
  const auto minute = digits(text, at, 2);
  if (!minute || *minute > 59) return std::nullopt;
  return minutes{sign * (*hour * 60 + *minute)};
}

}  // namespace

std::string rfc3339(Time time) {
  const auto day_point = floor<days>(time);
  const year_month_day date{day_point};
  const hh_mm_ss clock{time - day_point};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  std::size_t at = 0;
  const auto y = digits(text, at, 4);
  if (!y || !literal(text, at, '-')) return std::nullopt;
  const auto mo = digits(text, at, 2);
  if (!mo || !literal(text, at, '-')) return std::nullopt;
  const auto d = digits(text, at, 2);
  if (!d || !date_end(text, at)) return std::nullopt;
  const auto h = digits(text, at, 2);
  if (!h || *h > 23 || !literal(text, at, ':')) return std::nullopt;
  const auto mi = digits(text, at, 2);
  if (!mi || *mi > 59 || !literal(text, at, ':')) return std::nullopt;
  const auto s = digits(text, at, 2);
  if (!s || *s > 59) return std::nullopt;
  const auto sub = fraction(text, at);
  if (!sub) return std::nullopt;
  const auto off = offset(text, at);
  if (!off || at != text.size()) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  const Time time = Time{sys_days{date}} + hours{*h} + minutes{*mi} + seconds{*s} + *sub - *off;
  // An offset may lead out of the years 1 to 9999, which is what PostgreSQL and four digits can write.
  const int utc_year = static_cast<int>(year_month_day{floor<days>(time)}.year());
  if (utc_year < 1 || utc_year > 9999) return std::nullopt;
  return time;
}

}  // namespace runbook
