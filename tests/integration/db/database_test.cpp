#include "db/database.hpp"

#include <future>

#include "db/parameters.hpp"
#include "protocol/messages/result.hpp"
#include "tests/support/await.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::db {
namespace {

using testing::await;

class DatabaseTest : public testing::PostgresTest {
 protected:
  DatabaseTest() { sql("CREATE TABLE item (id integer PRIMARY KEY, value integer NOT NULL DEFAULT 0)"); }

  std::int64_t items() { return integer(sql("SELECT count(*) FROM item")[0][0]); }

  void end_pool_sessions() {
    sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE application_name = 'runbook-controller' AND datname = current_database()");
  }
};

TEST_F(DatabaseTest, CommitsWhatTheFunctionDidAndGivesItsValue) {
  const auto answer = await(database().transact("item.add", [](pqxx::work& work) {
    work.exec("INSERT INTO item VALUES (1)");
    return 42;
  }));
  EXPECT_EQ(answer, 42);
  EXPECT_EQ(items(), 1);
}

TEST_F(DatabaseTest, RollsBackWhenTheFunctionThrows) {
  EXPECT_THROW(await(database().transact("item.add",
                                         [](pqxx::work& work) {
                                           work.exec("INSERT INTO item VALUES (1)");
                                           throw std::runtime_error("no");
                                         })),
               std::runtime_error);
  EXPECT_EQ(items(), 0);
}

TEST_F(DatabaseTest, RollsBackWhenTheResultIsAnError) {
  const auto answer = await(database().transact("item.add", [](pqxx::work& work) -> Result<int> {
    work.exec("INSERT INTO item VALUES (1)");
    return failure(ErrorCode::kConflict, "no");
  }));
  EXPECT_FALSE(answer.has_value());
  EXPECT_EQ(items(), 0);
}

TEST_F(DatabaseTest, AViolatedConstraintReachesTheCallerAndTheSessionStaysUsable) {
  const auto add = [](pqxx::work& work) { work.exec("INSERT INTO item VALUES (1)"); };
  await(database().transact("item.add", add));
  EXPECT_THROW(await(database().transact("item.add", add)), pqxx::unique_violation);
  EXPECT_EQ(items(), 1);
}

TEST_F(DatabaseTest, AnIdleSessionThatWasEndedIsReplacedUnseen) {
  const auto one = [](pqxx::work& work) { return integer(work.exec("SELECT 1")[0][0]); };
  EXPECT_EQ(await(database().transact("one", one)), 1);
  end_pool_sessions();
  EXPECT_EQ(await(database().transact("one", one)), 1);
}

TEST_F(DatabaseTest, ASessionEndedDuringATransactionIsAnOutageAndNothingIsStored) {
  EXPECT_THROW(await(database().transact("item.add",
                                         [this](pqxx::work& work) {
                                           work.exec("INSERT INTO item VALUES (1)");
                                           end_pool_sessions();
                                           work.exec("INSERT INTO item VALUES (2)");
                                         })),
               DatabaseUnavailable);
  EXPECT_EQ(items(), 0);
  await(database().transact("item.add", [](pqxx::work& work) { work.exec("INSERT INTO item VALUES (3)"); }));
  EXPECT_EQ(items(), 1);
}

TEST_F(DatabaseTest, ASessionEndedBeforeTheCommitIsAnOutage) {
  EXPECT_THROW(await(database().transact("item.add",
                                         [this](pqxx::work& work) {
                                           work.exec("INSERT INTO item VALUES (1)");
                                           end_pool_sessions();
                                         })),
               DatabaseUnavailable);
  EXPECT_EQ(items(), 0);
}

TEST_F(DatabaseTest, SettingsHoldOnEverySession) {
  const auto setting = [this](const std::string& name) {
    return await(database().transact(
        "show", [&name](pqxx::work& work) { return text(work.exec("SHOW " + name)[0][0]); }));
  };
  EXPECT_EQ(setting("statement_timeout"), "10s");
  EXPECT_EQ(setting("application_name"), "runbook-controller");
  end_pool_sessions();
  EXPECT_EQ(setting("statement_timeout"), "10s");
  EXPECT_EQ(setting("TimeZone"), "UTC");
}

TEST_F(DatabaseTest, AStatementOutOfTimeIsAnOutage) {
  DatabaseSettings settings;
  settings.url = url();
  settings.statement_timeout = std::chrono::milliseconds{20};
  Database hasty{settings};
  EXPECT_THROW(await(hasty.transact("sleep", [](pqxx::work& work) { work.exec("SELECT pg_sleep(10)"); })),
               DatabaseUnavailable);
}

TEST_F(DatabaseTest, ASerializationFailureIsTriedAgain) {
  sql("INSERT INTO item VALUES (1)");
  int runs = 0;
  await(database().transact("item.raise", [this, &runs](pqxx::work& work) {
    work.exec("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    const auto value = integer(work.exec("SELECT value FROM item WHERE id = 1")[0][0]);
    if (++runs == 1) sql("UPDATE item SET value = value + 1 WHERE id = 1");  // behind the transaction's back
    exec(work, "UPDATE item SET value = $1 WHERE id = 1", value + 1);
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(integer(sql("SELECT value FROM item")[0][0]), 2);
}

TEST_F(DatabaseTest, AnEndlessSerializationFailureEndsAfterThreeTries) {
  sql("INSERT INTO item VALUES (1)");
  int runs = 0;
  EXPECT_THROW(await(database().transact("item.raise",
                                         [this, &runs](pqxx::work& work) {
                                           ++runs;
                                           work.exec("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                                           work.exec("SELECT value FROM item WHERE id = 1");
                                           sql("UPDATE item SET value = value + 1 WHERE id = 1");
                                           work.exec("UPDATE item SET value = 0 WHERE id = 1");
                                         })),
               DatabaseUnavailable);
  EXPECT_EQ(runs, 3);
}

TEST_F(DatabaseTest, TransactHereNeedsNoEventLoop) {
  const auto value =
      database().transact_here("two", [](pqxx::work& work) { return integer(work.exec("SELECT 2")[0][0]); });
  EXPECT_EQ(value, 2);
}

TEST(Database, ThatIsNotThereIsAnOutage) {
  DatabaseSettings settings;
  settings.url = "host=/nonexistent user=runbook dbname=runbook";
  Database missing{settings};
  EXPECT_THROW(await(missing.transact("one", [](pqxx::work& work) { work.exec("SELECT 1"); })),
               DatabaseUnavailable);
}

}  // namespace
}  // namespace runbook::db
