// Tells an outage of the database from other failures, for layers that do not see db/.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <exception>

namespace runbook::db {
class Database;
}

namespace runbook::store {

// True when the database or its pool could not serve the request and a later try may succeed.
bool is_outage(const std::exception& error);

// One round trip; throws when the database does not answer.
boost::asio::awaitable<void> ping(db::Database& database);

}  // namespace runbook::store
