#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class DraftsTest : public ApiTest {
 protected:
  DraftsTest() : runbook_("/runbooks/" + std::string(make_runbook().at("id").as_string())) {}

  Reply draft(std::string_view role = "author") { return as(role, {.path = runbook_ + "/draft"}); }
  Reply save(const json::value& body, std::string_view role = "author") {
    return as(role, {.method = Method::kPut, .path = runbook_ + "/draft", .body = json::serialize(body)});
  }
  Reply save_text(const std::string& yaml, std::string_view role = "author") {
    return save({{"base_version_number", 1}, {"yaml", yaml}}, role);
  }
  Reply drop(std::string_view role = "author") {
    return as(role, {.method = Method::kDelete, .path = runbook_ + "/draft"});
  }

  std::string runbook_;
};

TEST_F(DraftsTest, WhatWasNeverWrittenIsNotThere) {
  const auto reply = draft();
  EXPECT_EQ(reply.status, 404u);
  EXPECT_EQ(reply.at("/code"), "no_draft");
  EXPECT_EQ(drop().at("/code"), "no_draft");
}

TEST_F(DraftsTest, AnyTextComesBackAsItWent) {
  const std::string text = "title: [\xF0\x9F\x94\xA5\r\n\t'; DROP TABLE runbook_draft; --\x01 \"\\";
  const auto saved = save_text(text);
  EXPECT_EQ(saved.status, 200u) << saved.text;
  EXPECT_EQ(saved.at("/yaml"), text);
  EXPECT_EQ("/runbooks/" + saved.at("/runbook_id"), runbook_);
  EXPECT_EQ(draft().body, saved.body);
  EXPECT_EQ(save_text("").status, 200u);
  EXPECT_EQ(draft().at("/yaml"), "");
}

TEST_F(DraftsTest, ALaterOneTakesThePlaceOfAnEarlier) {
  const auto first = save_text("one");
  const auto second = save_text("two");
  EXPECT_EQ(draft().at("/yaml"), "two");
  EXPECT_LT(first.at("/updated_at"), second.at("/updated_at"));
  EXPECT_EQ(sql("SELECT count(*) FROM runbook_draft")[0][0].as<int>(), 1);
}

TEST_F(DraftsTest, NobodySeesAnothersOrWritesOverIt) {
  EXPECT_EQ(save_text("the author's").status, 200u);
  EXPECT_EQ(draft("admin").at("/code"), "no_draft");
  EXPECT_EQ(save_text("the admin's", "admin").status, 200u);
  EXPECT_EQ(draft().at("/yaml"), "the author's");
  EXPECT_EQ(drop("admin").status, 204u);
  EXPECT_EQ(draft().at("/yaml"), "the author's");
}

TEST_F(DraftsTest, AreForAuthors) {
  for (const auto* role : {"viewer", "operator", "approver"}) {
    EXPECT_EQ(draft(role).status, 403u) << role;
    EXPECT_EQ(save_text("x", role).status, 403u) << role;
    EXPECT_EQ(drop(role).status, 403u) << role;
  }
}

TEST_F(DraftsTest, StayWhenTheRunbookIsSavedAndGoWhenTheirAuthorSaysSo) {
  save_text("mine");
  const Ask update{
      .method = Method::kPut, .path = runbook_, .body = json::serialize(runbook_document("New"))};
  EXPECT_EQ(as("author", update).status, 200u);
  EXPECT_EQ(draft().at("/base_version_number"), "1");
  EXPECT_EQ(save({{"base_version_number", 2}, {"yaml", "mine"}}).status, 200u);
  EXPECT_EQ(drop().status, 204u);
  EXPECT_EQ(draft().at("/code"), "no_draft");
}

TEST_F(DraftsTest, OfADeletedOrUnknownRunbookAreNotThere) {
  save_text("mine");
  EXPECT_EQ(remove(runbook_).status, 204u);
  for (const auto& reply : {draft(), save_text("x"), drop()}) {
    EXPECT_EQ(reply.status, 404u);
    EXPECT_EQ(reply.at("/code"), "not_found");
  }
  runbook_ = "/runbooks/00000000-0000-4000-8000-00000000dead";
  for (const auto& reply : {draft(), save_text("x"), drop()}) EXPECT_EQ(reply.at("/code"), "not_found");
}

TEST_F(DraftsTest, EveryFaultIsNamed) {
  EXPECT_THAT(
      save({{"person", "x"}}).faults(),
      UnorderedElementsAre("/base_version_number required", "/yaml required", "/person unknown_field"));
  for (const json::value& number : {json::value(0), json::value(-1), json::value("1"), json::value(1.5),
                                    json::value(2), json::value(4'000'000'000)}) {
    const auto reply = save({{"base_version_number", number}, {"yaml", "x"}});
    EXPECT_EQ(reply.status, 422u) << number;
    EXPECT_EQ(reply.faults().size(), 1u) << reply.text;
  }
  EXPECT_EQ(save({{"base_version_number", 1}, {"yaml", 7}}).status, 422u);
}

TEST_F(DraftsTest, AreAsLongAsWhatCanBeSavedAndNoLonger) {
  EXPECT_EQ(save_text(std::string(limits::kDraftBytes, '"')).status, 200u);  // twice as long when escaped
  EXPECT_EQ(draft().at("/yaml").size(), limits::kDraftBytes);
  EXPECT_THAT(save_text(std::string(limits::kDraftBytes + 1, 'x')).faults(), ElementsAre("/yaml too_long"));
  const std::string large(limits::kHttpDocumentBodyBytes + 1, ' ');
  EXPECT_EQ(as("author", {.method = Method::kPut, .path = runbook_ + "/draft", .body = large}).status, 413u);
}

}  // namespace
}  // namespace runbook::api
