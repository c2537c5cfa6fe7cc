#include "db/migrator.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <map>

#include "db/connection_string.hpp"
#include "db/database.hpp"
#include "db/embedded.hpp"
#include "db/parameters.hpp"

namespace runbook::db {
namespace {

// Any fixed number will do, as long as every version of the program has the same.
constexpr std::int64_t kLockKey = 0x52756E626F6F6B01;

constexpr const char* kCreateTable = R"(
  CREATE TABLE IF NOT EXISTS schema_migration (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    checksum   bytea NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  ))";
constexpr const char* kLock = "SELECT pg_advisory_lock($1)";
constexpr const char* kTable = "SELECT to_regclass('schema_migration')";
constexpr const char* kApplied = "SELECT number, name, checksum FROM schema_migration ORDER BY number";
constexpr const char* kRemember = "INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)";

struct Applied {
  std::string name;
  std::string checksum;
};

std::string sha256(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available");
  }
  return {reinterpret_cast<const char*>(digest.data()), length};
}

std::map<int, Applied> applied_migrations(pqxx::transaction_base& work) {
  std::map<int, Applied> applied;
  const auto rows = work.exec(kApplied);
  for (const auto& row : rows) {
    applied.emplace(static_cast<int>(integer(row[0])), Applied{text(row[1]), bytes(row[2])});
  }
  return applied;
}

void check(const std::map<int, Applied>& applied, const std::vector<Migration>& migrations) {
  std::map<int, const Migration*> known;
  for (const auto& migration : migrations) known.emplace(migration.number, &migration);
  for (const auto& [number, was] : applied) {
    const auto found = known.find(number);
    if (found == known.end()) {
      throw MigrationRefused(fmt::format(
          "The database has migration {}, which this program does not know: use the newer program.",
          was.name));
    }
    if (sha256(found->second->sql) != was.checksum) {
      throw MigrationRefused(
          fmt::format("Migration {} differs from the one this database was made with: use the program that "
                      "made it, or a new "
                      "database.",
                      was.name));
    }
  }
  if (applied.empty()) return;
  for (const auto& migration : migrations) {
    if (migration.number < applied.rbegin()->first && !applied.contains(migration.number)) {
      throw MigrationRefused(
          fmt::format("Migration {} is missing from a database that is past it.", migration.name));
    }
  }
}

void apply(pqxx::connection& session, const Migration& migration) {
  try {
    pqxx::work work{session};
    work.exec(migration.sql);
    exec(work, kRemember, migration.number, migration.name, Bytes{sha256(migration.sql)});
    work.commit();
  } catch (const pqxx::sql_error& error) {
    throw MigrationRefused(fmt::format("Migration {} failed, nothing of it was applied: {}", migration.name,
                                       one_line(error.what())));
  }
}

std::size_t bring_up(pqxx::connection& session, const std::vector<Migration>& migrations) {
  std::map<int, Applied> applied;
  {
    pqxx::nontransaction alone{session};
    exec(alone, kLock, kLockKey);  // held by the session, so it ends with it
    alone.exec(kCreateTable);
    applied = applied_migrations(alone);
  }
  check(applied, migrations);
  std::size_t count = 0;
  for (const auto& migration : migrations) {
    if (applied.contains(migration.number)) continue;
    apply(session, migration);
    ++count;
  }
  return count;
}

std::size_t on_session(const std::string& url, const std::function<std::size_t(pqxx::connection&)>& work) {
  DatabaseSettings settings;
  settings.url = url;
  settings.statement_timeout = std::chrono::milliseconds{0};
  settings.application_name = "runbook-migrate";
  try {
    pqxx::connection session{connection_string(settings)};
    return work(session);
  } catch (const pqxx::broken_connection& error) {
    throw DatabaseUnavailable(fmt::format("PostgreSQL does not answer: {}", one_line(error.what())));
  }
}

}  // namespace

std::vector<Migration> known_migrations() {
  std::vector<Migration> migrations;
  for (const auto& file : embedded_migrations()) {
    Migration migration{0, std::string{file.name}, std::string{file.text}};
    std::from_chars(file.name.data(), file.name.data() + file.name.size(), migration.number);
    migrations.push_back(std::move(migration));
  }
  return migrations;
}

std::size_t migrate(const std::string& url, const std::vector<Migration>& migrations) {
  return on_session(url, [&migrations](pqxx::connection& session) { return bring_up(session, migrations); });
}

std::size_t pending_migrations(const std::string& url, const std::vector<Migration>& migrations) {
  return on_session(url, [&migrations](pqxx::connection& session) {
    pqxx::nontransaction work{session};
    if (work.exec(kTable)[0][0].is_null()) return migrations.size();
    const auto applied = applied_migrations(work);
    check(applied, migrations);
    return migrations.size() - applied.size();
  });
}

}  // namespace runbook::db
