#include <gmock/gmock.h>

#include <regex>

#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::ElementsAre;

class AgentsTest : public ApiTest {
 protected:
  Reply patch(const Uuid& agent, const json::value& body) {
    return as("admin",
              {.method = Method::kPatch, .path = "/agents/" + agent.str(), .body = json::serialize(body)});
  }

  std::vector<std::string> hosts(const Reply& reply) {
    std::vector<std::string> hosts;
    EXPECT_EQ(reply.status, 200u) << reply.text;
    if (reply.status != 200) return hosts;
    for (const auto& item : reply.body.at("items").as_array()) {
      hosts.push_back(std::string(item.at("host").as_string()) + " " +
                      std::string(item.at("status").as_string()));
    }
    return hosts;
  }
};

TEST_F(AgentsTest, AreShownByTheirStrongestStatus) {
  make_agent("a-offline");
  make_agent("b-online", {}, true);
  const auto draining = make_agent("c-draining", {}, true);
  const auto revoked = make_agent("d-revoked", {}, true);
  const auto silent = make_agent("e-silent", {}, true);
  EXPECT_EQ(patch(draining, {{"draining", true}}).at("/status"), "draining");
  EXPECT_EQ(remove("/agents/" + revoked.str()).status, 204u);
  sql("UPDATE controller_instance SET seen_at = now() - interval '16 seconds' WHERE id = (SELECT "
      "connected_to FROM agent "
      "WHERE id = '" +
      silent.str() + "')");
  EXPECT_THAT(hosts(get("/agents")),
              ElementsAre("a-offline offline", "b-online online", "c-draining draining", "d-revoked revoked",
                          "e-silent offline"));
  EXPECT_THAT(hosts(get("/agents?status=offline")), ElementsAre("a-offline offline", "e-silent offline"));
  EXPECT_THAT(hosts(get("/agents?name=E-S")), ElementsAre("e-silent offline"));
  EXPECT_EQ(get("/agents?status=lost").status, 422u);
}

TEST_F(AgentsTest, AreCountedByStatusWhateverThePage) {
  make_agent("a-offline", {{"role", "web"}});
  make_agent("b-online", {{"role", "web"}}, true);
  make_agent("c-online", {{"role", "db"}}, true);
  const auto revoked = make_agent("d-revoked", {{"role", "db"}}, true);
  EXPECT_EQ(remove("/agents/" + revoked.str()).status, 204u);
  sql("UPDATE agent SET version = '" RUNBOOK_VERSION "'");
  sql("UPDATE agent SET version = '0.0.1' WHERE name IN ('b-online', 'd-revoked')");
  sql("UPDATE agent SET version = '' WHERE name = 'a-offline'");
  const auto counted = [this](const std::string& query) {
    return json::serialize(get("/agents/counts" + query).body);
  };
  EXPECT_EQ(counted(""), R"({"draining":0,"offline":1,"online":2,"outdated":1,"revoked":1})");
  EXPECT_EQ(counted("?selector=role=web"),
            R"({"draining":0,"offline":1,"online":1,"outdated":1,"revoked":0})");
  EXPECT_EQ(counted("?name=C-"), R"({"draining":0,"offline":0,"online":1,"outdated":0,"revoked":0})");
  EXPECT_EQ(get("/agents/counts?selector=role===").status, 422u);
  EXPECT_THAT(hosts(get("/agents?outdated=true")), ElementsAre("b-online online"));
}

TEST_F(AgentsTest, ARevocationCutsTheLinkAndIsFinal) {
  const auto agent = make_agent("host", {}, true);
  EXPECT_EQ(remove("/agents/" + agent.str()).status, 204u);
  EXPECT_THAT(hub_.cut, ElementsAre(agent));
  ASSERT_EQ(live_.agents.size(), 1u);
  EXPECT_EQ(live_.agents.front().at("status").as_string(), "revoked");
  EXPECT_EQ(get("/agents/" + agent.str()).at("/status"), "revoked");
  EXPECT_EQ(patch(agent, {{"draining", false}}).status, 409u);
  EXPECT_EQ(remove("/agents/" + agent.str()).status, 204u);
  EXPECT_EQ(remove("/agents/00000000-0000-4000-8000-00000000dead").status, 404u);
}

TEST_F(AgentsTest, LabelsAreReplaced) {
  const auto agent = make_agent("host", {{"old", "1"}});
  const auto changed = patch(agent, {{"labels", {{"role", "web"}}}});
  EXPECT_EQ(changed.at("/labels"), R"({"role":"web"})");
  EXPECT_EQ(patch(agent, {{"draining", false}}).at("/labels"), R"({"role":"web"})");
  EXPECT_THAT(patch(agent, {{"labels", {{"a b", "c"}, {"d", "e f"}, {"g", 1}}}, {"name", "x"}}).faults(),
              ElementsAre("/labels/a b bad_value", "/labels/d bad_value", "/labels/g wrong_type",
                          "/name unknown_field"));
}

TEST_F(AgentsTest, PagesOfASelectorHoldEveryMatchOnce) {
  for (int i = 0; i < 12; ++i) make_agent("h" + std::to_string(10 + i), {{"odd", i % 2 == 1 ? "yes" : "no"}});
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto page = get("/agents?selector=odd=yes&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page.body.at("items").as_array()) seen.emplace_back(item.at("host").as_string());
    cursor = page.body.at("next_cursor").is_null() ? "" : page.at("/next_cursor");
  } while (!cursor.empty());
  EXPECT_THAT(seen, ElementsAre("h11", "h13", "h15", "h17", "h19", "h21"));
}

TEST_F(AgentsTest, AMatchIsTheUnionOfSelectorAndHosts) {
  make_agent("web-1", {{"role", "web"}}, true);
  make_agent("web-2", {{"role", "web"}});
  const auto db = make_agent("db-1", {{"role", "db"}}, true);
  const auto gone = make_agent("web-3", {{"role", "web"}}, true);
  remove("/agents/" + gone.str());
  const auto both = as("viewer", {.method = Method::kPost,
                                  .path = "/agents/match",
                                  .body = R"({"selector": "role=web", "hosts": ["db-1"]})"});
  EXPECT_THAT(hosts(both), ElementsAre("db-1 online", "web-1 online", "web-2 offline"));
  EXPECT_EQ(both.at("/matched"), "3");
  EXPECT_EQ(both.at("/online"), "2");
  EXPECT_THAT(hosts(post("/agents/match", {{"hosts", {db.str()}}})), ElementsAre("db-1 online"));
  EXPECT_THAT(hosts(post("/agents/match", {{"selector", "role=none"}})), ElementsAre());
  EXPECT_THAT(hosts(post("/agents/match", json::object{})), ElementsAre());
}

TEST_F(AgentsTest, UnknownAndAmbiguousHostsAreFaults) {
  const auto one = make_agent("one");
  make_agent(one.str());
  EXPECT_THAT(post("/agents/match", {{"hosts", {"one", "two", "web-3", one.str()}}}).faults(),
              ElementsAre("/hosts/1 unknown_host", "/hosts/2 unknown_host", "/hosts/3 ambiguous_host"));
  EXPECT_THAT(post("/agents/match", {{"hosts", {"on", "ONE", "one ", "on_"}}}).faults().size(), 4u);
  EXPECT_THAT(post("/agents/match", {{"selector", "a=b c"}, {"host", "x"}}).faults(),
              ElementsAre("/selector bad_value", "/host unknown_field"));
}

TEST_F(AgentsTest, LabelsAreCounted) {
  make_agent("a", {{"role", "web"}, {"env", "prod"}});
  make_agent("b", {{"role", "web"}});
  make_agent("c", {{"role", "db"}});
  remove("/agents/" + make_agent("d", {{"role", "gone"}}).str());
  const auto labels = get("/labels");
  EXPECT_EQ(labels.at("/items"),
            R"([{"key":"env","count":1,"values":[{"value":"prod","count":1}]},)"
            R"({"key":"role","count":3,"values":[{"value":"db","count":1},{"value":"web","count":2}]}])");
}

class EnrollmentTokensTest : public ApiTest {};

TEST_F(EnrollmentTokensTest, AreShownOnceWithTheCommandToPaste) {
  const auto made = post("/enrollment-tokens", {{"labels", {{"role", "web"}}}});
  ASSERT_EQ(made.status, 201u) << made.text;
  EXPECT_EQ(made.at("/command"), "runbook-agent enroll --controller https://127.0.0.1:8443 --token " +
                                     made.at("/token") + " --ca-sha256 " + std::string(64, 'a'));
  EXPECT_EQ(made.at("/status"), "open");
  EXPECT_EQ(get("/enrollment-tokens").text.find(made.at("/token")), std::string::npos);
  EXPECT_EQ(remove("/enrollment-tokens/" + made.at("/id")).status, 204u);
  EXPECT_EQ(get("/enrollment-tokens").at("/items/0/status"), "revoked");
  EXPECT_EQ(remove("/enrollment-tokens/00000000-0000-4000-8000-00000000dead").status, 404u);
}

// The command is pasted into a shell, as root: nothing that somebody sent stands in it.
TEST_F(EnrollmentTokensTest, TheCommandHoldsNothingOfTheRequest) {
  static const std::regex kCommand(
      "runbook-agent enroll --controller https://[A-Za-z0-9.:-]+ --token rbe_[A-Za-z0-9_-]{43} --ca-sha256 "
      "[0-9a-f]{64}");
  for (const char* text :
       {"$(id)", "`id`",     "a'b",  "a\"b", "a;id",     "a|id", "a&&id",    "a\nid", "a\r\nid", "a b",
        "a>b",   "%0d%0aid", "../x", "-rf",  "--name=x", "\\x",  "${IFS}id", "a\tb",  "~",       "*"}) {
    SCOPED_TRACE(text);
    const auto made = as("admin", {.method = Method::kPost,
                                   .path = "/enrollment-tokens",
                                   .headers = {{"host", text},
                                               {"x-forwarded-host", text},
                                               {"x-forwarded-proto", text},
                                               {"forwarded", std::string("host=") + text},
                                               {"origin", text}}});
    if (made.status != 201U) {
      EXPECT_LT(made.status, 500U) << made.text;
      continue;
    }
    EXPECT_TRUE(std::regex_match(made.at("/command"), kCommand)) << made.at("/command");
    EXPECT_EQ(made.at("/run_command"), "runbook-agent run");
    EXPECT_EQ(post("/enrollment-tokens", {{"labels", {{"role", text}}}}).status, 422U);
  }
}

TEST_F(EnrollmentTokensTest, NeedNoBodyAndLiveAnHourAtMost) {
  EXPECT_EQ(as("admin", {.method = Method::kPost, .path = "/enrollment-tokens"}).status, 201u);
  EXPECT_THAT(post("/enrollment-tokens", {{"expires_at", "2999-01-01T00:00:00Z"}}).faults(),
              ElementsAre("/expires_at bad_value"));
  EXPECT_THAT(post("/enrollment-tokens", {{"expires_at", "2001-01-01T00:00:00Z"}}).faults(),
              ElementsAre("/expires_at bad_value"));
  EXPECT_THAT(post("/enrollment-tokens", {{"expires_at", "soon"}}).faults(),
              ElementsAre("/expires_at bad_value"));
}

}  // namespace
}  // namespace runbook::api
