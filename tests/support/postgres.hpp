// Databases for integration tests. ctest starts one private cluster a run (test_cluster.cpp); a program run
// by hand starts its own. Each TestDatabase is a fresh, migrated copy, so tests may run in parallel and leave
// nothing.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "db/database.hpp"

namespace runbook::testing {

// A database of its own, dropped at the end.
class TestDatabase {
 public:
  enum class Schema { kMigrated, kEmpty };
  explicit TestDatabase(Schema schema = Schema::kMigrated);
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase();

  const std::string& url() const { return url_; }  // of its owner
  const std::string& application_url() const { return application_url_; }

 private:
  std::string name_;
  std::string url_;
  std::string application_url_;
};

// Fixture with one migrated database and a small pool on it. The pool signs in as the controller does, and
// may do no more.
class PostgresTest : public ::testing::Test {
 protected:
  PostgresTest();
  ~PostgresTest() override;

  const std::string& url() const { return schema_.url(); }  // of the owner
  const std::string& application_url() const { return schema_.application_url(); }
  db::Database& database() { return *database_; }
  // One statement outside of the pool, by the owner, for preparing and looking.
  pqxx::result sql(const std::string& statement);

 private:
  TestDatabase schema_;
  std::unique_ptr<db::Database> database_;
};

}  // namespace runbook::testing
