#include "db/application_role.hpp"

#include <fmt/format.h>

#include <functional>

#include "db/connection_string.hpp"
#include "db/database.hpp"
#include "db/migrator.hpp"
#include "db/parameters.hpp"

namespace runbook::db {
namespace {

constexpr auto kRole = "SELECT current_user";
constexpr auto kGrant = "SELECT grant_application($1)";
constexpr auto kMayChange =
    "SELECT has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR pg_has_role(relowner, 'USAGE') "
    "FROM pg_class WHERE oid = 'audit_event'::regclass";

void on_session(const std::string& url, const std::function<void(pqxx::work&)>& body) {
  DatabaseSettings settings;
  settings.url = url;
  try {
    pqxx::connection session{connection_string(settings)};
    pqxx::work work{session};
    body(work);
    work.commit();
  } catch (const pqxx::broken_connection& error) {
    throw DatabaseUnavailable(fmt::format("PostgreSQL does not answer: {}", one_line(error.what())));
  }
}

}  // namespace

std::string role_of(const std::string& url) {
  std::string role;
  on_session(url, [&role](pqxx::work& work) { role = text(work.exec(kRole)[0][0]); });
  return role;
}

void grant_application(const std::string& owner_url, const std::string& role) {
  try {
    on_session(owner_url, [&role](pqxx::work& work) { exec(work, kGrant, role); });
  } catch (const pqxx::sql_error& error) {
    throw MigrationRefused(fmt::format("The role {} could not be given what the controller needs: {}", role,
                                       one_line(error.what())));
  }
}

bool may_change_audit_trail(const std::string& url) {
  bool may = false;
  on_session(url, [&may](pqxx::work& work) { may = boolean(work.exec(kMayChange)[0][0]); });
  return may;
}

}  // namespace runbook::db
