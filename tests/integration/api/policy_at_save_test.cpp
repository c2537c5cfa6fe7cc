// The command policy where runbooks are saved: every way in names the place and the word that would allow it,
// and nothing is stored.
#include <gmock/gmock.h>

#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class PolicyAtSaveTest : public ApiTest {
 protected:
  static json::object document(json::array allow = {}) {
    json::object config = {{"command", "true\necho x > /etc/motd"}};
    if (!allow.empty()) config["allow"] = std::move(allow);
    return {{"title", "Motd"}, {"blocks", {{{"name", "Write"}, {"type", "command"}, {"config", config}}}}};
  }

  static void expect_refused(const Reply& reply, const std::string& pointer) {
    ASSERT_EQ(reply.status, 422u) << reply.text;
    EXPECT_EQ(reply.at("/errors/0/code"), "command_policy");
    EXPECT_EQ(reply.at("/errors/0/pointer"), pointer);
    EXPECT_THAT(reply.at("/errors/0/message"), StartsWith("line 2, column 8: "));
    EXPECT_THAT(reply.at("/errors/0/message"), HasSubstr("list \"write:/etc/motd\" in allow"));
  }
};

TEST_F(PolicyAtSaveTest, EveryWayInRefusesWhatThePolicyDoes) {
  constexpr auto kPointer = "/blocks/0/config/command";
  expect_refused(post("/runbooks", document()), kPointer);
  expect_refused(post("/runbooks/dry-run", {{"runbook", document()}}), std::string("/runbook") + kPointer);
  const auto path = "/runbooks/" + std::string(make_runbook("Disk").at("id").as_string());
  expect_refused(as("author", {.method = Method::kPut, .path = path, .body = json::serialize(document())}),
                 kPointer);
  EXPECT_EQ(get(path).at("/version/version_number"), "1");
  EXPECT_EQ(get("/runbooks").body.at("items").as_array().size(), 1u);
}

TEST_F(PolicyAtSaveTest, WhatABlockListsIsSavedAndShown) {
  const auto reply = post("/runbooks", document({"write:/etc/motd"}));
  ASSERT_EQ(reply.status, 201u) << reply.text;
  EXPECT_EQ(reply.at("/blocks/0/config/allow/0"), "write:/etc/motd");
  EXPECT_EQ(get(reply.header("Location")).at("/blocks/0/config/allow/0"), "write:/etc/motd");
}

TEST_F(PolicyAtSaveTest, AWordThatMeansNothingIsNamed) {
  const auto reply = post("/runbooks", document({"write:/etc/motd", "everything"}));
  ASSERT_EQ(reply.status, 422u);
  EXPECT_EQ(reply.at("/errors/0/pointer"), "/blocks/0/config/allow/1");
  EXPECT_EQ(reply.at("/errors/0/code"), "command_policy");
}

}  // namespace
}  // namespace runbook::api
