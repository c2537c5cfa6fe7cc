// What the endpoints of output have in common: the query's view.
#pragma once

#include <cstdint>
#include <limits>

#include "controller/api/call.hpp"
#include "controller/api/query.hpp"

namespace runbook::api {

// The largest offset or position that may be asked for.
inline constexpr auto kMostOffset = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

store::OutputView read_view(QueryReader& query, const Call& call);

}  // namespace runbook::api
