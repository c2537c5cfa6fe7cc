#include <gmock/gmock.h>

#include "controller/auth/rights.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;

class RolesTest : public ApiTest {
 protected:
  // A member of a role's item.
  std::string of(const std::string& role, const char* member, std::string_view caller = "viewer") {
    const auto reply = as(caller, {.path = "/roles"});
    EXPECT_EQ(reply.status, 200u) << reply.text;
    for (const auto& item : reply.body.at("items").as_array()) {
      if (item.at("role").as_string() == role) return json::serialize(item.at(member));
    }
    return "no such role";
  }
};

TEST_F(RolesTest, SayWhatEachMay) {
  EXPECT_EQ(of("viewer", "rights"), R"(["read","read_metrics"])");
  EXPECT_EQ(of("operator", "rights"), R"(["read","read_metrics","execute","approve_own","use_credentials"])");
  EXPECT_EQ(of("approver", "rights"), R"(["read","read_metrics","approve_own","approve"])");
  EXPECT_EQ(of("author", "rights"), R"(["read","read_metrics","author"])");
  EXPECT_EQ(of("admin", "rights"),
            R"(["admin","read","read_metrics","execute","approve_own","approve","author","use_credentials",)"
            R"("manage_hosts","manage_tokens","manage_credentials","manage_keys","read_audit"])");
}

TEST_F(RolesTest, AreAllThereInTheirOrder) {
  const auto reply = as("viewer", {.path = "/roles"});
  std::vector<std::string> roles;
  for (const auto& item : reply.body.at("items").as_array()) roles.emplace_back(item.at("role").as_string());
  EXPECT_THAT(roles, ElementsAre("viewer", "operator", "approver", "author", "admin"));
}

TEST_F(RolesTest, NameThePeopleWhoHaveThem) {
  EXPECT_EQ(of("operator", "people"), "[]");
  key("operator");
  const auto body = [](const char* owner) {
    return json::object{{"name", "k"}, {"owner", owner}, {"roles", {"operator", "viewer"}}};
  };
  post("/api-keys", body("zoe"));
  post("/api-keys", body("zoe"));
  const auto revoked = post("/api-keys", body("adam"));
  EXPECT_EQ(of("operator", "people"), R"(["adam","operator","zoe"])");
  EXPECT_EQ(of("viewer", "people"), R"(["adam","viewer","zoe"])");
  remove("/api-keys/" + revoked.at("/id"));
  sql("UPDATE api_key SET expires_at = now() WHERE name = 'operator key'");
  EXPECT_EQ(of("operator", "people"), R"(["zoe"])");
}

}  // namespace
}  // namespace runbook::api
