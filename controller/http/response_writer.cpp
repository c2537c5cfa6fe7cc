#include "controller/http/response_writer.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include "controller/http/problem.hpp"
#include "controller/http/security_headers.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::http {
namespace {

bool safe_name(std::string_view name) {
  if (name.empty()) return false;
  return std::ranges::all_of(name, [](char c) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kMarks.contains(c);
  });
}

bool safe_value(std::string_view value) {
  return std::ranges::all_of(
      value, [](char c) { return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) || c == '\t'; });
}

// These follow from how the answer is sent; a handler cannot know it.
bool written_here(std::string_view name) {
  return boost::algorithm::iequals(name, "Content-Length") ||
         boost::algorithm::iequals(name, "Transfer-Encoding") ||
         boost::algorithm::iequals(name, "Connection") || boost::algorithm::iequals(name, "Date");
}

bool may_have_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  head += value;
  head += "\r\n";
}

void append_length(std::string& head, const Response& response, const HeadFacts& facts) {
  if (!may_have_body(response.status)) return;
  if (!response.stream) {
    append_header(head, "Content-Length", std::to_string(bytes_of(response).size()));
  } else if (!facts.http_1_0) {
    append_header(head, "Transfer-Encoding", "chunked");
  }
}

}  // namespace

std::string_view bytes_of(const Response& response) {
  return response.fixed_body.empty() ? std::string_view(response.body) : response.fixed_body;
}

std::string http_date(std::chrono::sys_seconds time) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string response_head(const Response& response, const HeadFacts& facts) {
  Headers headers = response.headers;
  add_security_headers(headers, facts.secure);
  std::string head;
  head.reserve(768);
  head += "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += reason_phrase(response.status);
  head += "\r\n";
  append_header(head, "Date",
                http_date(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())));
  for (const auto& [name, value] : headers) {
    if (written_here(name)) continue;
    if (safe_name(name) && safe_value(value)) {
      append_header(head, name, value);
    } else {
      runtime::log_error({.request = std::string(facts.request_id)},
                         "An answer's header is not sendable: " + name);
    }
  }
  append_header(head, "X-Request-Id", facts.request_id);
  append_length(head, response, facts);
  if (!facts.keep_alive) append_header(head, "Connection", "close");
  head += "\r\n";
  return head;
}

}  // namespace runbook::http
