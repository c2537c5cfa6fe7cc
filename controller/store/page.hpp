// Pages of a list: the opaque cursor (the sort key of the last item) and the answer's outer object. Pure.
#pragma once

#include <boost/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::store {

struct PageRequest {
  std::size_t limit = 50;
  std::optional<std::string> cursor = {};
};

// Lower-case hex of a JSON list of texts.
std::string encode_cursor(const std::vector<std::string>& key);

// kInvalid at /cursor for anything encode_cursor() did not make of `parts` texts.
Result<std::vector<std::string>> decode_cursor(std::string_view cursor, std::size_t parts);

// Sort keys of the form (time, id), which most lists have. Nothing when there is no cursor.
struct TimeKey {
  Time time{};
  Uuid id;
};
std::string encode_time_cursor(const TimeKey& key);
Result<std::optional<TimeKey>> decode_time_cursor(const std::optional<std::string>& cursor);

std::unexpected<Error> bad_cursor();

// {"items": …, "next_cursor": … or null}
boost::json::object page(boost::json::array items, const std::optional<std::string>& next_cursor);

// null when absent
boost::json::value json_or_null(const std::optional<std::string>& text);
boost::json::value json_or_null(const std::optional<Uuid>& id);
boost::json::value json_or_null(const std::optional<Time>& time);

}  // namespace runbook::store
