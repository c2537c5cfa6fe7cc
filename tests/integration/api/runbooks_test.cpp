#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::ElementsAre;

class RunbooksTest : public ApiTest {
 protected:
  Reply put(const std::string& path, const json::value& body, std::string if_match = "") {
    Ask ask{.method = Method::kPut, .path = path, .body = json::serialize(body)};
    if (!if_match.empty()) ask.headers = {{"if-match", std::move(if_match)}};
    return as("author", std::move(ask));
  }

  std::vector<std::string> titles(const std::string& query) {
    std::vector<std::string> titles;
    const auto reply = get("/runbooks" + query);
    EXPECT_EQ(reply.status, 200u) << reply.text;
    for (const auto& item : reply.body.at("items").as_array())
      titles.emplace_back(item.at("title").as_string());
    return titles;
  }
};

TEST_F(RunbooksTest, AreCreatedWithLocationAndEtag) {
  const auto reply = post("/runbooks", runbook_document("Disk"));
  EXPECT_EQ(reply.status, 201u);
  EXPECT_EQ(reply.header("Location"), "/runbooks/" + reply.at("/id"));
  EXPECT_EQ(reply.header("ETag"), "\"1\"");
  EXPECT_EQ(reply.at("/version/version_number"), "1");
  EXPECT_EQ(reply.at("/created_by_name"), "admin");
  EXPECT_EQ(reply.at("/blocks/0/slug"), "read");
  EXPECT_EQ(reply.at("/blocks/1/order"), "1");
  const auto again = get(reply.header("Location"));
  EXPECT_EQ(again.body, reply.body);
  EXPECT_EQ(again.header("ETag"), "\"1\"");
}

TEST_F(RunbooksTest, ATextComesBackAsItWent) {
  auto document = runbook_document("N\xC3\xA4gel \xF0\x9F\x94\xA5 '; DROP TABLE runbook; -- \\ \" \x7F");
  document["description"] = "a\r\n\tb\x01";
  const auto reply = post("/runbooks", document);
  ASSERT_EQ(reply.status, 201u);
  EXPECT_EQ(get(reply.header("Location")).at("/title"), document.at("title").as_string());
  EXPECT_EQ(get(reply.header("Location")).at("/description"), document.at("description").as_string());
}

TEST_F(RunbooksTest, ASaveMakesANewVersion) {
  const auto path = "/runbooks/" + std::string(make_runbook("Old").at("id").as_string());
  auto document = runbook_document("New");
  document["message"] = "better";
  const auto reply = put(path, document, "\"1\"");
  EXPECT_EQ(reply.status, 200u) << reply.text;
  EXPECT_EQ(reply.header("ETag"), "\"2\"");
  EXPECT_EQ(reply.at("/title"), "New");
  EXPECT_EQ(reply.at("/version/message"), "better");
  EXPECT_EQ(reply.at("/version/created_by_name"), "author");
  EXPECT_EQ(reply.at("/created_by_name"), "admin");
}

TEST_F(RunbooksTest, ALostRaceIs412AndChangesNothing) {
  const auto path = "/runbooks/" + std::string(make_runbook("One").at("id").as_string());
  EXPECT_EQ(put(path, runbook_document("Two"), "\"1\"").status, 200u);
  const auto late = put(path, runbook_document("Three"), "\"1\"");
  EXPECT_EQ(late.status, 412u);
  EXPECT_EQ(get(path).at("/title"), "Two");
  EXPECT_EQ(put(path, runbook_document("Four")).status, 200u);  // unconditional
  EXPECT_EQ(put(path, runbook_document("Five"), "*").status, 200u);
  EXPECT_EQ(put(path, runbook_document("Six"), "4").status, 400u);
}

TEST_F(RunbooksTest, DeletingKeepsHistory) {
  const auto [execution, step] = make_execution("completed");
  const auto runbook = get("/executions/" + execution.str()).at("/runbook_id");
  EXPECT_EQ(
      as("author",
         {.method = Method::kDelete, .path = "/runbooks/" + runbook, .headers = {{"if-match", "\"7\""}}})
          .status,
      412u);
  EXPECT_EQ(remove("/runbooks/" + runbook).status, 204u);
  EXPECT_EQ(get("/runbooks/" + runbook).status, 404u);
  EXPECT_EQ(get("/runbooks/" + runbook + "/versions").status, 404u);
  EXPECT_EQ(remove("/runbooks/" + runbook).status, 404u);
  EXPECT_THAT(titles(""), ElementsAre());
  EXPECT_EQ(get("/executions/" + execution.str()).status, 200u);
}

TEST_F(RunbooksTest, AreListedByTitleInPages) {
  for (const auto* title : {"delta", "Alpha", "charlie", "Bravo", "echo"}) make_runbook(title);
  EXPECT_THAT(titles(""), ElementsAre("Alpha", "Bravo", "charlie", "delta", "echo"));
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto page = get("/runbooks?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page.body.at("items").as_array()) seen.emplace_back(item.at("title").as_string());
    cursor = page.body.at("next_cursor").is_null() ? "" : page.at("/next_cursor");
  } while (!cursor.empty());
  EXPECT_THAT(seen, ElementsAre("Alpha", "Bravo", "charlie", "delta", "echo"));
}

TEST_F(RunbooksTest, AreFoundByTitleAndLabels) {
  make_runbook("Disk space");
  make_runbook("100% disk_");
  auto other = runbook_document("Network");
  other["labels"] = {{"team", "net"}};
  post("/runbooks", other);
  EXPECT_THAT(titles("?title=DISK"), ElementsAre("100% disk_", "Disk space"));
  EXPECT_THAT(titles("?title=%"), ElementsAre("100% disk_"));
  EXPECT_THAT(titles("?title=_"), ElementsAre("100% disk_"));
  EXPECT_THAT(titles("?selector=team=net"), ElementsAre("Network"));
  EXPECT_THAT(titles("?selector=team in (web)&limit=1"), ElementsAre("100% disk_"));
  EXPECT_THAT(titles("?selector=team notin (web,net)"), ElementsAre());
}

TEST_F(RunbooksTest, PagesOfASelectorHoldEveryMatchOnce) {
  constexpr int kRunbooks = 30;
  for (int i = 0; i < kRunbooks; ++i) {
    auto document = runbook_document("r" + std::to_string(100 + i));
    document["labels"] = {{"third", i % 3 == 0 ? "yes" : "no"}};
    post("/runbooks", document);
  }
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto page =
        get("/runbooks?selector=third=yes&limit=4" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page.body.at("items").as_array()) seen.emplace_back(item.at("title").as_string());
    cursor = page.body.at("next_cursor").is_null() ? "" : page.at("/next_cursor");
  } while (!cursor.empty());
  EXPECT_EQ(seen.size(), 10u);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST_F(RunbooksTest, VersionsCanBeReadAndRolledBackTo) {
  const auto runbook = make_runbook("First");
  const auto path = "/runbooks/" + std::string(runbook.at("id").as_string());
  put(path, runbook_document("Second"));
  const auto versions = get(path + "/versions?limit=1");
  EXPECT_EQ(versions.at("/items/0/version_number"), "2");
  const auto older = get(path + "/versions?cursor=" + versions.at("/next_cursor"));
  EXPECT_EQ(older.at("/items/0/version_number"), "1");
  EXPECT_TRUE(older.body.at("next_cursor").is_null());

  const auto first = path + "/versions/" + older.at("/items/0/id");
  EXPECT_EQ(get(first).at("/title"), "First");
  const auto rolled = as("author", {.method = Method::kPost, .path = first + "/rollback"});
  EXPECT_EQ(rolled.status, 201u) << rolled.text;
  EXPECT_EQ(rolled.at("/title"), "First");
  EXPECT_EQ(rolled.at("/version/version_number"), "3");
  EXPECT_EQ(rolled.at("/version/message"), "Rolled back to version 1");
  EXPECT_EQ(rolled.header("Location"), path + "/versions/" + rolled.at("/version/id"));
  EXPECT_EQ(get(path).at("/blocks"), json::serialize(runbook.at("blocks")));
  EXPECT_EQ(get(path).body.at("version"), rolled.body.at("version"));
}

TEST_F(RunbooksTest, AVersionOfAnotherRunbookIsUnknown) {
  const auto one = make_runbook("One");
  const auto two = make_runbook("Two");
  const auto foreign = "/runbooks/" + std::string(one.at("id").as_string()) + "/versions/" +
                       std::string(two.at("version").at("id").as_string());
  EXPECT_EQ(get(foreign).status, 404u);
  EXPECT_EQ(as("author", {.method = Method::kPost, .path = foreign + "/rollback"}).status, 404u);
}

TEST_F(RunbooksTest, LimitsAreKept) {
  auto document = runbook_document(std::string(limits::kTitleBytes + 1, 'x'));
  document["message"] = std::string(limits::kVersionMessageBytes + 1, 'x');
  EXPECT_THAT(post("/runbooks", document).faults(), ElementsAre("/message too_long", "/title too_long"));
}

}  // namespace
}  // namespace runbook::api
