// Approvals and tries as they are stored and answered: one form for the database and for the views. Pure.
#pragma once

#include <boost/json.hpp>

#include <vector>

#include "controller/domain/execution/execution_state.hpp"

namespace runbook::domain {

// {digest, required, other_person, expires_at, given: [{by, by_name, at, note}]}
boost::json::object to_json(const ApprovalState& approval);
// [{at, end, http_status, error, next_try_at}]: absent times and statuses are null.
boost::json::array to_json(const std::vector<ApiTry>& tries);

// What to_json() made; members that are missing or of another type keep their defaults.
ApprovalState approval_from_json(const boost::json::value& json);
std::vector<ApiTry> tries_from_json(const boost::json::value& json);

}  // namespace runbook::domain
