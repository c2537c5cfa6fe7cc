#include <gmock/gmock.h>

#include "controller/secrets/sealed_secret.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/integration/api/two_teams.hpp"
#include "tests/support/await.hpp"
#include "tests/support/credential_keys.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kSecret = "hunter2-and-more";

json::object credential(std::string name, std::string type = "api") {
  return {{"name", std::move(name)}, {"type", std::move(type)}, {"secret", kSecret}};
}

class CredentialsTest : public ApiTest {
 protected:
  Reply replace(const std::string& id, std::string secret) {
    return as("admin", {.method = http::Method::kPut,
                        .path = "/credentials/" + id,
                        .body = json::serialize(json::object{{"secret", std::move(secret)}})});
  }
  std::string stored(const std::string& id) {
    return sql("SELECT sealed FROM credential WHERE id = '" + id + "'")[0][0].as<std::string>();
  }
  // What the stored secret opens to.
  std::string opened(const std::string& id) {
    return secrets::open_secret(testing::credential_keys(), Uuid::parse(id).value(), stored(id)).value_or("");
  }
};

TEST_F(CredentialsTest, SealingOneAnewIsARow) {
  const auto id = *Uuid::parse(post("/credentials", credential("pay_token")).at("/id"));
  const auto before = stored(id.str());
  const auto reseal = [&](const std::string& was) {
    return testing::await(loop_, context_.credentials.reseal({id, "sealed anew"}, was, audit_.origin()));
  };
  EXPECT_TRUE(reseal(before));
  EXPECT_FALSE(reseal(before));  // it is another by now
  const auto rows = sql("SELECT object_id, object_name FROM audit_event WHERE action = 'credential.reseal'");
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0][0].as<std::string>(), id.str());
  EXPECT_EQ(rows[0][1].as<std::string>(), "pay_token");
}

TEST_F(CredentialsTest, AreStoredSealedAndNeverShown) {
  const auto made = post("/credentials", credential("pay_token"));
  ASSERT_EQ(made.status, 201u) << made.text;
  EXPECT_EQ(made.header("Location"), "/credentials/" + made.at("/id"));
  EXPECT_EQ(made.at("/name"), "pay_token");
  EXPECT_EQ(made.at("/created_by_name"), "admin");
  EXPECT_EQ(made.at("/rotated_at"), "null");
  EXPECT_THAT(made.text, Not(HasSubstr(kSecret)));
  EXPECT_THAT(get("/credentials").text, Not(HasSubstr(kSecret)));
  EXPECT_THAT(get("/audit").text, Not(HasSubstr(kSecret)));
  EXPECT_THAT(stored(made.at("/id")), Not(HasSubstr(kSecret)));
  EXPECT_EQ(opened(made.at("/id")), kSecret);
}

TEST_F(CredentialsTest, ASecretMovedToAnotherRecordDoesNotOpen) {
  const auto one = post("/credentials", credential("one")).at("/id");
  const auto other = post("/credentials", credential("other")).at("/id");
  sql("UPDATE credential SET sealed = (SELECT sealed FROM credential WHERE id = '" + one + "') WHERE id = '" +
      other + "'");
  EXPECT_EQ(opened(one), kSecret);
  EXPECT_EQ(opened(other), "");
}

TEST_F(CredentialsTest, AreReplacedAndSaySo) {
  const auto id = post("/credentials", credential("deploy_key", "ssh")).at("/id");
  const auto reply = replace(id, "another secret");
  EXPECT_EQ(reply.status, 200u) << reply.text;
  EXPECT_NE(reply.at("/rotated_at"), "null");
  EXPECT_EQ(opened(id), "another secret");
  EXPECT_EQ(replace("00000000-0000-4000-8000-000000000000", "x").status, 404u);
}

TEST_F(CredentialsTest, ATakenNameIsAConflict) {
  EXPECT_EQ(post("/credentials", credential("pay_token")).status, 201u);
  const auto again = post("/credentials", credential("pay_token", "ssh"));
  EXPECT_EQ(again.status, 409u);
  EXPECT_THAT(again.at("/detail"), HasSubstr("pay_token"));
}

TEST_F(CredentialsTest, FaultsAreNamedWithoutTheSecret) {
  const auto reply =
      post("/credentials", {{"name", "Pay-Token"}, {"type", "gpg"}, {"secret", ""}, {"owner", "mina"}});
  EXPECT_EQ(reply.status, 422u);
  EXPECT_THAT(reply.faults(),
              ElementsAre("/name bad_value", "/type bad_value", "/secret bad_value", "/owner unknown_field"));
  const auto long_one =
      post("/credentials",
           {{"name", "a"}, {"type", "ssh"}, {"secret", std::string(limits::kCredentialBytes + 1, 's')}});
  EXPECT_THAT(long_one.faults(), ElementsAre("/secret too_long"));
  EXPECT_THAT(long_one.text, Not(HasSubstr("sss")));
  const auto most =
      post("/credentials",
           {{"name", "a"}, {"type", "ssh"}, {"secret", std::string(limits::kCredentialBytes, 's')}});
  EXPECT_EQ(most.status, 201u);
}

TEST_F(CredentialsTest, AreListedByNameInPages) {
  for (const auto* name : {"b", "a", "c"}) post("/credentials", credential(name));
  const auto first = get("/credentials?limit=2");
  EXPECT_EQ(first.at("/items/0/name") + first.at("/items/1/name"), "ab");
  const auto rest = get("/credentials?cursor=" + first.at("/next_cursor"));
  EXPECT_EQ(rest.at("/items/0/name"), "c");
  EXPECT_EQ(rest.at("/next_cursor"), "null");
  EXPECT_EQ(get("/credentials?cursor=zz").status, 422u);
}

TEST_F(CredentialsTest, OperatorsReadNamesAndOnlyAdminsChange) {
  post("/credentials", credential("pay_token"));
  EXPECT_EQ(as("operator", {.path = "/credentials"}).at("/items/0/name"), "pay_token");
  for (const auto* role : {"viewer", "approver", "author"})
    EXPECT_EQ(as(role, {.path = "/credentials"}).status, 403u) << role;
  EXPECT_EQ(
      as("operator",
         {.method = http::Method::kPost, .path = "/credentials", .body = json::serialize(credential("mine"))})
          .status,
      403u);
}

TEST_F(CredentialsTest, MayBeForSomeRunbooksOnly) {
  auto limited = credential("pay_token");
  limited["runbooks"] = "team=pay";
  const auto made = post("/credentials", limited);
  ASSERT_EQ(made.status, 201u) << made.text;
  EXPECT_EQ(made.at("/runbooks"), "team=pay");
  EXPECT_EQ(get("/credentials").at("/items/0/runbooks"), "team=pay");
  const auto id = made.at("/id");
  EXPECT_EQ(replace(id, "another secret").at("/runbooks"), "team=pay");  // as it was
  const auto put = [&](json::value runbooks) {
    return as("admin", {.method = http::Method::kPut,
                        .path = "/credentials/" + id,
                        .body = json::serialize(json::object{{"secret", "s"}, {"runbooks", runbooks}})});
  };
  EXPECT_EQ(put("team in (pay,db)").at("/runbooks"), "team in (pay,db)");
  EXPECT_EQ(put("team in (").faults(), std::vector<std::string>{"/runbooks bad_value"});
  EXPECT_EQ(put("").faults(), std::vector<std::string>{"/runbooks bad_value"});
  EXPECT_EQ(get("/credentials").at("/items/0/runbooks"), "team in (pay,db)");
  EXPECT_EQ(put(nullptr).at("/runbooks"), "null");
  const auto changed =
      sql("SELECT 1 FROM audit_event WHERE action = 'credential.replace' AND "
          "changes::text LIKE '%team in (pay,db)%'");
  EXPECT_EQ(changed.size(), 2);
  EXPECT_EQ(post("/credentials", credential("deploy_key")).at("/runbooks"), "null");
}

// Blocks that name credentials come with their use; the stored document is what counts.
TEST_F(CredentialsTest, OneInUseIsDeletedByForceOnly) {
  const auto id = post("/credentials", credential("pay_token")).at("/id");
  const auto runbook = make_runbook("Pays");
  sql("UPDATE runbook_version SET content = jsonb_set(content::jsonb, '{blocks,1,config,credentials}', "
      "'[\"pay_token\"]')::json");
  EXPECT_EQ(get("/credentials").at("/items/0/used_by/0/title"), "Pays");
  const auto refused = remove("/credentials/" + id);
  EXPECT_EQ(refused.status, 409u);
  EXPECT_THAT(refused.at("/detail"), HasSubstr("Pays"));
  EXPECT_EQ(remove("/credentials/" + id + "?force=true").status, 204u);
  EXPECT_EQ(remove("/credentials/" + id).status, 404u);
}

using CredentialsOfTeams = TwoTeamsTest;

// Whose runbooks they are for, and who else shall not know of them.
TEST_F(CredentialsOfTeams, AreListedForThoseInWhoseRunbooksTheyMayBeUsed) {
  const auto make = [this](const char* name, json::value runbooks) {
    auto wanted = credential(name);
    wanted["runbooks"] = std::move(runbooks);
    ASSERT_EQ(post("/credentials", wanted).status, 201u);
  };
  make("a_own", "team=own");
  make("b_other", "team=other");
  make("c_all", nullptr);
  make("d_nowhere", "team=own,mark=nowhere");
  const auto names = [this](Limit limit) {
    std::vector<std::string> list;
    const auto reply = with(auth::Role::kOperator, limit, {.path = "/credentials"});
    for (const auto& item : reply.body.at("items").as_array()) list.emplace_back(item.at("name").as_string());
    return list;
  };
  EXPECT_THAT(names(Limit::kRunbooks), ElementsAre("a_own", "c_all"));
  EXPECT_THAT(names(Limit::kBoth), ElementsAre("a_own", "c_all"));
  EXPECT_THAT(names(Limit::kNone), ElementsAre("a_own", "b_other", "c_all", "d_nowhere"));
}

}  // namespace
}  // namespace runbook::api
