#include "db/prepared_statements.hpp"

#include "db/database.hpp"
#include "db/parameters.hpp"
#include "tests/support/await.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::db {
namespace {

using testing::await;

class PreparedStatementsTest : public testing::PostgresTest {
 protected:
  PreparedStatementsTest() { sql("CREATE TABLE item (id integer PRIMARY KEY)"); }

  std::size_t columns(const std::string& statement, std::int64_t parameter = 1) {
    return await(database().transact("columns", [&](pqxx::work& work) {
      return static_cast<std::size_t>(exec(work, statement, parameter).columns());
    }));
  }
  // Of the pool's session: one after the other, all transactions use the same.
  std::int64_t prepared() {
    return await(database().transact("prepared", [](pqxx::work& work) {
      return integer(work.exec("SELECT count(*) FROM pg_prepared_statements")[0][0]);
    }));
  }
};

TEST_F(PreparedStatementsTest, WhatComesAgainIsPreparedOnce) {
  columns("SELECT $1::integer");
  EXPECT_EQ(prepared(), 0);
  for (int i = 0; i < 5; ++i) columns("SELECT $1::integer");
  EXPECT_EQ(prepared(), 1);
}

TEST_F(PreparedStatementsTest, GiveTheSameAnswersAsText) {
  for (int i = 0; i < 4; ++i) {
    const auto answer = await(database().transact("mixed", [](pqxx::work& work) {
      const auto rows =
          exec(work, "SELECT $1::text, $2::bytea, $3::integer, $4::text[]", "ä'\"",
               Bytes{std::string_view("a\0b", 3)}, nullptr, std::vector<std::string>{"x", "y,"});
      EXPECT_EQ(text(rows[0][0]), "ä'\"");
      EXPECT_EQ(bytes(rows[0][1]), std::string("a\0b", 3));
      EXPECT_TRUE(rows[0][2].is_null());
      return text(rows[0][3]);
    }));
    EXPECT_EQ(answer, "{x,\"y,\"}");
  }
}

TEST_F(PreparedStatementsTest, GoWithTheirSession) {
  for (int i = 0; i < 3; ++i) columns("SELECT $1::integer");
  sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
      "WHERE application_name = 'runbook-controller' AND datname = current_database()");
  EXPECT_EQ(columns("SELECT $1::integer"), 1U);
  EXPECT_EQ(prepared(), 0);
}

TEST_F(PreparedStatementsTest, ThatFailOnceAreFineTheNextTime) {
  const std::string add = "INSERT INTO item VALUES ($1)";
  columns(add, 1);
  EXPECT_THROW(columns(add, 1), pqxx::unique_violation);
  EXPECT_THROW(columns(add, 1), pqxx::unique_violation);
  columns(add, 2);
  EXPECT_EQ(integer(sql("SELECT count(*) FROM item")[0][0]), 2);
}

TEST_F(PreparedStatementsTest, ThatTheServerRefusesAreRefusedEachTime) {
  for (int i = 0; i < 3; ++i) EXPECT_THROW(columns("SELECT nothing FROM nowhere WHERE $1"), pqxx::sql_error);
  EXPECT_EQ(columns("SELECT $1::integer"), 1U);
}

// A migration under a running controller: the server refuses what was prepared before.
TEST_F(PreparedStatementsTest, FollowATableThatChanged) {
  const std::string all = "SELECT * FROM item WHERE id = $1";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(columns(all), 1U);
  sql("ALTER TABLE item ADD COLUMN name text");
  EXPECT_EQ(columns(all), 2U);
}

// A pooler in front of PostgreSQL may hand the session to somebody else in between.
TEST_F(PreparedStatementsTest, ThatAreGoneAreMadeAnew) {
  for (int i = 0; i < 3; ++i) columns("SELECT $1::integer");
  await(database().transact("forget", [](pqxx::work& work) { work.exec("DEALLOCATE ALL"); }));
  EXPECT_EQ(columns("SELECT $1::integer"), 1U);
}

TEST_F(PreparedStatementsTest, AreBoundedASession) {
  await(database().transact("many", [](pqxx::work& work) {
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i <= PreparedStatements::kLimit; ++i) {
        exec(work, "SELECT $1::integer + " + std::to_string(i), 1);
      }
    }
    EXPECT_EQ(PreparedStatements::of(work)->size(), PreparedStatements::kLimit);
  }));
}

TEST_F(PreparedStatementsTest, AreOnlyForTheirOwnSession) {
  pqxx::connection other(url());
  await(database().transact("two", [&other](pqxx::work& work) {
    EXPECT_NE(PreparedStatements::of(work), nullptr);
    const pqxx::work elsewhere(other);
    EXPECT_EQ(PreparedStatements::of(elsewhere), nullptr);
  }));
}

}  // namespace
}  // namespace runbook::db
