// What an unquoted YAML scalar means: the core schema of YAML 1.2.2 (§10.3), as JSON. Pure.
#pragma once

#include <boost/json.hpp>

#include <optional>
#include <string_view>

namespace runbook::yaml {

// Nothing for a number that JSON cannot hold: an infinity, not a number, or one that is out of range.
std::optional<boost::json::value> plain_value(std::string_view text);

}  // namespace runbook::yaml
