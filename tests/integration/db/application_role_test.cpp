// The controller's own role in the database: all it needs, and of the audit trail only reading and adding.
#include "db/application_role.hpp"

#include <gmock/gmock.h>

#include "db/migrator.hpp"
#include "db/private_cluster.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::db {
namespace {

using ::testing::HasSubstr;

constexpr auto kAdd =
    "INSERT INTO audit_event (id, at, action, object_type, result, mac) "
    "SELECT coalesce(max(id), 0) + 1, now(), 'runbook.create', 'runbook', 'done', decode(repeat('00', 32), "
    "'hex') FROM audit_event";

std::string name_of(const std::string& url) {
  const auto begin = url.find("dbname=") + 7;
  return url.substr(begin, url.find(' ', begin) - begin);
}

class ApplicationRoleTest : public testing::PostgresTest {
 protected:
  // What PostgreSQL says to one statement of the controller's role; empty when it did it.
  std::string as_application(const std::string& statement) {
    pqxx::connection session{application_url()};
    pqxx::work work{session};
    try {
      work.exec(statement);
      work.commit();
      return {};
    } catch (const pqxx::sql_error& error) {
      return error.what();
    }
  }
};

TEST_F(ApplicationRoleTest, AddsToTheAuditTrailAndReadsIt) {
  EXPECT_EQ(as_application(kAdd), "");
  EXPECT_EQ(as_application("SELECT * FROM audit_event"), "");
  EXPECT_EQ(sql("SELECT count(*) FROM audit_event")[0][0].as<int>(), 1);
}

TEST_F(ApplicationRoleTest, ChangesNothingOfTheAuditTrail) {
  sql(kAdd);
  for (const auto* statement : {
           "UPDATE audit_event SET person = 'eve'",
           "UPDATE audit_event SET mac = mac WHERE false",
           "DELETE FROM audit_event",
           "DELETE FROM audit_event WHERE false",
           "TRUNCATE audit_event",
           "DROP TABLE audit_event",
           "DROP TABLE audit_event CASCADE",
           "ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only",
           "ALTER TABLE audit_event DISABLE TRIGGER ALL",
           "ALTER TABLE audit_event RENAME TO elsewhere",
           "ALTER TABLE audit_event OWNER TO runbook_controller",
           "ALTER TABLE audit_event ADD COLUMN x text",
           "ALTER TABLE audit_event DROP COLUMN mac",
           "DROP TRIGGER audit_event_append_only ON audit_event",
           "CREATE TRIGGER more BEFORE INSERT ON audit_event EXECUTE FUNCTION refuse_audit_change()",
           "CREATE RULE more AS ON INSERT TO audit_event DO INSTEAD NOTHING",
           "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
           "'BEGIN RETURN NULL; END'",
           "DROP FUNCTION refuse_audit_change() CASCADE",
           "INSERT INTO audit_event SELECT * FROM audit_event ON CONFLICT (id) DO UPDATE SET person = 'eve'",
           "MERGE INTO audit_event a USING (SELECT 1 AS id) b ON a.id = b.id WHEN MATCHED THEN DELETE",
           "CREATE TABLE audit_event_2 (id integer)",
           "CREATE INDEX more ON audit_event (person)",
           "SELECT grant_application('runbook_controller')",
           "SET session_replication_role = replica",
           "SET ROLE runbook",
           "ALTER ROLE runbook_controller SUPERUSER",
           "COPY audit_event FROM PROGRAM 'true'",
           "ALTER SYSTEM SET log_statement = 'all'",
           "UPDATE pg_trigger SET tgenabled = 'D'",
           "DROP SCHEMA public CASCADE",
           "UPDATE schema_migration SET name = 'x'",
           "DELETE FROM schema_migration",
       }) {
    EXPECT_NE(as_application(statement), "") << statement;
  }
  as_application("GRANT UPDATE ON audit_event TO runbook_controller");  // a warning, and nothing granted
  EXPECT_FALSE(may_change_audit_trail(application_url()));
  EXPECT_EQ(sql("SELECT count(*) FROM audit_event WHERE person IS NULL")[0][0].as<int>(), 1);
}

TEST_F(ApplicationRoleTest, MayDoWhatServingNeedsWithEveryOtherTable) {
  const auto tables =
      sql("SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
          "'public'::regnamespace "
          "AND relname NOT IN ('audit_event', 'schema_migration')");
  EXPECT_GT(tables.size(), 10);
  for (const auto& row : tables) {
    const auto table = row[0].as<std::string>();
    EXPECT_EQ(as_application("DELETE FROM " + table + " WHERE false"), "");
    EXPECT_EQ(as_application("SELECT FROM " + table + " FOR UPDATE"), "");
  }
}

TEST_F(ApplicationRoleTest, IsToldApartFromTheOwner) {
  EXPECT_EQ(role_of(url()), "runbook");
  EXPECT_EQ(role_of(application_url()), kApplicationRole);
  EXPECT_TRUE(may_change_audit_trail(url()));
  EXPECT_FALSE(may_change_audit_trail(application_url()));
}

TEST_F(ApplicationRoleTest, AnOwnerThatIsNoSuperuserCanGiveTheRights) {
  const std::string owner = "owner_of_" + sql("SELECT current_database()")[0][0].as<std::string>();
  const testing::TestDatabase empty(testing::TestDatabase::Schema::kEmpty);
  const auto database = name_of(empty.url());
  sql("CREATE ROLE " + owner + " LOGIN; ALTER DATABASE " + database + " OWNER TO " + owner);
  auto owner_url = empty.url();
  owner_url.replace(owner_url.find("user=runbook"), 12, "user=" + owner);
  migrate(owner_url);
  grant_application(owner_url, kApplicationRole);
  EXPECT_FALSE(may_change_audit_trail(empty.application_url()));
  EXPECT_TRUE(may_change_audit_trail(owner_url));
  pqxx::connection session{empty.application_url()};
  pqxx::nontransaction work{session};
  EXPECT_NO_THROW(work.exec(kAdd));
  EXPECT_ANY_THROW(work.exec("DELETE FROM audit_event"));
  pqxx::connection last{empty.url()};
  pqxx::nontransaction end{last};
  end.exec("REASSIGN OWNED BY " + owner + " TO runbook; DROP OWNED BY " + owner + "; DROP ROLE " + owner);
}

TEST_F(ApplicationRoleTest, ARoleThatIsNotThereIsNamed) {
  try {
    grant_application(url(), "nobody_of_this_name");
    FAIL() << "it was granted";
  } catch (const MigrationRefused& error) {
    EXPECT_THAT(error.what(), HasSubstr("nobody_of_this_name"));
  }
}

}  // namespace
}  // namespace runbook::db
