// POST /runbooks/dry-run: a document that is not saved. What the engine makes of it is
// tests/integration/engine.
#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr auto kYaml = R"(title: Uptime # kept nowhere
blocks:
  - type: command
    name: Up
    config: { command: uptime }
)";

class DryRunTest : public ApiTest {
 protected:
  Reply dry_run(const json::value& body, std::string_view role = "author") {
    return as(role, {.method = Method::kPost, .path = "/runbooks/dry-run", .body = json::serialize(body)});
  }
};

TEST_F(DryRunTest, HandsTheDocumentToTheEngineAndStoresNothing) {
  engine_.preview =
      json::object{{"title", "Runbook"}, {"blocks", json::array{}}, {"unreachable", json::array{}}};
  const auto reply = dry_run({{"runbook", runbook_document()},
                              {"parameters", {{"p", 1}}},
                              {"targets", {{"selector", "a=b"}, {"hosts", {"h"}}}},
                              {"steps", {{"from", "read"}, {"to", "run"}}}});
  EXPECT_EQ(reply.status, 200u) << reply.text;
  EXPECT_EQ(reply.at("/title"), "Runbook");
  ASSERT_EQ(engine_.documents.size(), 1u);
  EXPECT_EQ(engine_.documents.front().blocks.size(), 2u);
  const auto& request = engine_.previewed.front();
  EXPECT_EQ(request.parameters.at("p").as_int64(), 1);
  EXPECT_EQ(request.targets.selector, "a=b");
  EXPECT_THAT(request.targets.hosts, ElementsAre("h"));
  EXPECT_EQ(request.from, "read");
  EXPECT_EQ(request.to, "run");
  EXPECT_TRUE(engine_.executed.empty());
  EXPECT_EQ(sql("SELECT count(*) FROM runbook")[0][0].as<int>(), 0);
}

TEST_F(DryRunTest, TakesYamlToo) {
  EXPECT_EQ(dry_run({{"yaml", kYaml}}).status, 200u);
  ASSERT_EQ(engine_.documents.size(), 1u);
  EXPECT_EQ(engine_.documents.front().title, "Uptime");
  EXPECT_EQ(engine_.documents.front().blocks.front().slug, "up");
}

TEST_F(DryRunTest, IsForAuthors) {
  for (const auto* role : {"viewer", "operator", "approver"}) {
    EXPECT_EQ(dry_run({{"yaml", kYaml}}, role).status, 403u) << role;
  }
  EXPECT_EQ(dry_run({{"yaml", kYaml}}, "admin").status, 200u);
}

TEST_F(DryRunTest, FaultsOfTheDocumentStandBelowRunbook) {
  auto document = runbook_document();
  document["title"] = 7;
  document["blocks"].as_array().at(1).as_object()["type"] = "shell";
  const auto reply =
      dry_run({{"runbook", document}, {"parameters", 1}, {"steps", {{"from", "A B"}}}, {"x", 1}});
  EXPECT_EQ(reply.status, 422u);
  EXPECT_THAT(reply.faults(),
              UnorderedElementsAre("/runbook/title wrong_type", "/runbook/blocks/1/type bad_value",
                                   "/parameters wrong_type", "/steps/from bad_value", "/x unknown_field"));
  EXPECT_TRUE(engine_.documents.empty());
}

TEST_F(DryRunTest, FaultsInYamlSayTheirLine) {
  const auto reply = dry_run({{"yaml", "title: Uptime\nblocks: 7\n"}});
  EXPECT_THAT(reply.faults(), ElementsAre("/runbook/blocks wrong_type"));
  EXPECT_THAT(reply.at("/errors/0/message"), HasSubstr("ine 2"));
  const auto broken = dry_run({{"yaml", "title: [\n"}});
  EXPECT_EQ(broken.status, 422u);
  EXPECT_THAT(broken.faults(), ElementsAre("/yaml bad_value"));
}

TEST_F(DryRunTest, NeedsExactlyOneDocument) {
  EXPECT_THAT(dry_run(json::object{}).faults(), ElementsAre("/runbook required"));
  EXPECT_THAT(dry_run({{"runbook", runbook_document()}, {"yaml", kYaml}}).faults(),
              ElementsAre("/runbook bad_value"));
  EXPECT_EQ(dry_run(json::array{}).status, 422u);
  EXPECT_THAT(dry_run({{"yaml", 7}}).faults(), ElementsAre("/yaml wrong_type"));
}

TEST_F(DryRunTest, WhatTheEngineRefusesIsToldWithTheRest) {
  engine_.preview =
      std::unexpected(Error{ErrorCode::kInvalid, "No.", {{"/targets", "required", "Say on which hosts."}}});
  EXPECT_THAT(dry_run({{"yaml", kYaml}, {"steps", 7}}).faults(),
              UnorderedElementsAre("/steps wrong_type", "/targets required"));
}

TEST_F(DryRunTest, TheTextMayBeAsLongAsADraft) {
  const std::string comment =
      "#" + std::string(limits::kDraftBytes - std::string(kYaml).size() - 2, '"') + "\n";
  EXPECT_EQ(dry_run({{"yaml", comment + kYaml}}).status, 200u);
  EXPECT_THAT(dry_run({{"yaml", "#" + comment + kYaml}}).faults(), ElementsAre("/yaml too_long"));
}

}  // namespace
}  // namespace runbook::api
