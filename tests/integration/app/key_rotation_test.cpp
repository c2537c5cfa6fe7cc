// Keys of credentials and secret parameters: what does not open is noticed at the start, and everything moves
// to another key while it is used.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>

#include "controller/app/credential_keys.hpp"
#include "controller/app/settings.hpp"
#include "controller/secrets/sealed_secret.hpp"
#include "controller/store/credential_store.hpp"
#include "controller/store/sealed_value_store.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/support/audit.hpp"
#include "tests/support/await.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::app {
namespace {

using secrets::FernetKeys;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kOld = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr const char* kOther = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
constexpr const char* kNew = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

FernetKeys keys(const std::string& text) { return FernetKeys::parse(text).value(); }

class KeyRotationTest : public testing::PostgresTest {
 protected:
  KeyRotationTest() { sql("INSERT INTO person (id, name) VALUES ('" + person_.str() + "', 'Ada')"); }

  // In one statement: there may be many.
  void add_credentials(const std::vector<std::string>& names, const FernetKeys& with) {
    std::string rows;
    for (const auto& name : names) {
      const auto id = runtime::new_uuid();
      rows += fmt::format("{}('{}', '{}', 'api', '{}', '{}')", rows.empty() ? "" : ", ", id.str(), name,
                          secrets::seal_secret(with, id, "secret of " + name, Time{}), person_.str());
    }
    sql("INSERT INTO credential (id, name, type, sealed, created_by) VALUES " + rows);
  }

  // An execution with one sealed parameter, and a step with one sealed value.
  Uuid add_execution(const FernetKeys& with) {
    const auto runbook = runtime::new_uuid().str();
    const auto version = runtime::new_uuid().str();
    const auto id = runtime::new_uuid();
    sql("INSERT INTO runbook (id, title, description, labels, version_number, created_by) VALUES ('" +
        runbook + "', 'T', '', '{}', 1, '" + person_.str() + "')");
    sql("INSERT INTO runbook_version (id, runbook_id, version_number, content, created_by) VALUES ('" +
        version + "', '" + runbook + "', 1, '{\"blocks\": []}', '" + person_.str() + "')");
    sql("INSERT INTO execution (id, runbook_id, version_id, version_number, title, status, approval, "
        "parameters, requested_by) VALUES ('" +
        id.str() + "', '" + runbook + "', '" + version + "', 1, 'T', 'pending', 'each', '{}', '" +
        person_.str() + "')");
    sql("INSERT INTO execution_secret (execution_id, name, sealed) VALUES ('" + id.str() + "', 'pin', '" +
        secrets::seal_part(with, id, "parameter pin", "\"hunter2\"", Time{}) + "')");
    sql("INSERT INTO execution_step (id, job_id, block_id, slug, name, type, \"order\", status, frozen) "
        "VALUES ('" +
        runtime::new_uuid().str() + "', '" + id.str() + "', '" + id.str() +
        "', 's', 'S', 'command', 0, 'pending', '{\"script\": \"x\", \"sealed\": \"" +
        secrets::seal_part(with, id, "step " + id.str(), "{}", Time{}) + "\"}')");
    return id;
  }

  // Opens one credential again and again, as executions do; how often it did.
  static boost::asio::awaitable<std::size_t> use(store::CredentialStore* store, FernetKeys with, Uuid id,
                                                 std::shared_ptr<bool> over) {
    std::size_t opened = 0;
    const std::vector<Uuid> ids{id};
    while (!*over) {
      const auto found = co_await store->use(ids, Uuid{});
      const bool opens = found.size() == 1 && secrets::open_secret(with, id, found[0].sealed).has_value();
      EXPECT_TRUE(opens);
      ++opened;
    }
    co_return opened;
  }

  std::string text(const std::string& query) { return db::text(sql(query)[0][0]); }

  const Uuid person_ = runtime::new_uuid();
  const testing::TestAudit audit_;
  boost::asio::io_context io_;
  store::CredentialStore credentials_{database()};
  store::SealedValueStore values_{database()};
};

TEST_F(KeyRotationTest, AThousandCredentialsMoveToTheFirstKeyWhileTheyAreUsed) {
  const auto old = keys(kOld);
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back(fmt::format("c{}", i));
  add_credentials(names, old);
  const auto replaced = Uuid::parse(text("SELECT id FROM credential WHERE name = 'c7'")).value();
  const auto both = keys(std::string(kNew) + "," + kOld);
  const auto over = std::make_shared<bool>(false);
  std::size_t used = 0;
  boost::asio::co_spawn(io_, use(&credentials_, both, replaced, over),
                        [&used](std::exception_ptr error, std::size_t times) {
                          EXPECT_FALSE(error);
                          used = times;
                        });
  auto rotate = [](store::CredentialStore& store, const FernetKeys& with, store::Origin by,
                   std::shared_ptr<bool> done) -> boost::asio::awaitable<Resealed> {
    const auto count = co_await rotate_credential_keys(store, with, std::move(by));
    *done = true;
    co_return count;
  };
  EXPECT_EQ(testing::await(io_, rotate(credentials_, both, audit_.origin(), over)), (Resealed{1000, 0}));
  EXPECT_GT(used, 0U);
  const auto fresh = keys(kNew);
  for (const auto& row : sql("SELECT id, name, sealed FROM credential")) {
    EXPECT_EQ(secrets::open_secret(fresh, db::uuid(row[0]), db::text(row[2])),
              "secret of " + db::text(row[1]));
  }
  EXPECT_EQ(testing::await(io_, rotate_credential_keys(credentials_, both, audit_.origin())), Resealed{});
  // One that is replaced between reading and writing keeps its new secret.
  store::SealedCredential stale{replaced, secrets::seal_secret(fresh, replaced, "stale", Time{})};
  EXPECT_FALSE(testing::await(io_, credentials_.reseal(stale, "what it was", audit_.origin())));
}

TEST_F(KeyRotationTest, ValuesOfExecutionsMoveTooAndStayWhatTheyAre) {
  const auto old = keys(kOld);
  const auto id = add_execution(old);
  add_execution(keys(kNew));
  const auto both = keys(std::string(kNew) + "," + kOld);
  EXPECT_EQ(testing::await(io_, reseal_values(values_, both)), (Resealed{2, 0}));
  EXPECT_EQ(testing::await(io_, reseal_values(values_, both)), Resealed{});
  const auto where = " = '" + id.str() + "'";
  const auto pin = text("SELECT sealed FROM execution_secret WHERE execution_id" + where);
  EXPECT_EQ(secrets::open_part(keys(kNew), id, "parameter pin", pin), "\"hunter2\"");
  const auto step = text("SELECT frozen->>'sealed' FROM execution_step WHERE job_id" + where);
  EXPECT_EQ(secrets::open_part(keys(kNew), id, "step " + id.str(), step), "{}");
  EXPECT_EQ(text("SELECT frozen->>'script' FROM execution_step WHERE job_id" + where), "x");
}

// Keys must not be taken away then.
TEST_F(KeyRotationTest, WhatNoKeyOpensIsLeftAloneAndCounted) {
  add_execution(keys(kOld));
  add_credentials({"one", "two"}, keys(kOld));
  add_credentials({"three"}, keys(kOther));
  const auto before = text("SELECT sealed FROM credential WHERE name = 'one'");
  const auto some = keys(std::string(kNew) + "," + kOther);
  const auto credentials = testing::await(io_, rotate_credential_keys(credentials_, some, audit_.origin()));
  EXPECT_EQ(credentials, (Resealed{1, 2}));
  const auto values = testing::await(io_, reseal_values(values_, some));
  EXPECT_EQ(values, (Resealed{0, 2}));
  EXPECT_EQ(text("SELECT sealed FROM credential WHERE name = 'one'"), before);
  EXPECT_THAT(told(credentials, values),
              HasSubstr("2 credential(s) and 2 value(s) open with none of the keys"));
  EXPECT_THAT(told(credentials, values), Not(HasSubstr("may now be taken away")));
  EXPECT_THAT(told({1, 0}, {0, 2}), Not(HasSubstr("may now be taken away")));
  EXPECT_THAT(told({1, 0}, {2, 0}), HasSubstr("may now be taken away"));
}

// Executions under way would fail one after the other.
TEST_F(KeyRotationTest, AStartWithoutTheKeyOfAnOpenExecutionFails) {
  add_execution(keys(kOld));
  EXPECT_NO_THROW(testing::await(io_, check_sealed_values(values_, keys(kOld))));
  EXPECT_THROW(testing::await(io_, check_sealed_values(values_, keys(kNew))), SettingsError);
  sql("UPDATE execution SET status = 'failed', end_time = now()");
  EXPECT_NO_THROW(testing::await(io_, check_sealed_values(values_, keys(kNew))));
}

// S35: an encryption that is not what it was is noticed at the start.
TEST_F(KeyRotationTest, AStartWithTheWrongKeyOrSwappedRowsFails) {
  const auto old = keys(kOld);
  add_credentials({"one", "two"}, old);
  EXPECT_NO_THROW(testing::await(io_, check_credential_keys(credentials_, old)));
  EXPECT_THROW(testing::await(io_, check_credential_keys(credentials_, keys(kNew))), SettingsError);
  sql("UPDATE credential c SET sealed = o.sealed FROM credential o WHERE o.id <> c.id");
  EXPECT_THROW(testing::await(io_, check_credential_keys(credentials_, old)), SettingsError);
}

}  // namespace
}  // namespace runbook::app
