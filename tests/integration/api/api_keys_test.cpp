#include <gmock/gmock.h>

#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;

class ApiKeysTest : public ApiTest {};

TEST_F(ApiKeysTest, AreShownOnceAndWorkAtOnce) {
  const auto made =
      post("/api-keys", {{"name", "tool"}, {"owner", "alice"}, {"roles", {"operator", "viewer"}}});
  ASSERT_EQ(made.status, 201u) << made.text;
  EXPECT_EQ(made.at("/owner"), "alice");
  EXPECT_EQ(made.header("Location"), "/api-keys/" + made.at("/id"));
  const auto me = send({.path = "/me", .headers = {{"x-api-key", made.at("/key")}}});
  EXPECT_EQ(me.at("/name"), "alice");
  EXPECT_EQ(me.at("/roles"), "[\"operator\",\"viewer\"]");
  const auto list = get("/api-keys");
  EXPECT_EQ(list.text.find(made.at("/key")), std::string::npos);
  EXPECT_EQ(list.at("/items/0/id"), made.at("/id"));
  EXPECT_NE(list.at("/items/0/last_used_at"), "null");
}

TEST_F(ApiKeysTest, BelongToTheirMakerUnlessAnOwnerIsNamed) {
  const auto made = post("/api-keys", {{"name", "mine"}, {"roles", {"viewer"}}});
  EXPECT_EQ(made.at("/owner"), "admin");
  const auto again = post("/api-keys", {{"name", "hers"}, {"owner", "alice"}, {"roles", {"viewer"}}});
  const auto other = post("/api-keys", {{"name", "hers too"}, {"owner", "alice"}, {"roles", {"viewer"}}});
  EXPECT_EQ(again.at("/owner_id"), other.at("/owner_id"));
}

TEST_F(ApiKeysTest, ARevokedOneEndsAtOnceWithItsSessions) {
  const auto made = post("/api-keys", {{"name", "tool"}, {"roles", {"viewer"}}});
  const auto key = made.at("/key");
  const auto session = send({.method = http::Method::kPost,
                             .path = "/session",
                             .body = json::serialize(json::object{{"key", key}})});
  const auto cookie = session.header("Set-Cookie").substr(0, session.header("Set-Cookie").find(';'));
  EXPECT_EQ(send({.path = "/me", .headers = {{"cookie", cookie}}}).status, 200u);
  EXPECT_EQ(remove("/api-keys/" + made.at("/id")).status, 204u);
  EXPECT_EQ(send({.path = "/me", .headers = {{"x-api-key", key}}}).status, 401u);
  EXPECT_EQ(send({.path = "/me", .headers = {{"cookie", cookie}}}).status, 401u);
  EXPECT_EQ(remove("/api-keys/" + made.at("/id")).status, 204u);
  EXPECT_NE(get("/api-keys?limit=1").at("/items/0/revoked_at"), "null");
}

TEST_F(ApiKeysTest, AnExpiredOneDoesNotWork) {
  const auto made =
      post("/api-keys", {{"name", "x"}, {"roles", {"viewer"}}, {"expires_at", "2099-01-01T00:00:00Z"}});
  ASSERT_EQ(made.status, 201u) << made.text;
  sql("UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = '" + made.at("/id") + "'");
  EXPECT_EQ(send({.path = "/me", .headers = {{"x-api-key", made.at("/key")}}}).status, 401u);
}

TEST_F(ApiKeysTest, FaultsAreNamed) {
  const auto reply =
      post("/api-keys", {{"roles", {"root", "viewer", "viewer", 7, json::object{{"role", "viewer"}}}},
                         {"expires_at", "2001-01-01T00:00:00Z"}});
  EXPECT_THAT(reply.faults(), ElementsAre("/name required", "/roles/0 bad_value", "/roles/2 duplicate",
                                          "/roles/3 wrong_type", "/expires_at bad_value"));
  EXPECT_THAT(post("/api-keys", {{"name", "n"}, {"roles", json::array{}}}).faults(),
              ElementsAre("/roles bad_value"));
  EXPECT_THAT(post("/api-keys", {{"name", "n"}}).faults(), ElementsAre("/roles required"));
  EXPECT_EQ(remove("/api-keys/00000000-0000-4000-8000-00000000dead").status, 404u);
}

// Null where a limit is meant must not make a key without one.
TEST_F(ApiKeysTest, ALimitIsAText) {
  for (const auto* limit : {"hosts", "runbooks"}) {
    for (const auto& wrong :
         {json::value(nullptr), json::value(7), json::value(""), json::value("env in (")}) {
      const json::object role{{"role", "operator"}, {limit, wrong}};
      const auto reply = post("/api-keys", {{"name", "n"}, {"roles", json::array{role}}});
      EXPECT_EQ(reply.status, 422U) << json::serialize(role) << reply.text;
      ASSERT_EQ(reply.faults().size(), 1U) << reply.text;
      EXPECT_TRUE(reply.faults().front().starts_with(std::string("/roles/0/") + limit)) << reply.text;
    }
  }
  EXPECT_EQ(get("/api-keys").body.at("items").as_array().size(), 1U);  // the fixture's own
}

TEST_F(ApiKeysTest, AreListedInPages) {
  for (int i = 0; i < 5; ++i) post("/api-keys", {{"name", "k" + std::to_string(i)}, {"roles", {"viewer"}}});
  std::vector<std::string> names;
  std::string cursor;
  do {
    const auto page = get("/api-keys?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page.body.at("items").as_array()) names.emplace_back(item.at("name").as_string());
    cursor = page.body.at("next_cursor").is_null() ? "" : page.at("/next_cursor");
  } while (!cursor.empty());
  EXPECT_THAT(names, ElementsAre("k4", "k3", "k2", "k1", "k0", "admin key"));
}

}  // namespace
}  // namespace runbook::api
