// The URL of an API block: what its scheme and host are, and how values become part of the rest. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/placeholders.hpp"
#include "protocol/messages/result.hpp"

namespace runbook::domain {

// Every byte but RFC 3986's unreserved characters as %XX.
std::string percent_encoded(std::string_view value);

// What is wrong with a URL in whose path and query placeholders may stand: http or https, with a host, no
// user information and no fragment, its scheme and authority literal.
std::optional<TextError> judge_url(std::string_view text, const std::vector<Placeholder>& placeholders);

// The rendered `url` with `query` at its end. kInvalid when its values made it something else: a path with
// other "." or ".." segments than `text` has, or too long.
Result<std::string> finish_url(std::string_view text, const std::vector<Placeholder>& placeholders,
                               std::string url, const std::map<std::string, std::string>& query);

}  // namespace runbook::domain
