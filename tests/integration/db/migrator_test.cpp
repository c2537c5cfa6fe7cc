#include "db/migrator.hpp"

#include <future>

#include "db/parameters.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::db {
namespace {

using testing::TestDatabase;

const std::vector<Migration> kTwo = {{1, "0001_first", "CREATE TABLE first (id integer)"},
                                     {2, "0002_second", "CREATE TABLE second (id integer)"}};

std::int64_t count(const TestDatabase& database, const std::string& query) {
  pqxx::connection session{database.url()};
  pqxx::nontransaction work{session};
  return integer(work.exec(query)[0][0]);
}

std::string refusal(const TestDatabase& database, const std::vector<Migration>& migrations) {
  try {
    migrate(database.url(), migrations);
    return "";
  } catch (const MigrationRefused& error) {
    return error.what();
  }
}

TEST(Migrator, AppliesEachMigrationOnce) {
  const TestDatabase database{TestDatabase::Schema::kEmpty};
  EXPECT_EQ(migrate(database.url(), kTwo), 2U);
  EXPECT_EQ(migrate(database.url(), kTwo), 0U);
  EXPECT_EQ(count(database, "SELECT count(*) FROM schema_migration"), 2);
}

TEST(Migrator, AppliesWhatIsNewInAnOlderDatabase) {
  const TestDatabase database{TestDatabase::Schema::kEmpty};
  EXPECT_EQ(migrate(database.url(), {kTwo[0]}), 1U);
  EXPECT_EQ(migrate(database.url(), kTwo), 1U);
}

TEST(Migrator, TheProgramsOwnMigrationsApply) {
  const TestDatabase database{TestDatabase::Schema::kEmpty};
  EXPECT_EQ(migrate(database.url()), known_migrations().size());
  EXPECT_EQ(migrate(database.url()), 0U);
}

TEST(Migrator, RefusesAChangedMigrationByName) {
  const TestDatabase database{TestDatabase::Schema::kEmpty};
  migrate(database.url(), kTwo);
  auto changed = kTwo;
  changed[0].sql += " ";
  EXPECT_NE(refusal(database, changed).find("0001_first differs"), std::string::npos);
}

TEST(Migrator, RefusesADatabaseThatIsNewerThanTheProgram) {
  const TestDatabase database{TestDatabase::Schema::kEmpty};
  migrate(database.url(), kTwo);
  EXPECT_NE(refusal(database, {kTwo[0]}).find("use the newer program"), std::string::npos);
}

TEST(Migrator, RefusesToFillAHole) {
  const TestDatabase database{TestDatabase::Schema::kEmpty};
  migrate(database.url(), {kTwo[1]});
  EXPECT_NE(refusal(database, kTwo).find("0001_first is missing"), std::string::npos);
}

TEST(Migrator, AFailingMigrationLeavesNothingOfItself) {
  const TestDatabase database{TestDatabase::Schema::kEmpty};
  auto broken = kTwo;
  broken[1].sql += "; CREATE TABLE first (id integer)";
  EXPECT_NE(refusal(database, broken).find("0002_second failed"), std::string::npos);
  EXPECT_EQ(count(database, "SELECT count(*) FROM pg_tables WHERE tablename = 'second'"), 0);
  EXPECT_EQ(count(database, "SELECT count(*) FROM schema_migration"), 1);
}

TEST(Migrator, ManyAtOnceApplyEachMigrationOnce) {
  const TestDatabase database{TestDatabase::Schema::kEmpty};
  std::vector<std::future<std::size_t>> programs;
  for (int i = 0; i < 6; ++i) {
    programs.push_back(std::async(std::launch::async, [&] { return migrate(database.url(), kTwo); }));
  }
  std::size_t applied = 0;
  for (auto& program : programs) applied += program.get();
  EXPECT_EQ(applied, 2U);
}

}  // namespace
}  // namespace runbook::db
