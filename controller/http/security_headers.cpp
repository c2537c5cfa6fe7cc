#include "controller/http/security_headers.hpp"

#include <boost/algorithm/string/predicate.hpp>

namespace runbook::http {
namespace {

const std::string* find(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (boost::algorithm::iequals(key, name)) return &value;
  return nullptr;
}

void add_missing(Headers& headers, std::string_view name, std::string_view value) {
  if (find(headers, name) == nullptr) headers.emplace_back(name, value);
}

}  // namespace

void add_security_headers(Headers& headers, bool secure) {
  const std::string* type = find(headers, "Content-Type");
  const bool page = type != nullptr && boost::algorithm::istarts_with(*type, "text/html");
  headers.reserve(headers.size() + 8);
  add_missing(headers, "Content-Security-Policy", page ? kPagePolicy : kDataPolicy);
  add_missing(headers, "X-Content-Type-Options", "nosniff");
  add_missing(headers, "Referrer-Policy", "no-referrer");
  add_missing(headers, "Cross-Origin-Opener-Policy", "same-origin");
  add_missing(headers, "Cross-Origin-Resource-Policy", "same-origin");
  add_missing(headers, "Cache-Control", "no-store");
  if (secure) add_missing(headers, "Strict-Transport-Security", "max-age=31536000");
}

}  // namespace runbook::http
