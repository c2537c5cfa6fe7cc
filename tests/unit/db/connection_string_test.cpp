#include "db/connection_string.hpp"

#include <gtest/gtest.h>

namespace runbook::db {
namespace {

DatabaseSettings with_url(std::string url) {
  DatabaseSettings settings;
  settings.url = std::move(url);
  return settings;
}

TEST(ConnectionString, AUrlKeepsItsPartsAndGetsOurLimits) {
  const auto text =
      connection_string(with_url("postgresql://me:pa%27ss@db.example:5433/book?sslmode=require"));
  for (const auto* part :
       {"host='db.example'", "port='5433'", "dbname='book'", "user='me'", R"(password='pa\'ss')",
        "sslmode='require'", "connect_timeout='5'", "statement_timeout=10000"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
}

TEST(ConnectionString, TheUrlsOwnTimeoutsWin) {
  const auto text =
      connection_string(with_url("host=/run dbname=book connect_timeout=30 options='-c work_mem=8MB'"));
  EXPECT_NE(text.find("connect_timeout='30'"), std::string::npos) << text;
  EXPECT_NE(text.find("-c work_mem=8MB -c statement_timeout"), std::string::npos) << text;
}

TEST(ConnectionString, AnUnreadableUrlIsRefusedInOneSentence) {
  try {
    connection_string(with_url("postgresql://[::1/book"));
    FAIL() << "read";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string{error.what()}.find("database URL cannot be read"), std::string::npos)
        << error.what();
  }
}

TEST(ConnectionString, OneLineIsTheFirst) { EXPECT_EQ(one_line("FATAL: no\nDETAIL: more\n"), "FATAL: no"); }

}  // namespace
}  // namespace runbook::db
