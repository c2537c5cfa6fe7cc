// The REST side of every control: who may, what is handed to the engine, how its refusals are told.
#include <gmock/gmock.h>

#include "db/parameters.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::ElementsAre;

class ControlsTest : public ApiTest {
 protected:
  ControlsTest() {
    std::tie(execution_, step_) = make_execution("running", "operator");
    engine_.answer = engine::Accepted{{}, "running"};
  }

  std::string path(std::string_view action) const {
    return "/executions/" + execution_.str() + "/steps/" + step_.str() + "/" + std::string(action);
  }
  Reply ask(std::string_view role, std::string path, const json::value& body) {
    return as(role, {.method = Method::kPost, .path = std::move(path), .body = json::serialize(body)});
  }
  void set_step(const std::string& status) {
    database().transact_here("set_step", [&](pqxx::work& work) {
      db::exec(work, "UPDATE execution_step SET status = $2 WHERE id = $1", step_, status);
    });
  }
  template <class Control>
  const Control& last() {
    return std::get<Control>(engine_.controlled.back().control);
  }

  Uuid execution_;
  Uuid step_;
};

TEST_F(ControlsTest, ActionsReachTheEngine) {
  const auto control = "/executions/" + execution_.str() + "/control";
  const auto reply = ask("operator", control, {{"action", "stop"}});
  EXPECT_EQ(reply.status, 202u) << reply.text;
  EXPECT_EQ(reply.at("/id"), execution_.str());
  EXPECT_EQ(reply.at("/status"), "running");
  last<domain::Stop>();
  EXPECT_EQ(ask("operator", control, {{"action", "pause"}}).status, 202u);
  last<domain::Pause>();
  EXPECT_EQ(ask("admin", control, {{"action", "resume"}}).status, 202u);
  last<domain::Resume>();
  EXPECT_EQ(engine_.controlled.back().execution, execution_);
  EXPECT_EQ(engine_.controlled.back().actor.name, "admin");
  EXPECT_THAT(ask("operator", control, {{"action", "halt"}}).faults(), ElementsAre("/action bad_value"));
  EXPECT_THAT(ask("operator", control, json::object{}).faults(), ElementsAre("/action required"));
  EXPECT_EQ(engine_.controlled.size(), 3u);
}

TEST_F(ControlsTest, WhatTheStateDoesNotAllowIs409) {
  engine_.answer = failure(ErrorCode::kConflict, "The execution is paused already.");
  const auto reply = ask("operator", "/executions/" + execution_.str() + "/control", {{"action", "pause"}});
  EXPECT_EQ(reply.status, 409u);
  EXPECT_EQ(reply.at("/detail"), "The execution is paused already.");
  EXPECT_EQ(ask("operator", path("approve"), {{"digest", std::string(64, '0')}}).status, 409u);
  EXPECT_EQ(ask("operator", path("reject"), {{"reason", "no"}}).status, 409u);
  for (const auto* action : {"complete", "skip", "retry"}) {
    EXPECT_EQ(as("operator", {.method = Method::kPost, .path = path(action)}).status, 409u) << action;
  }
}

TEST_F(ControlsTest, AnApprovalCarriesDigestNoteAndPerson) {
  const std::string digest(64, 'a');
  EXPECT_EQ(ask("operator", path("approve"), {{"digest", digest}, {"note", "looked at it"}}).status, 202u);
  EXPECT_EQ(last<domain::Approve>().step, step_);
  EXPECT_EQ(last<domain::Approve>().digest, digest);
  EXPECT_EQ(last<domain::Approve>().note, "looked at it");
  EXPECT_TRUE(engine_.controlled.back().actor.approves_any.nothing());
  EXPECT_EQ(engine_.controlled.back().actor.person.str(), as("operator", {.path = "/me"}).at("/id"));
  EXPECT_EQ(ask("approver", path("approve"), {{"digest", digest}, {"note", nullptr}}).status, 202u);
  EXPECT_TRUE(engine_.controlled.back().actor.approves_any.unlimited());
  set_step("awaiting_approval");
  EXPECT_THAT(ask("approver", path("approve"), {{"note", 7}, {"by", "x"}}).faults(),
              ElementsAre("/digest required", "/note wrong_type", "/by unknown_field"));
  EXPECT_EQ(as("approver", {.method = Method::kPost, .path = path("approve")}).status, 415u);
}

TEST_F(ControlsTest, ARejectionNeedsAReason) {
  EXPECT_EQ(ask("approver", path("reject"), {{"reason", "wrong host"}}).status, 202u);
  EXPECT_EQ(last<domain::Reject>().reason, "wrong host");
  set_step("awaiting_approval");
  EXPECT_THAT(ask("approver", path("reject"), json::object{}).faults(), ElementsAre("/reason required"));
  EXPECT_THAT(ask("approver", path("reject"), {{"reason", ""}}).faults(), ElementsAre("/reason bad_value"));
  EXPECT_THAT(ask("approver", path("reject"), {{"reason", std::string(1001, 'x')}}).faults(),
              ElementsAre("/reason too_long"));
}

// CONTRACT §4: approvers and admins everywhere, operators in executions they started, nobody else.
TEST_F(ControlsTest, ApprovingDependsOnWhoStartedIt) {
  const auto [foreign, step] = make_execution("running", "admin");
  const auto other = "/executions/" + foreign.str() + "/steps/" + step.str() + "/";
  for (const auto& [action, body] : {std::pair<std::string, json::value>{"approve", {{"digest", "d"}}},
                                     std::pair<std::string, json::value>{"reject", {{"reason", "r"}}}}) {
    for (const auto* role : {"viewer", "author"}) {
      EXPECT_EQ(ask(role, path(action), body).status, 403u) << role;
    }
    for (const auto* role : {"approver", "admin"}) {
      EXPECT_EQ(ask(role, path(action), body).status, 202u) << role;
      EXPECT_EQ(ask(role, other + action, body).status, 202u) << role;
    }
    EXPECT_EQ(ask("operator", path(action), body).status, 202u);
    EXPECT_EQ(ask("operator", other + action, body).status, 403u);
    const Ask broken{.method = Method::kPost, .path = other + action, .body = "{"};
    EXPECT_EQ(as("operator", broken).status, 403u) << "the right is judged before the body";
    EXPECT_EQ(as("approver", broken).status, 400u);
  }
  for (const auto* action : {"complete", "skip", "retry"}) {
    EXPECT_EQ(ask("approver", path(action), json::object{}).status, 403u) << action;
    EXPECT_EQ(ask("operator", other + action, json::object{}).status, 202u) << action;
  }
}

TEST_F(ControlsTest, AnInstructionIsTickedOff) {
  EXPECT_EQ(as("operator", {.method = Method::kPost, .path = path("complete")}).status, 202u);
  EXPECT_EQ(ask("operator", path("complete"), {{"note", "looks fine"}}).status, 202u);
  EXPECT_EQ(last<domain::Complete>().note, "looks fine");
  EXPECT_THAT(ask("operator", path("complete"), {{"note", 1}, {"by", "x"}}).faults(),
              ElementsAre("/note wrong_type", "/by unknown_field"));
}

TEST_F(ControlsTest, ASkipMayHaveAReasonAndARetryHosts) {
  EXPECT_EQ(as("operator", {.method = Method::kPost, .path = path("skip")}).status, 202u);
  EXPECT_EQ(last<domain::Skip>().reason, "");
  EXPECT_EQ(ask("operator", path("skip"), {{"reason", "not today"}}).status, 202u);
  EXPECT_EQ(last<domain::Skip>().reason, "not today");
  EXPECT_EQ(as("operator", {.method = Method::kPost, .path = path("retry")}).status, 202u);
  EXPECT_TRUE(last<domain::Retry>().hosts.empty());
  EXPECT_EQ(ask("operator", path("retry"), {{"hosts", {"web1", "web2"}}}).status, 202u);
  EXPECT_THAT(last<domain::Retry>().hosts, ElementsAre("web1", "web2"));
  set_step("error");
  EXPECT_THAT(ask("operator", path("retry"), {{"hosts", json::array{}}}).faults(),
              ElementsAre("/hosts bad_value"));
  EXPECT_THAT(ask("operator", path("retry"), {{"hosts", "web1"}}).faults(), ElementsAre("/hosts wrong_type"));
  engine_.answer = std::unexpected(
      Error{ErrorCode::kInvalid, "wrong", {{"/hosts/0", "unknown_host", "The step has no host named x."}}});
  EXPECT_THAT(ask("operator", path("retry"), {{"hosts", {"x"}}}).faults(),
              ElementsAre("/hosts/0 unknown_host"));
}

TEST_F(ControlsTest, WhatIsNotThereIs404) {
  const auto [other, foreign] = make_execution();
  const std::string nothing = "00000000-0000-4000-8000-00000000dead";
  for (const auto* action : {"approve", "reject", "complete", "skip", "retry"}) {
    for (const auto& where : {"/executions/" + execution_.str() + "/steps/" + foreign.str() + "/" + action,
                              "/executions/" + nothing + "/steps/" + step_.str() + "/" + action,
                              "/executions/" + execution_.str() + "/steps/7/" + action}) {
      EXPECT_EQ(ask("admin", where, json::object{}).status, 404u) << where;
    }
    EXPECT_EQ(get(path(action)).header("Allow"), "POST");
  }
  EXPECT_TRUE(engine_.controlled.empty());
}

}  // namespace
}  // namespace runbook::api
