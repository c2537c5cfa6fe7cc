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

class DecidedApprovalsTest : public ApprovalsTest {
 protected:
  // A step that waited from `begun` on; given at 10:`minute` by "ada".
  Uuid decide(const std::string& status, int given_minute, const std::string& set,
              const std::string& begun = "10:00") {
    const auto step = wait_for_approval("operator").second;
    json::array given;
    if (given_minute >= 0) {
      given.push_back(json::object{{"by", step.str()},
                                   {"by_name", "ada"},
                                   {"at", "2026-11-21T10:" + std::to_string(given_minute) + ":00.000000Z"},
                                   {"note", "go on"}});
    }
    this->set(step, status,
              {{"digest", std::string(64, 'd')},
               {"required", 1},
               {"other_person", false},
               {"expires_at", "2026-11-21T20:00:00Z"},
               {"given", given}});
    database().transact_here("set", [&](pqxx::work& work) {
      work.exec("UPDATE execution_step SET \"timestamp\" = '2026-11-21T" + begun + ":00Z', " + set +
                " WHERE id = '" + step.str() + "'");
    });
    return step;
  }
};

TEST_F(DecidedApprovalsTest, SayWhatWasDecidedByWhomAndWhy) {
  const auto person = as("approver", {.path = "/me"}).at("/id");
  const auto end = [](int minute) { return "end_time = '2026-11-21T10:" + std::to_string(minute) + ":00Z'"; };
  wait_for_approval("operator");
  decide("success", 10, end(59));
  decide("stopped", -1,
         end(20) + ", reason = 'rejected by approver: not: now', completed_by = '" + person + "'");
  decide("skipped", -1,
         end(30) + ", skip_cause = 'person', reason = 'done by hand', completed_by = '" + person + "'");
  decide("stopped", -1, end(40) + ", reason = 'nobody approved it within 3600 s'");
  decide("stopped", -1, end(50) + ", reason = 'the execution was stopped'");
  decide("success", 10, end(59), "10:10");  // given in advance
  const auto page = get("/approvals?state=decided");
  ASSERT_EQ(page.body.at("items").as_array().size(), 5u) << page.text;
  std::vector<std::string> told;
  for (const auto& item : page.body.at("items").as_array()) {
    told.push_back(std::string(item.at("decision").as_string()) + " " +
                   std::string(item.at("decided_at").as_string().subview(11, 5)) + " " +
                   json::serialize(item.at("decided_by_name")) + " " + json::serialize(item.at("note")));
    EXPECT_FALSE(item.at("may_approve").as_bool());
  }
  EXPECT_THAT(told, ::testing::ElementsAre("stopped 10:50 null null", "expired 10:40 null null",
                                           R"(skipped 10:30 "approver" "done by hand")",
                                           R"(rejected 10:20 "approver" "not: now")",
                                           R"(approved 10:10 "ada" "go on")"));
  EXPECT_EQ(get("/approvals?state=waiting").body.at("items").as_array().size(), 1u);
  EXPECT_THAT(get("/approvals?state=all").faults(), ::testing::ElementsAre("/state bad_value"));
}

TEST_F(DecidedApprovalsTest, ComeInPagesLatestFirst) {
  std::vector<std::string> made;
  for (int minute = 10; minute < 15; ++minute)
    made.insert(made.begin(), decide("success", minute, "note = ''").str());
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto page = get("/approvals?state=decided&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page.body.at("items").as_array())
      seen.emplace_back(item.at("step_id").as_string());
    cursor = page.body.at("next_cursor").is_null() ? "" : page.at("/next_cursor");
  } while (!cursor.empty());
  EXPECT_EQ(seen, made);
}

}  // namespace
}  // namespace runbook::api
