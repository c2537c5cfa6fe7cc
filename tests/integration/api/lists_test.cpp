// What the lists of executions and runbooks are filtered by and what they add to each item.
#include <gmock/gmock.h>

#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ListsTest : public ApiTest {
 protected:
  void sql(const std::string& text) {
    database().transact_here("sql", [&](pqxx::work& work) { work.exec(text); });
  }

  Uuid execution(const std::string& status, std::string_view role = "admin", const std::string& set = "") {
    const auto id = make_execution(status, role).first;
    if (!set.empty()) sql("UPDATE execution SET " + set + " WHERE id = '" + id.str() + "'");
    return id;
  }

  Uuid add_step(const Uuid& job, int order, const std::string& status, int attempt = 1) {
    const Uuid id = runtime::new_uuid();
    const std::string begun = status == "pending" ? "NULL" : "now()";
    sql("INSERT INTO execution_step (id, job_id, block_id, slug, name, type, \"order\", attempt, status, "
        "\"timestamp\") VALUES ('" +
        id.str() + "', '" + job.str() + "', '" + id.str() + "', 's', 'S', 'command', " +
        std::to_string(order) + ", " + std::to_string(attempt) + ", '" + status + "', " + begun + ")");
    return id;
  }

  void add_attempt(const Uuid& job, const Uuid& step, const Uuid& agent, const std::string& status,
                   int number = 1) {
    sql("INSERT INTO attempt (id, step_id, job_id, agent_id, host, host_index, number, status) VALUES ('" +
        runtime::new_uuid().str() + "', '" + step.str() + "', '" + job.str() + "', '" + agent.str() +
        "', 'h', 0, " + std::to_string(number) + ", '" + status + "')");
  }

  // The member `name` of every item, over all pages of two.
  std::vector<std::string> all(const std::string& path, const std::string& name = "id") {
    std::vector<std::string> seen;
    std::string cursor;
    do {
      const auto page = get(path + (path.contains('?') ? "&" : "?") + "limit=2" +
                            (cursor.empty() ? "" : "&cursor=" + cursor));
      EXPECT_EQ(page.status, 200u) << page.text;
      if (page.status != 200) break;
      for (const auto& item : page.body.at("items").as_array()) {
        seen.emplace_back(item.at(name).as_string());
      }
      cursor = page.body.at("next_cursor").is_null() ? "" : page.at("/next_cursor");
    } while (!cursor.empty());
    return seen;
  }
};

TEST_F(ListsTest, ExecutionsByStatusPersonAndText) {
  const auto one = execution("completed", "operator", "title = 'Restart 100%_web', reason = 'INC-42'").str();
  const auto two = execution("failed", "admin", "title = 'restart web'").str();
  const auto three = execution("running", "operator", "reason = 'inc-43'").str();
  const auto four = execution("failed", "operator").str();
  EXPECT_THAT(all("/executions"), ElementsAre(four, three, two, one));
  EXPECT_THAT(all("/executions?status=failed"), ElementsAre(four, two));
  EXPECT_THAT(all("/executions?status=failed,running,failed"), ElementsAre(four, three, two));
  EXPECT_THAT(all("/executions?requested_by=me"), ElementsAre(two));
  const auto person = as("operator", {.path = "/me"}).at("/id");
  EXPECT_THAT(all("/executions?requested_by=" + person), ElementsAre(four, three, one));
  EXPECT_THAT(all("/executions?requested_by=" + person + "&status=completed,running"),
              ElementsAre(three, one));
  EXPECT_THAT(all("/executions?q=RESTART"), ElementsAre(two, one));
  EXPECT_THAT(all("/executions?q=inc-4"), ElementsAre(three, one));
  EXPECT_THAT(all("/executions?q=100%_"), ElementsAre(one));
  EXPECT_THAT(all("/executions?q=%"), ElementsAre(one));
  EXPECT_THAT(all("/executions?q=nothing"), IsEmpty());
}

TEST_F(ListsTest, ExecutionsByTimeAndHost) {
  const auto old = execution("completed", "admin", "created_at = '2026-01-01T10:00:00Z'");
  const auto mid = execution("completed", "admin", "created_at = '2026-01-02T10:00:00Z'");
  const auto late = execution("completed", "admin", "created_at = '2026-01-03T10:00:00Z'");
  EXPECT_THAT(all("/executions?since=2026-01-02T10:00:00Z"), ElementsAre(late.str(), mid.str()));
  EXPECT_THAT(all("/executions?until=2026-01-02T10:00:00Z"), ElementsAre(old.str()));
  EXPECT_THAT(all("/executions?since=2026-01-02T00:00:00Z&until=2026-01-03T00:00:00Z"),
              ElementsAre(mid.str()));
  const auto web = make_agent("web");
  for (const auto& job : {old, late}) add_attempt(job, add_step(job, 1, "success"), web, "success");
  EXPECT_THAT(all("/executions?agent_id=" + web.str()), ElementsAre(late.str(), old.str()));
  EXPECT_THAT(all("/executions?agent_id=" + make_agent("db").str()), IsEmpty());
}

TEST_F(ListsTest, WrongFiltersOfExecutionsAreNamed) {
  EXPECT_THAT(get("/executions?status=failed,done").faults(), ElementsAre("/status bad_value"));
  EXPECT_THAT(get("/executions?status=").faults(), ElementsAre("/status bad_value"));
  EXPECT_THAT(get("/executions?status=failed,").faults(), ElementsAre("/status bad_value"));
  EXPECT_THAT(get("/executions?requested_by=you&agent_id=web1").faults(),
              ElementsAre("/requested_by bad_value", "/agent_id bad_value"));
  EXPECT_THAT(get("/executions?q=").faults(), ElementsAre("/q bad_value"));
  EXPECT_THAT(get("/executions?q=" + std::string(1'001, 'x')).faults(), ElementsAre("/q too_long"));
  EXPECT_THAT(get("/executions?since=yesterday&until=2026-01-01").faults(),
              ElementsAre("/since bad_value", "/until bad_value"));
  EXPECT_THAT(get("/executions?state=failed").faults(), ElementsAre("/state unknown_field"));
}

TEST_F(ListsTest, ExecutionsSayHowFarTheyAre) {
  const auto job = execution("running");
  EXPECT_EQ(get("/executions").at("/items/0/progress"), R"({"step":0,"of":1})");
  sql("UPDATE execution_step SET \"timestamp\" = now(), status = 'success'");
  const auto first = add_step(job, 1, "error");
  const auto again = add_step(job, 1, "running", 2);
  add_step(job, 2, "pending");
  const auto web1 = make_agent("web1");
  const auto web2 = make_agent("web2");
  const auto web3 = make_agent("web3");
  add_attempt(job, first, web1, "error");
  add_attempt(job, again, web1, "success");  // the newest try counts
  add_attempt(job, first, web2, "not_started");
  add_attempt(job, first, web2, "timed_out", 2);
  add_attempt(job, first, web3, "running");
  for (const std::string at : {"/items/0", ""}) {
    const auto shown = get(at.empty() ? "/executions/" + job.str() : "/executions");
    EXPECT_EQ(shown.at(at + "/progress"), R"({"step":2,"of":3})");
    EXPECT_EQ(shown.at(at + "/host_counts"), R"({"total":3,"success":1,"failed":1})");
  }
}

TEST_F(ListsTest, RunbooksByTextPersonAndLastStatus) {
  auto document = runbook_document("Disk space");
  document["description"] = "What fills the Volume";
  document["labels"] = {{"team", "storage"}};
  document["blocks"] = json::parse(R"([
      {"type": "command", "name": "Look", "config": {"command": "df -h\necho \"Full?\""}},
      {"type": "command", "name": "Count", "config": {"argv": ["/usr/bin/du", "-s x"]}},
      {"type": "instruction", "name": "Read", "config": {"text": "Call somebody"}}])");
  const auto disk = post("/runbooks", document).at("/id");
  const std::string plain(make_runbook("Plain").at("id").as_string());
  EXPECT_THAT(all("/runbooks?q=disk"), ElementsAre(disk));
  EXPECT_THAT(all("/runbooks?q=VOLUME"), ElementsAre(disk));
  EXPECT_THAT(all("/runbooks?q=team=stor"), ElementsAre(disk));
  EXPECT_THAT(all("/runbooks?q=DF -H"), ElementsAre(disk));
  EXPECT_THAT(all("/runbooks?q=echo \"full?\""), ElementsAre(disk));
  EXPECT_THAT(all("/runbooks?q=du -s x"), ElementsAre(disk));
  EXPECT_THAT(all("/runbooks?q=somebody"), IsEmpty());
  EXPECT_THAT(all("/runbooks?q=%"), IsEmpty());
  EXPECT_THAT(all("/runbooks?q=team=web"), ElementsAre(plain));
  const auto me = get("/me").at("/id");
  EXPECT_THAT(all("/runbooks?created_by=" + me), ElementsAre(disk, plain));
  EXPECT_THAT(all("/runbooks?created_by=" + disk), IsEmpty());
  sql("UPDATE runbook SET title = 'Plain too' WHERE id = '" + plain + "'");
  const auto job = execution("failed");
  sql("UPDATE execution SET runbook_id = '" + disk + "' WHERE id = '" + job.str() + "'");
  EXPECT_THAT(all("/runbooks?last_status=failed"), ElementsAre(disk));
  const auto newer = execution("completed");
  sql("UPDATE execution SET runbook_id = '" + disk + "' WHERE id = '" + newer.str() + "'");
  EXPECT_THAT(all("/runbooks?last_status=failed"), IsEmpty());
  EXPECT_THAT(all("/runbooks?last_status=completed&q=df"), ElementsAre(disk));
  EXPECT_THAT(get("/runbooks?last_status=good&created_by=me&q=").faults(),
              ElementsAre("/q bad_value", "/created_by bad_value", "/last_status bad_value"));
  EXPECT_THAT(get("/runbooks?text=x").faults(), ElementsAre("/text unknown_field"));
}

TEST_F(ListsTest, RunbooksShowTheirLastExecutions) {
  const std::string runbook(make_runbook("Alone").at("id").as_string());
  EXPECT_EQ(get("/runbooks?title=alone").at("/items/0/last_execution"), "null");
  EXPECT_EQ(get("/runbooks?title=alone").at("/items/0/recent"), "[]");
  std::vector<std::string> made;
  for (int i = 0; i < 16; ++i) {
    const auto id = execution(i % 2 == 0 ? "completed" : "failed");
    sql("UPDATE execution SET runbook_id = '" + runbook + "' WHERE id = '" + id.str() + "'");
    made.insert(made.begin(), id.str());
  }
  const auto shown = get("/runbooks?title=alone");
  EXPECT_EQ(shown.at("/items/0/last_execution/id"), made[0]);
  EXPECT_EQ(shown.at("/items/0/last_execution/status"), "failed");
  EXPECT_NE(shown.at("/items/0/last_execution/end_time"), "null");
  const auto& recent = shown.body.at("items").at(0).at("recent").as_array();
  ASSERT_EQ(recent.size(), 14u);
  for (std::size_t i = 0; i < recent.size(); ++i) EXPECT_EQ(recent[i].at("id").as_string(), made[i]);
}

TEST_F(ListsTest, AgentsSayHowManyCommandsTheyRun) {
  const auto web = make_agent("web");
  make_agent("xen");
  const auto job = execution("running");
  add_attempt(job, add_step(job, 1, "running"), web, "running");
  add_attempt(job, add_step(job, 2, "running"), web, "dispatched");
  add_attempt(job, add_step(job, 3, "success"), web, "success");
  const auto page = get("/agents");
  EXPECT_EQ(page.at("/items/0/running"), "2");
  EXPECT_EQ(page.at("/items/1/running"), "0");
  EXPECT_EQ(get("/agents/" + web.str()).at("/running"), "2");
}

TEST_F(ListsTest, EveryAnswerNamesTheUserInterfacesVersion) {
  const auto version = get("/me").header("X-UI-Version");
  EXPECT_EQ(version.size(), 12u);
  EXPECT_EQ(get("/nothing").header("X-UI-Version"), version);
  EXPECT_EQ(send({.path = "/runbooks"}).header("X-UI-Version"), version);
  EXPECT_EQ(send({.path = "/healthz"}).header("X-UI-Version"), version);
}

}  // namespace
}  // namespace runbook::api
