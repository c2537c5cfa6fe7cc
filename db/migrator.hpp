// The schema's migrations: numbered, forward only, each in its own transaction, all under one advisory lock,
// so that controllers that start together wait for each other. What was applied is remembered with its
// SHA-256.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace runbook::db {

struct Migration {
  int number = 0;
  std::string name;  // "0003_agents"
  std::string sql;
};

// The database does not fit this program; the message is one sentence for the operator.
struct MigrationRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The migrations this program was built with, in order.
std::vector<Migration> known_migrations();

// Brings the database at `url` to the newest of `migrations` and answers how many were applied. Blocks; waits
// for another migrating program. Throws MigrationRefused and DatabaseUnavailable.
std::size_t migrate(const std::string& url, const std::vector<Migration>& migrations = known_migrations());

// How many of `migrations` the database lacks; changes nothing. Throws as migrate() does.
std::size_t pending_migrations(const std::string& url,
                               const std::vector<Migration>& migrations = known_migrations());

}  // namespace runbook::db
