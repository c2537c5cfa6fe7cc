// For transactions whose statements must all see the database as it was at one moment.
#pragma once

namespace runbook::store {

// The transaction's first statement.
inline constexpr auto kOneMoment = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

}  // namespace runbook::store
