// Texts of any origin, fit for PostgreSQL: it takes no NUL and nothing that is not UTF-8, and one such byte
// would keep a whole transaction from being stored.
#pragma once

#include <boost/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace runbook::store {

inline constexpr std::size_t kStoredTextBytes = std::size_t{64} * 1024;

// `text` in UTF-8 without NUL, cut at a character when it is longer than the limit.
std::string stored_text(std::string_view text);

// For columns of type json.
std::string stored_json(const boost::json::value& value);

}  // namespace runbook::store
