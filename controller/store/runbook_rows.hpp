// Rows of runbook and runbook_version as JSON; shared by the queries that list and those that change. Used
// inside controller/store/ only (it shows pqxx).
#pragma once

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include "controller/domain/scope.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::store {

std::unexpected<Error> no_runbook();
std::unexpected<Error> no_version();

// The newest version of a runbook that is not deleted and within reach.
Result<boost::json::object> select_runbook(pqxx::work& work, const Uuid& runbook, const domain::Reach& reach);

}  // namespace runbook::store
