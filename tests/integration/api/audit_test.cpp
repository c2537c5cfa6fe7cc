// GET /audit and GET /audit/verify.
#include <gmock/gmock.h>

#include "controller/api/openapi.hpp"
#include "controller/audit/checkpointer.hpp"
#include "tests/integration/api/api_fixture.hpp"
#include "tests/support/await.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class AuditApiTest : public ApiTest {
 protected:
  AuditApiTest() { key("admin"), key("author"), key("viewer"); }

  std::vector<std::int64_t> ids(const std::string& query) {
    const auto reply = get("/audit" + query);
    EXPECT_EQ(reply.status, 200u) << reply.text;
    std::vector<std::int64_t> ids;
    for (const auto& item : reply.body.at("items").as_array()) ids.push_back(item.at("id").as_int64());
    return ids;
  }

  std::vector<std::string> actions(const std::string& query) {
    std::vector<std::string> actions;
    for (const auto& item : get("/audit" + query).body.at("items").as_array())
      actions.emplace_back(item.at("action").as_string());
    return actions;
  }
};

TEST_F(AuditApiTest, TellsTheNewestFirst) {
  make_runbook();
  EXPECT_THAT(actions(""),
              ElementsAre("runbook.create", "api_key.create", "api_key.create", "api_key.create"));
  EXPECT_THAT(ids(""), ElementsAre(4, 3, 2, 1));
  const auto oldest = get("/audit").body.at("items").as_array().back();
  EXPECT_TRUE(oldest.at("person").is_null());  // made by the controller itself
}

TEST_F(AuditApiTest, ComesInPages) {
  for (int i = 0; i < 4; ++i) make_runbook();
  const auto first = get("/audit?limit=3");
  EXPECT_THAT(ids("?limit=3"), ElementsAre(7, 6, 5));
  EXPECT_THAT(ids("?limit=3&cursor=" + first.at("/next_cursor")), ElementsAre(4, 3, 2));
  EXPECT_EQ(get("/audit?limit=7").at("/next_cursor"), "null");
  EXPECT_EQ(get("/audit?cursor=xyz").status, 422u);
}

TEST_F(AuditApiTest, IsFiltered) {
  const auto runbook = make_runbook();
  const std::string id(runbook.at("id").as_string());
  as("author",
     {.method = Method::kPut, .path = "/runbooks/" + id, .body = json::serialize(runbook_document("B"))});
  as("viewer", {.method = Method::kDelete, .path = "/runbooks/" + id});
  const auto author = as("author", {.path = "/me"}).at("/id");
  EXPECT_THAT(ids("?person=author"), ElementsAre(5));
  EXPECT_THAT(ids("?person=" + author), ElementsAre(5));
  EXPECT_THAT(ids("?person=Author"), IsEmpty());
  EXPECT_THAT(ids("?action=runbook.create"), ElementsAre(4));
  EXPECT_THAT(ids("?object_type=api_key"), ElementsAre(3, 2, 1));
  EXPECT_THAT(ids("?object_id=" + id), ElementsAre(6, 5, 4));
  EXPECT_THAT(ids("?result=refused"), ElementsAre(6));
  EXPECT_THAT(ids("?object_id=" + id + "&result=done"), ElementsAre(5, 4));
  const auto at = get("/audit?action=runbook.create").at("/items/0/at");
  EXPECT_THAT(ids("?since=" + at), ElementsAre(6, 5, 4));
  EXPECT_THAT(ids("?until=" + at), ElementsAre(3, 2, 1));
}

TEST_F(AuditApiTest, WrongFiltersAreNamed) {
  const auto reply =
      get("/audit?action=x&object_type=x&object_id=x&result=x&since=x&until=x&limit=0&colour=x");
  EXPECT_EQ(reply.status, 422u);
  EXPECT_EQ(reply.faults().size(), 8u) << reply.text;
}

TEST_F(AuditApiTest, IsExportedAsJsonLinesOldestFirst) {
  for (int i = 0; i < 3; ++i) make_runbook("Line\nbreak");
  const auto reply = as("admin", {.path = "/audit?action=runbook.create&limit=1",
                                  .headers = {{"accept", "application/jsonl"}}});
  EXPECT_EQ(reply.status, 200u);
  EXPECT_EQ(reply.header("content-type"), "application/jsonl");
  std::vector<std::int64_t> ids;
  std::istringstream lines(reply.text);
  for (std::string line; std::getline(lines, line);) ids.push_back(json::parse(line).at("id").as_int64());
  EXPECT_THAT(ids, ElementsAre(4, 5, 6));
}

TEST_F(AuditApiTest, AnExportIsWholeHoweverLong) {
  constexpr int kRows = 1203;
  database().transact_here("many", [&](pqxx::work& work) {
    work.exec(
        "INSERT INTO audit_event (id, at, action, object_type, result, mac) SELECT i, now(), "
        "'runbook.delete', 'runbook', 'done', decode(repeat('00', 32), 'hex') "
        "FROM generate_series(100, " +
        std::to_string(99 + kRows) + ") i");
  });
  const auto reply =
      as("admin", {.path = "/audit?action=runbook.delete", .headers = {{"accept", "application/jsonl"}}});
  EXPECT_EQ(std::ranges::count(reply.text, '\n'), kRows);
}

TEST_F(AuditApiTest, IsForAdmins) {
  for (const auto* role : {"viewer", "operator", "approver", "author"}) {
    EXPECT_EQ(as(role, {.path = "/audit"}).status, 403u) << role;
    EXPECT_EQ(as(role, {.path = "/audit/verify"}).status, 403u) << role;
  }
}

TEST_F(AuditApiTest, SaysWhetherTheTrailIsGood) {
  const auto good = get("/audit/verify");
  EXPECT_EQ(good.at("/valid"), "true");
  EXPECT_EQ(good.at("/checked"), "3");
  EXPECT_EQ(good.at("/checkpoint"), "null");
  audit::Checkpointer checkpointer(loop_.get_executor(), context_.audit_rows, audit_.audit.checkpoints,
                                   database().pool());
  testing::await(loop_, checkpointer.write());
  EXPECT_EQ(get("/audit/verify").at("/checkpoint/id"), "3");
  sql("ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only");
  sql("UPDATE audit_event SET object_name = 'x' WHERE id = 2");
  const auto bad = get("/audit/verify");
  EXPECT_EQ(bad.at("/valid"), "false");
  EXPECT_EQ(bad.at("/first_bad"), "2");
  EXPECT_FALSE(bad.at("/reason").empty());
}

TEST_F(AuditApiTest, KnowsTheWordsThatAreDescribed) {
  const auto schemas = openapi_document().at("components").at("schemas");
  const auto words = [&](const char* name) {
    std::vector<std::string> words;
    for (const auto& word : schemas.at(name).at("enum").as_array()) words.emplace_back(word.as_string());
    std::ranges::sort(words);
    return words;
  };
  std::vector<std::string> actions(store::kAuditActions.begin(), store::kAuditActions.end());
  std::ranges::sort(actions);
  EXPECT_THAT(words("AuditAction"), ElementsAreArray(actions));
  std::vector<std::string> objects(store::kAuditObjects.begin(), store::kAuditObjects.end());
  std::ranges::sort(objects);
  EXPECT_THAT(words("AuditObjectType"), ElementsAreArray(objects));
}

}  // namespace
}  // namespace runbook::api
