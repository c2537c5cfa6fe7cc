// The request target (RFC 9112 §3.2) as path and query. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runbook::http {

struct Target {
  std::string path;  // percent-decoded; dot segments are left as they are and match no route
  std::vector<std::pair<std::string, std::string>> query;
};

// Origin form and absolute form. Nothing for other forms, bad escapes, control characters (encoded or not)
// and text that is not UTF-8 after decoding. In the query '+' is a space.
std::optional<Target> parse_target(std::string_view text);

}  // namespace runbook::http
