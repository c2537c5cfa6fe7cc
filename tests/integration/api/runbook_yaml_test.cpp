// Runbooks as code: YAML in and out, the kept text, validation without saving.
#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto kText =
    "# Disk space, by the book\n"
    "title: Disk\n"
    "labels: {team: web}\n"
    "blocks:\n"
    "  - type: instruction   # first\n"
    "    name: Read\n"
    "    config: {text: Look.}\n"
    "  - type: command\n"
    "    name: Run\n"
    "    config:\n"
    "      command: |\n"
    "        df -h\n"
    "        exit 0\n";

class RunbookYamlTest : public ApiTest {
 protected:
  Reply send_yaml(Method method, std::string path, std::string text, http::Headers headers = {}) {
    return as("author", {.method = method,
                         .path = std::move(path),
                         .body = std::move(text),
                         .headers = std::move(headers),
                         .content_type = "application/yaml"});
  }
  Reply create(std::string text) { return send_yaml(Method::kPost, "/runbooks", std::move(text)); }
  Reply yaml(std::string path) {
    return as("viewer", {.path = std::move(path), .headers = {{"accept", "application/yaml"}}});
  }
};

TEST_F(RunbookYamlTest, TheTextIsKeptByteForByte) {
  const std::string text = "\xEF\xBB\xBF" + std::string(kText) + "\r\n# the end \xF0\x9F\x94\xA5";
  const auto made = create(text);
  ASSERT_EQ(made.status, 201u) << made.text;
  EXPECT_EQ(made.header("content-type"), "application/json");
  EXPECT_EQ(made.at("/blocks/1/config/command"), "df -h\nexit 0\n");
  const auto path = made.header("Location");
  const auto shown = yaml(path);
  EXPECT_EQ(shown.header("content-type"), "application/yaml");
  EXPECT_EQ(shown.header("ETag"), "\"1\"");
  EXPECT_EQ(shown.header("Vary"), "Accept");
  EXPECT_EQ(shown.text, text);
  EXPECT_EQ(yaml(path + "/versions/" + made.at("/version/id")).text, text);
  EXPECT_EQ(get(path).at("/title"), "Disk");
}

TEST_F(RunbookYamlTest, AVersionWrittenAsJsonIsAnsweredAsYamlThatMeansTheSame) {
  const auto made = make_runbook("no");
  const auto path = "/runbooks/" + std::string(made.at("id").as_string());
  const auto shown = yaml(path);
  EXPECT_THAT(shown.text, HasSubstr("title: \"no\"\n"));
  const auto again = send_yaml(Method::kPut, path, shown.text);
  ASSERT_EQ(again.status, 200u) << again.text;
  for (const auto* part : {"title", "description", "labels", "parameters", "blocks"}) {
    EXPECT_EQ(again.body.at(part), made.at(part)) << part;
  }
  EXPECT_EQ(yaml(path).text, shown.text);
}

TEST_F(RunbookYamlTest, ARollbackKeepsTheText) {
  const auto made = create(kText);
  const auto path = made.header("Location");
  auto document = runbook_document("Other");
  const Ask save{.method = Method::kPut, .path = path, .body = json::serialize(document)};
  ASSERT_EQ(as("author", save).status, 200u);
  EXPECT_THAT(yaml(path).text, HasSubstr("title: Other\n"));
  ASSERT_EQ(post(path + "/versions/" + made.at("/version/id") + "/rollback", json::object{}).status, 201u);
  EXPECT_EQ(yaml(path).text, kText);
  EXPECT_EQ(yaml(path).header("ETag"), "\"3\"");
}

TEST_F(RunbookYamlTest, ASaveMayAnswerYaml) {
  const auto made = send_yaml(Method::kPost, "/runbooks", kText, {{"accept", "application/yaml"}});
  EXPECT_EQ(made.status, 201u);
  EXPECT_EQ(made.text, kText);
  EXPECT_FALSE(made.header("Location").empty());
  EXPECT_EQ(send_yaml(Method::kPut, made.header("Location"), kText, {{"if-match", "\"7\""}}).status, 412u);
}

TEST_F(RunbookYamlTest, WhatIsNoYamlIsMalformedAtItsPlace) {
  for (const auto& [text, place] :
       {std::pair<std::string, std::string>{"title: x\nblocks: &a []\n", "line 2, column 9"},
        {"title: x\nblocks: *a\n", "line 2, column 9"},
        {"title: !!str x\nblocks: []\n", "line 1, column 8"},
        {"title: x\ntitle: y\nblocks: []\n", "line 2, column 1"},
        {"title: x\nblocks: []\n---\ntitle: y\n", "line 3, column 1"},
        {"title: x\nblocks: " + std::string(70, '[') + std::string(70, ']') + "\n", "line 2, column 72"},
        {"title: \"x\nblocks: []\n", "line 1, column 8"},
        {"title: x\x01\nblocks: []\n", "line 1, column 9"},
        {"", "line 1, column 1"}}) {
    const auto reply = create(text);
    EXPECT_EQ(reply.status, 400u) << text;
    EXPECT_EQ(reply.at("/code"), "malformed");
    EXPECT_THAT(reply.at("/detail"), HasSubstr(place)) << text;
  }
  EXPECT_EQ(create(std::string(limits::kHttpBodyBytes + 1, '#')).status, 413u);
}

TEST_F(RunbookYamlTest, FaultsHavePointersAndPlaces) {
  const auto reply = create("title: 7\nblocks:\n  - type: command\n    name: x\n    config: {colour: red}\n");
  EXPECT_EQ(reply.status, 422u);
  EXPECT_THAT(reply.faults(), ElementsAre("/title wrong_type", "/blocks/0/config/command required",
                                          "/blocks/0/config/colour unknown_field"));
  EXPECT_THAT(reply.at("/errors/0/message"), HasSubstr("(line 1, column 1)"));
  EXPECT_THAT(reply.at("/errors/2/message"), HasSubstr("(line 5, column 14)"));
}

TEST_F(RunbookYamlTest, OtherRoutesTakeJsonOnly) {
  EXPECT_EQ(send_yaml(Method::kPost, "/agents/match", "selector: a").status, 415u);
}

TEST_F(RunbookYamlTest, ValidationNamesEveryFaultAndSavesNothing) {
  const auto good = send_yaml(Method::kPost, "/runbooks/validate", kText);
  EXPECT_EQ(good.status, 200u) << good.text;
  EXPECT_EQ(good.at("/valid"), "true");
  EXPECT_EQ(good.at("/errors"), "[]");
  EXPECT_EQ(good.at("/runbook/blocks/1/slug"), "run");
  const auto bad = post("/runbooks/validate", {{"title", 7}, {"blocks", json::array()}, {"id", "x"}});
  EXPECT_EQ(bad.status, 200u);
  EXPECT_EQ(bad.at("/valid"), "false");
  EXPECT_THAT(bad.faults(), ElementsAre("/title wrong_type", "/id unknown_field"));
  EXPECT_EQ(bad.at("/runbook"), "null");
  EXPECT_EQ(send_yaml(Method::kPost, "/runbooks/validate", "a: *b\n").status, 400u);
  EXPECT_EQ(as("operator", {.method = Method::kPost, .path = "/runbooks/validate", .body = "{}"}).status,
            403u);
  EXPECT_EQ(get("/runbooks/validate").header("Allow"), "POST");
  EXPECT_EQ(get("/runbooks").at("/items"), "[]");
}

TEST_F(RunbookYamlTest, TheSchemaIsServed) {
  const auto reply = as("viewer", {.path = "/runbook.schema.json"});
  EXPECT_EQ(reply.status, 200u);
  EXPECT_EQ(reply.header("content-type"), "application/schema+json");
  EXPECT_EQ(reply.at("/$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(send({.path = "/runbook.schema.json"}).status, 401u);
}

}  // namespace
}  // namespace runbook::api
