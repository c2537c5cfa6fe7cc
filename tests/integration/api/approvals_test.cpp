#include <gmock/gmock.h>

#include "db/parameters.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;

class ApprovalsTest : public ApiTest {
 protected:
  // An execution of `role` whose step waits; {execution, step}.
  std::pair<Uuid, Uuid> wait_for_approval(std::string_view role, bool other_person = false) {
    const auto made = make_execution("awaiting_approval", role);
    json::object approval{{"digest", std::string(64, 'd')},
                          {"required", 1},
                          {"other_person", other_person},
                          {"expires_at", "2026-11-21T20:00:00Z"},
                          {"given", json::array()}};
    set(made.second, "awaiting_approval", approval);
    return made;
  }
  void set(const Uuid& step, const std::string& status, const json::object& approval) {
    database().transact_here("wait", [&](pqxx::work& work) {
      db::exec(work,
               "UPDATE execution_step SET type = 'command', status = $2, approval = $3, "
               "frozen = '{\"script\": \"true\"}' WHERE id = $1",
               step, status, approval);
    });
  }
};

TEST_F(ApprovalsTest, NobodyWaitsAtFirst) {
  make_execution();
  EXPECT_EQ(get("/approvals").at("/items"), "[]");
}

TEST_F(ApprovalsTest, ShowWhatWaitsAndForWhom) {
  const auto waiting = wait_for_approval("operator");
  const auto& [execution, step] = waiting;
  const auto agent = make_agent("web1");
  database().transact_here("attempt", [&](pqxx::work& work) {
    db::exec(work,
             "INSERT INTO attempt (id, step_id, job_id, agent_id, host, host_index, status) "
             "VALUES ($1, $1, $2, $3, 'web1', 0, 'queued')",
             waiting.second, waiting.first, agent);
  });
  const auto reply = get("/approvals");
  EXPECT_EQ(reply.at("/items/0/execution_id"), execution.str());
  EXPECT_EQ(reply.at("/items/0/step_id"), step.str());
  EXPECT_EQ(reply.at("/items/0/title"), "Runbook");
  EXPECT_EQ(reply.at("/items/0/slug"), "read");
  EXPECT_EQ(reply.at("/items/0/requested_by_name"), "operator");
  EXPECT_EQ(reply.at("/items/0/approval/commands/0/host"), "web1");
  EXPECT_EQ(reply.at("/items/0/approval/commands/0/command"), "true");
  EXPECT_EQ(reply.at("/next_cursor"), "null");
}

TEST_F(ApprovalsTest, SayWhetherTheCallersWouldCount) {
  wait_for_approval("operator");
  const auto may = [&](std::string_view role) {
    return as(role, {.path = "/approvals"}).at("/items/0/may_approve");
  };
  EXPECT_EQ(may("admin"), "true");
  EXPECT_EQ(may("approver"), "true");
  EXPECT_EQ(may("operator"), "true");
  EXPECT_EQ(may("viewer"), "false");
  EXPECT_EQ(may("author"), "false");
  wait_for_approval("admin", true);  // the newest comes first
  EXPECT_EQ(may("admin"), "false") << "who asked for it cannot be the other person";
  EXPECT_EQ(may("approver"), "true");
  EXPECT_EQ(may("operator"), "false") << "somebody else started it";
}

TEST_F(ApprovalsTest, EachPersonCountsOnce) {
  const auto [execution, step] = wait_for_approval("operator");
  json::object given{{"by", as("approver", {.path = "/me"}).at("/id")},
                     {"by_name", "approver"},
                     {"at", "2026-11-21T19:00:00Z"},
                     {"note", ""}};
  set(step, "awaiting_approval",
      {{"digest", std::string(64, 'd')},
       {"required", 2},
       {"other_person", false},
       {"expires_at", "2026-11-21T20:00:00Z"},
       {"given", json::array{given}}});
  EXPECT_EQ(as("approver", {.path = "/approvals"}).at("/items/0/may_approve"), "false");
  EXPECT_EQ(as("admin", {.path = "/approvals"}).at("/items/0/may_approve"), "true");
}

TEST_F(ApprovalsTest, ComeInPages) {
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) made.insert(made.begin(), wait_for_approval("operator").second.str());
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto page = get("/approvals?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page.body.at("items").as_array())
      seen.emplace_back(item.at("step_id").as_string());
    cursor = page.body.at("next_cursor").is_null() ? "" : page.at("/next_cursor");
  } while (!cursor.empty());
  EXPECT_EQ(seen, made);
  EXPECT_EQ(get("/approvals?cursor=zz").status, 422u);
  EXPECT_EQ(get("/approvals?limit=0").status, 422u);
}

}  // namespace
}  // namespace runbook::api
