// Steps as they are shown: approvals with their commands, tries, answers of requests, newest tries of hosts.
#include <gmock/gmock.h>

#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;

class StepsTest : public ApiTest {
 protected:
  StepsTest() { std::tie(execution_, first_) = make_execution(); }

  // A further step after those there are.
  Uuid add_step(const std::string& type, int order, const std::string& more = "") {
    const Uuid id = runtime::new_uuid();
    sql("INSERT INTO execution_step (id, job_id, block_id, slug, name, type, \"order\", status) VALUES ('" +
        id.str() + "', '" + execution_.str() + "', '" + id.str() + "', 's" + std::to_string(order) +
        "', 'S', '" + type + "', " + std::to_string(order) + ", 'running')");
    if (!more.empty()) sql("UPDATE execution_step SET " + more + " WHERE id = '" + id.str() + "'");
    return id;
  }

  void add_attempt(const Uuid& step, const Uuid& agent, const std::string& host, int index, int number,
                   const std::string& status) {
    sql("INSERT INTO attempt (id, step_id, job_id, agent_id, host, host_index, number, status, reason) "
        "VALUES "
        "('" +
        runtime::new_uuid().str() + "', '" + step.str() + "', '" + execution_.str() + "', '" + agent.str() +
        "', '" + host + "', " + std::to_string(index) + ", " + std::to_string(number) + ", '" + status +
        "', 'r')");
  }

  void sql(const std::string& text) {
    database().transact_here("sql", [&](pqxx::work& work) { work.exec(text); });
  }

  json::value step(const Uuid& id, const std::string& query = "") {
    const auto reply = get("/executions/" + execution_.str() + query);
    EXPECT_EQ(reply.status, 200u) << reply.text;
    for (const auto& each : reply.body.at("steps").as_array()) {
      if (each.at("id").as_string() == id.str()) return each;
    }
    ADD_FAILURE() << "no step " << id.str();
    return nullptr;
  }

  std::string steps(const Uuid& id) const { return "/executions/" + execution_.str() + "/steps/" + id.str(); }

  static std::string approval(int required = 1) {
    return "approval = '{\"digest\": \"" + std::string(64, 'd') +
           "\", \"required\": " + std::to_string(required) +
           ", \"other_person\": false, \"expires_at\": \"2026-11-21T20:00:00Z\", \"given\": []}'";
  }

  Uuid execution_;
  Uuid first_;
};

TEST_F(StepsTest, AnApprovalShowsWhatWouldRunAndWhere) {
  const auto id = add_step("command", 1,
                           approval() +
                               ", status = 'awaiting_approval', frozen = '{\"script\": \"echo "
                               "\\\"$RUNBOOK_VALUE_1\\\"\", \"values\": {\"RUNBOOK_VALUE_1\": \"a b\"}, "
                               "\"environment\": {\"X\": \"1\"}}'");
  add_attempt(id, make_agent("web2"), "web2", 1, 1, "queued");
  add_attempt(id, make_agent("web1"), "web1", 0, 1, "queued");
  for (const auto* query : {"", "?fields=summary"}) {
    const auto shown = step(id, query).at("approval");
    EXPECT_EQ(shown.at("digest").as_string(), std::string(64, 'd'));
    EXPECT_EQ(shown.at("required").as_int64(), 1);
    EXPECT_EQ(shown.at("expires_at").as_string(), "2026-11-21T20:00:00.000000Z");
    const auto& commands = shown.at("commands").as_array();
    ASSERT_EQ(commands.size(), 2u);
    EXPECT_EQ(commands[0].at("host").as_string(), "web1");
    EXPECT_EQ(commands[1].at("host").as_string(), "web2");
    EXPECT_EQ(commands[0].at("command").as_string(), "echo \"$RUNBOOK_VALUE_1\"");
    EXPECT_EQ(commands[0].at("values"), json::parse(R"({"RUNBOOK_VALUE_1": "a b"})"));
    EXPECT_EQ(commands[0].at("environment"), json::parse(R"({"X": "1"})"));
  }
}

TEST_F(StepsTest, ArgumentsAreShownAsTheyAreAndToBeRead) {
  const auto id =
      add_step("command", 1, approval() + R"(, frozen = '{"argv": ["/bin/echo", "a b", "it''s"]}')");
  add_attempt(id, make_agent("web1"), "web1", 0, 1, "queued");
  const auto command = step(id).at("approval").at("commands").as_array().at(0);
  EXPECT_EQ(command.at("argv"), json::parse(R"(["/bin/echo", "a b", "it's"])"));
  EXPECT_EQ(command.at("command").as_string(), R"(/bin/echo 'a b' 'it'\''s')");
}

TEST_F(StepsTest, LongCommandsOfManyHostsStayBounded) {
  const auto id =
      add_step("command", 1, approval() + ", frozen = json_build_object('script', repeat('x', 100000))");
  for (int i = 0; i < 5; ++i) {
    const auto host = "web" + std::to_string(i);
    add_attempt(id, make_agent(host), host, i, 1, "queued");
  }
  EXPECT_EQ(step(id).at("approval").at("commands").as_array().size(), 2u);
  EXPECT_EQ(step(id).at("hosts").as_array().size(), 5u);
}

TEST_F(StepsTest, AHostIsShownByItsNewestTry) {
  const auto id = add_step("command", 1);
  const auto web1 = make_agent("web1");
  const auto web2 = make_agent("web2");
  add_attempt(id, web1, "web1", 0, 1, "not_started");
  add_attempt(id, web1, "web1", 0, 2, "success");
  add_attempt(id, web2, "web2", 1, 1, "error");
  const auto shown = step(id);
  EXPECT_EQ(shown.at("host_counts"), json::parse(R"({"success": 1, "error": 1})"));
  ASSERT_EQ(shown.at("hosts").as_array().size(), 2u);
  EXPECT_EQ(shown.at("hosts").as_array()[0].at("attempt").as_int64(), 2);
  EXPECT_EQ(shown.at("hosts").as_array()[0].at("status").as_string(), "success");
  const auto page = get(steps(id) + "/hosts?limit=1");
  EXPECT_EQ(page.at("/items/0/attempt"), "2");
  const auto rest = get(steps(id) + "/hosts?cursor=" + page.at("/next_cursor"));
  EXPECT_EQ(rest.body.at("items").as_array().size(), 1u);
  EXPECT_EQ(rest.at("/items/0/host"), "web2");
  EXPECT_EQ(get(steps(id) + "/output?host=web1&stream=stdout&from_line=1").status, 200u);
}

TEST_F(StepsTest, ARetryStandsAfterTheStepItRepeats) {
  const auto first = add_step("command", 1, "status = 'error'");
  const auto later = add_step("command", 2);
  const auto again = add_step("command", 3, "\"order\" = 1, attempt = 2");
  const auto reply = get("/executions/" + execution_.str());
  std::vector<std::string> ids;
  for (const auto& each : reply.body.at("steps").as_array()) ids.emplace_back(each.at("id").as_string());
  EXPECT_THAT(ids, ElementsAre(first_.str(), first.str(), again.str(), later.str()));
}

TEST_F(StepsTest, AnAnswerReadsLikeOutput) {
  const auto id = add_step(
      "api", 1,
      R"(status = 'success', tries = '[{"at": "2026-11-21T20:00:00Z", "end": "2026-11-21T20:00:01Z",)"
      R"( "http_status": 200, "error": "", "next_try_at": null}]', result = '{"http_status": 200,)"
      R"( "headers": {"content-type": "text/plain"}, "body": "one\ntwo\nthree two\n", "json": null}')");
  const auto shown = step(id);
  EXPECT_EQ(shown.at("output").as_string(), "one\ntwo\nthree two\n");
  EXPECT_EQ(shown.at("output_bytes").as_int64(), 18);
  EXPECT_EQ(shown.at("http_status").as_int64(), 200);
  EXPECT_EQ(shown.at("headers").at("content-type").as_string(), "text/plain");
  EXPECT_EQ(shown.at("tries").as_array().size(), 1u);
  EXPECT_EQ(get(steps(id) + "/output").text, "one\ntwo\nthree two\n");
  EXPECT_EQ(get(steps(id) + "/output?offset=4&limit=3").text, "two");
  EXPECT_EQ(get(steps(id) + "/output?from_line=3&follow=true").text, "three two\n");
  EXPECT_EQ(get(steps(id) + "/output?stream=stderr").text, "");
  EXPECT_EQ(get(steps(id) + "/output?host=web1").status, 422u);
  const auto found = get(steps(id) + "/output/search?q=two");
  EXPECT_EQ(found.at("/total"), "2");
  EXPECT_EQ(found.at("/lines/1/line"), "3");
  EXPECT_EQ(found.at("/lines/1/host"), "null");
}

TEST_F(StepsTest, ALongAnswerIsShownByItsEnd) {
  const auto id = add_step(
      "api", 1, "status = 'success', result = json_build_object('body', repeat('x', 70000) || 'end')");
  const auto shown = step(id);
  EXPECT_TRUE(shown.at("output_truncated").as_bool());
  EXPECT_EQ(shown.at("output_bytes").as_int64(), 70003);
  EXPECT_EQ(shown.at("output").as_string().size(), 65536u);
  EXPECT_TRUE(shown.at("output").as_string().ends_with("xend"));
  EXPECT_EQ(get(steps(id) + "/output").text.size(), 70003u);
}

TEST_F(StepsTest, InstructionsTimersAndSkipsShowWhatTheyAre) {
  const auto text = add_step("instruction", 1, R"(frozen = '{"text": "Look at web1."}')");
  const auto timer = add_step("timer", 2, "due = '2026-11-21T20:00:00Z'");
  const auto skipped =
      add_step("command", 3, "status = 'skipped', skip_cause = 'when', reason = 'when is false'");
  EXPECT_EQ(step(text).at("text").as_string(), "Look at web1.");
  EXPECT_EQ(step(timer).at("due").as_string(), "2026-11-21T20:00:00.000000Z");
  EXPECT_EQ(step(skipped).at("skip_cause").as_string(), "when");
  EXPECT_TRUE(step(skipped).at("approval").is_null());
  EXPECT_TRUE(step(skipped).at("tries").as_array().empty());
}

}  // namespace
}  // namespace runbook::api
