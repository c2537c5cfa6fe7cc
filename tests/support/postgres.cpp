#include "tests/support/postgres.hpp"

#include <algorithm>

#include "protocol/runtime/random.hpp"
#include "tests/support/cluster.hpp"

namespace runbook::testing {
namespace {

void on_cluster(const std::string& statement) {
  pqxx::connection session{cluster_url("postgres")};
  pqxx::nontransaction work{session};
  work.exec(statement);
}

std::string fresh_name() {
  auto name = "test_" + runtime::new_uuid().str();
  std::ranges::replace(name, '-', '_');
  return name;
}

}  // namespace

TestDatabase::TestDatabase(Schema schema)
    : name_(fresh_name()),
      url_(cluster_url(name_)),
      application_url_(cluster_url(name_, ClusterRole::kApplication)) {
  const std::string source = schema == Schema::kMigrated ? kTemplate : "template0";
  on_cluster("CREATE DATABASE " + name_ + " TEMPLATE " + source);
}

TestDatabase::~TestDatabase() {
  try {
    on_cluster("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::exception& error) {
    ADD_FAILURE() << "the test's database stays: " << error.what();
  }
}

PostgresTest::PostgresTest() {
  db::DatabaseSettings settings;
  settings.url = schema_.application_url();
  settings.connections = 4;
  database_ = std::make_unique<db::Database>(settings);
}

PostgresTest::~PostgresTest() = default;

pqxx::result PostgresTest::sql(const std::string& statement) {
  pqxx::connection session{url()};
  pqxx::nontransaction work{session};
  return work.exec(statement);
}

}  // namespace runbook::testing
