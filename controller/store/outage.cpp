#include "controller/store/outage.hpp"

#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::store {

bool is_outage(const std::exception& error) {
  return dynamic_cast<const db::DatabaseUnavailable*>(&error) != nullptr ||
         dynamic_cast<const runtime::PoolFull*>(&error) != nullptr;
}

boost::asio::awaitable<void> ping(db::Database& database) {
  co_await database.transact("ping", [](pqxx::work& work) { db::exec(work, "SELECT 1"); });
}

}  // namespace runbook::store
