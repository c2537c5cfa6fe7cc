// Reading JSON from strangers: bounded depth, UTF-8 and NUL checked, members read by type.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

#include "protocol/messages/result.hpp"

namespace runbook {

// RFC 8259 text, at most limits::kJsonDepth deep. kMalformed with the byte position for anything else, also
// for invalid UTF-8, NUL in a string or name, duplicate member names and numbers beyond a double.
Result<boost::json::value> parse_json(std::string_view text);

// True when the bytes are well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms.
bool is_utf8(std::string_view text);

// Bytes in the well-formed UTF-8 character at the front of `text`, 0 when there is none.
std::size_t utf8_length(std::string_view text);

// `text` with every byte that is not UTF-8, and NUL, replaced by U+FFFD: fit for parse_json at the other end.
std::string to_utf8(std::string_view text);

// `token` escaped as one reference token of a JSON pointer (RFC 6901 §3).
std::string pointer_token(std::string_view token);

}  // namespace runbook
