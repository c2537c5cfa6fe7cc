#include "db/parameters.hpp"

#include "tests/support/hostile_texts.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::db {
namespace {

class ParametersTest : public testing::PostgresTest {
 protected:
  template <class... Values>
  pqxx::result ask(const std::string& statement, const Values&... values) {
    return database().transact_here("ask",
                                    [&](pqxx::work& work) { return exec(work, statement, values...); });
  }
};

TEST_F(ParametersTest, ValuesComeBackAsTheyWent) {
  const auto id = *Uuid::parse("00112233-4455-6677-8899-aabbccddeeff");
  const auto now = *parse_rfc3339("2026-11-21T17:57:37.123456Z");
  const auto rows = ask("SELECT $1::uuid, $2::timestamptz, $3::text, $4::bigint, $5::boolean", id, now,
                        "it's \\ a \"text\"", 9'007'199'254'740'993, true);
  EXPECT_EQ(uuid(rows[0][0]), id);
  EXPECT_EQ(time(rows[0][1]), now);
  EXPECT_EQ(text(rows[0][2]), "it's \\ a \"text\"");
  EXPECT_EQ(integer(rows[0][3]), 9'007'199'254'740'993);
  EXPECT_TRUE(boolean(rows[0][4]));
}

TEST_F(ParametersTest, HostileTextsComeBackAsTheyWent) {
  for (const auto& given : testing::hostile_texts()) {
    const auto rows = ask("SELECT $1::text, $2::jsonb ->> 'x'", given, boost::json::object{{"x", given}});
    EXPECT_EQ(text(rows[0][0]), given);
    EXPECT_EQ(text(rows[0][1]), given);
  }
}

TEST_F(ParametersTest, TimesKeepTheirMicrosecondsAndWholeSecondsHaveNone) {
  for (const auto* moment :
       {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59.9Z", "2026-01-01T00:00:00.000001Z"}) {
    const auto given = *parse_rfc3339(moment);
    EXPECT_EQ(time(ask("SELECT $1::timestamptz", given)[0][0]), given) << moment;
  }
}

TEST_F(ParametersTest, NullsAreOptionalValues) {
  const auto rows = ask("SELECT $1::text, $2::uuid, $3::timestamptz, $4::bigint, $5::json",
                        std::optional<std::string>{}, std::optional<Uuid>{}, nullptr, std::nullopt, nullptr);
  EXPECT_EQ(optional_text(rows[0][0]), std::nullopt);
  EXPECT_EQ(optional_uuid(rows[0][1]), std::nullopt);
  EXPECT_EQ(optional_time(rows[0][2]), std::nullopt);
  EXPECT_EQ(optional_integer(rows[0][3]), std::nullopt);
  EXPECT_TRUE(json(rows[0][4]).is_null());
  EXPECT_THROW(text(rows[0][0]), std::runtime_error);
}

TEST_F(ParametersTest, EmptyIsNotNull) {
  EXPECT_EQ(optional_text(ask("SELECT $1::text", "")[0][0]), "");
  EXPECT_EQ(bytes(ask("SELECT $1::bytea", Bytes{""})[0][0]), "");
}

TEST_F(ParametersTest, EveryByteSurvivesBytea) {
  std::string all;
  for (int i = 0; i < 1024; ++i) all.push_back(static_cast<char>(i));
  const auto rows = ask("SELECT $1::bytea, octet_length($1::bytea)", Bytes{all});
  EXPECT_EQ(bytes(rows[0][0]), all);
  EXPECT_EQ(integer(rows[0][1]), 1024);
}

TEST_F(ParametersTest, TextBytesAndNullsMixInOneDynamicList) {
  Parameters parameters;
  std::string statement = "SELECT ";
  for (int i = 0; i < 3; ++i) {
    parameters.add(i).add(Bytes{std::string(3, static_cast<char>(i))}).add(nullptr);
    statement += "$" + std::to_string(3 * i + 1) + "::int, $" + std::to_string(3 * i + 2) + "::bytea, $" +
                 std::to_string(3 * i + 3) + "::text" + (i < 2 ? ", " : "");
  }
  const auto rows = ask(statement, parameters);
  EXPECT_EQ(integer(rows[0][6]), 2);
  EXPECT_EQ(bytes(rows[0][4]), std::string(3, '\1'));
  EXPECT_TRUE(rows[0][8].is_null());
}

TEST_F(ParametersTest, ArraysKeepOddTexts) {
  const std::vector<std::string> texts = {"plain", "",     "with \"quotes\" and \\", "a,b", "{c}",
                                          "NULL",  "ünï\n"};
  const auto rows = ask("SELECT unnest($1::text[])", texts);
  ASSERT_EQ(static_cast<std::size_t>(rows.size()), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(text(rows[static_cast<pqxx::result::size_type>(i)][0]), texts[i]);
  }
  const auto id = *Uuid::parse("00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(uuid(ask("SELECT unnest($1::uuid[])", std::vector<Uuid>{id})[0][0]), id);
  EXPECT_EQ(
      integer(ask("SELECT sum(n) FROM unnest($1::bigint[]) n", std::vector<std::int64_t>{1, 2, 3})[0][0]), 6);
}

TEST_F(ParametersTest, JsonKeepsItsValue) {
  const boost::json::object document{{"name", "ünï"}, {"list", {1, 2.5, nullptr, true}}};
  EXPECT_EQ(json(ask("SELECT $1::json", document)[0][0]), boost::json::value(document));
}

}  // namespace
}  // namespace runbook::db
