// Generated from the route table: every route by every role, without limits and limited in each way, to
// objects of the caller's own team, of another and of nobody. What is out of reach is not there: it is
// answered like an id that nobody has, nothing of it is in any answer, and nothing happens to it.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "controller/api/routes.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/api/two_teams.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using auth::Right;
using auth::Role;
using http::Method;
using store::ObjectKind;

class MatrixTest : public TwoTeamsTest {
 protected:
  // What stands for the ids of a path, and what a text would be that its answer may not have.
  struct Target {
    std::string name;
    std::vector<Uuid> ids;
  };

  static std::string name_of(const Route& route) {
    return fmt::format("{} {}", http::to_string(route.method), route.pattern);
  }

  static bool concerns_objects(const Route& route) { return route.right != Right::kOpen; }

  static std::string path_of(const Route& route, const std::vector<Uuid>& ids) {
    std::string path(route.pattern);
    for (const auto& id : ids) {
      const auto open = path.find('{');
      path.replace(open, path.find('}') - open + 1, id.str());
    }
    return path;
  }

  static std::vector<Uuid> ids_of(ObjectKind kind, const Team& team, const Run& run) {
    switch (kind) {
      case ObjectKind::kRunbook: return {team.runbook};
      case ObjectKind::kVersion: return {team.runbook, team.version};
      case ObjectKind::kExecution: return {run.execution};
      case ObjectKind::kStep: return {run.execution, run.step};
      case ObjectKind::kAgent: return {team.agent};
      default: return {};
    }
  }

  // A body that would be taken: were the object within reach, something would happen to it.
  std::optional<std::string> body_of(const Route& route, const Team& team) const {
    static const std::map<std::string, std::string> kBodies = {
        {"POST /executions/{job_id}/control", R"({"action": "stop"})"},
        {"POST /executions/{job_id}/steps/{step_id}/reject", R"({"reason": "no"})"},
        {"POST /executions/{job_id}/steps/{step_id}/approve",
         R"({"digest": ")" + std::string(64, 'd') + R"("})"},
        {"PATCH /agents/{agent_id}", R"({"draining": true})"},
        {"PUT /runbooks/{runbook_id}/draft", R"({"base_version_number": 1, "yaml": "title: x"})"},
    };
    if (route.body == BodyKind::kNone) return std::nullopt;
    const auto name = name_of(route);
    if (const auto known = kBodies.find(name); known != kBodies.end()) return known->second;
    if (route.body == BodyKind::kRunbook) {
      return json::serialize(json::object{
          {"title", "T"},
          {"labels", {{"team", team.word}}},
          {"blocks", {json::object{{"type", "instruction"}, {"name", "R"}, {"config", {{"text", "x"}}}}}}});
    }
    return "{}";
  }

  Ask ask(const Route& route, const std::vector<Uuid>& ids, const Team& team) const {
    Ask ask{.method = route.method, .path = path_of(route, ids)};
    if (route.pattern.ends_with("/output/search")) ask.path += "?q=said";
    ask.body = body_of(route, team);
    return ask;
  }

  // Whether the role, so limited, reaches what is not the team's in the way `kind` can be.
  static bool within(Limit limit, ObjectKind kind, bool other_runbook, bool other_host) {
    const bool by_runbook = limit == Limit::kRunbooks || limit == Limit::kBoth;
    const bool by_host = limit == Limit::kHosts || limit == Limit::kBoth;
    if (kind == ObjectKind::kAgent) return !(by_host && other_host);
    const bool runs = kind == ObjectKind::kExecution || kind == ObjectKind::kStep;
    return !(by_runbook && other_runbook) && !(by_host && other_host && runs);
  }

  // Everything that is the other team's, as the database has it.
  std::string picture() {
    std::string query;
    for (const auto* table : {"runbook", "runbook_version", "runbook_draft", "execution", "execution_step",
                              "attempt", "agent", "enrollment_token"}) {
      query += fmt::format("{}SELECT md5(t::text) AS row FROM {} t WHERE t::text LIKE '%{}%'",
                           query.empty() ? "" : " UNION ALL ", table, kCanary);
    }
    const auto rows = sql("SELECT count(*) || ' rows: ' || md5(string_agg(row, ' ' ORDER BY row)) FROM (" +
                          query + ") all_rows");
    return rows[0][0].c_str();
  }

  // Ids that a key so limited may never see.
  std::vector<std::string> foreign_ids(Limit limit) const {
    const bool by_runbook = limit != Limit::kHosts;
    const bool by_host = limit != Limit::kRunbooks;
    std::vector<std::string> ids;
    const auto add = [&](const Run& run) {
      for (const auto& id : {run.execution, run.step, run.request, run.attempt}) ids.push_back(id.str());
    };
    add(other_.run);
    if (by_runbook) {
      add(of_other_);
      ids.insert(ids.end(), {other_.runbook.str(), other_.version.str()});
    }
    if (by_host) {
      add(on_other_host_);
      add(on_both_);
      add(on_unknown_);
      ids.push_back(other_.agent.str());
    }
    return ids;
  }

  // The answer without what differs between any two.
  static std::string shape(const Reply& reply) {
    std::string headers;
    for (const auto& [name, value] : reply.headers) headers += name + ": " + value + "\n";
    return fmt::format("{}\n{}\n{}", reply.status, headers, reply.text);
  }
  void expect_clean(const Reply& reply, Limit limit, const std::string& what) {
    const auto text = shape(reply);
    if (limit == Limit::kBoth)
      EXPECT_EQ(text.find(kCanary), std::string::npos) << what << "\n" << text.substr(0, 2000);
    for (const auto& id : foreign_ids(limit))
      EXPECT_EQ(text.find(id), std::string::npos) << what << " tells " << id;
  }

  std::size_t cases_ = 0;
};

// An object's routes: 403 without the right; out of reach as if nobody had it; else neither.
TEST_F(MatrixTest, WhatIsOutOfReachIsNotThere) {
  struct Object {
    const char* name;
    const Team* team;
    const Run* run;
    bool other_runbook;
    bool other_host;
  };
  const std::array kObjects{Object{"the other team's", &other_, &other_.run, true, true},
                            Object{"on the other team's host", &own_, &on_other_host_, false, true},
                            Object{"on hosts of both", &own_, &on_both_, false, true},
                            Object{"on hosts nobody knows yet", &own_, &on_unknown_, false, true},
                            Object{"of the other team's runbook", &other_, &of_other_, true, false}};
  for (const auto& route : routes()) {
    if (!concerns_objects(route) || ids_of(route.object, own_, own_.run).empty()) continue;
    const auto before = picture();
    for (const auto& [role, word] : auth::kRoles) {
      for (const auto limit : kLimits) {
        const std::vector<Uuid> nobody(ids_of(route.object, own_, own_.run).size(), runtime::new_uuid());
        const auto unknown = with(role, limit, ask(route, nobody, own_));
        const bool given = auth::allows(auth::grants_of({grant(role, limit)}), route.right);
        for (const auto& object : kObjects) {
          const bool agent = route.object == ObjectKind::kAgent;
          const bool other_host = agent ? object.team == &other_ : object.other_host;
          if (within(limit, route.object, object.other_runbook, other_host)) continue;
          const auto what = fmt::format("{} as {} limited by {} to what is {}", name_of(route), word,
                                        to_string(limit), object.name);
          const auto ids = ids_of(route.object, *object.team, *object.run);
          const auto reply = with(role, limit, ask(route, ids, *object.team));
          EXPECT_EQ(reply.status, given ? 404U : 403U) << what << reply.text;
          EXPECT_EQ(shape(reply), shape(unknown)) << what;
          ++cases_;
        }
      }
    }
    EXPECT_EQ(picture(), before) << name_of(route);
  }
  RecordProperty("cases", static_cast<int>(cases_));
  EXPECT_GE(cases_, 800U);
}

// What a team may do with its own goes on: the refusals above come from the scope and from nothing else.
TEST_F(MatrixTest, WhatIsWithinReachIsJudgedByRightOnly) {
  for (const auto& route : routes()) {
    const auto ids = ids_of(route.object, own_, own_.run);
    if (!concerns_objects(route) || ids.empty()) continue;
    for (const auto& [role, word] : auth::kRoles) {
      for (const auto limit : kLimits) {
        auto request = ask(route, ids, own_);
        if (request.body) request.body = R"({"role": "admin"})";  // refused later than by right, and harmless
        if (route.method == Method::kDelete) request.headers = {{"if-match", "\"99\""}};
        if (route.method == Method::kDelete && route.object == ObjectKind::kAgent) continue;  // would succeed
        const auto reply = with(role, limit, std::move(request));
        const bool given = auth::allows(auth::grants_of({grant(role, limit)}), route.right);
        const bool others = route.right == Right::kApprove && role == Role::kOperator;  // an admin started it
        const auto what = fmt::format("{} as {} limited by {}: {}", name_of(route), word, to_string(limit),
                                      reply.text.substr(0, 500));
        EXPECT_EQ(reply.status == 403U, !given || others) << what;
        EXPECT_LT(reply.status, 500U) << what;
        if (reply.status == 404U) EXPECT_EQ(reply.at("/code"), "no_draft") << what;
        if (given && route.method == Method::kGet && reply.status != 404U)
          EXPECT_EQ(reply.status, 200U) << what;
        ++cases_;
      }
    }
  }
  RecordProperty("cases", static_cast<int>(cases_));
  EXPECT_GT(cases_, 300U);
}

// A host is labelled anew: whoever started what runs there still sees how it is, and may stop it.
TEST_F(MatrixTest, WhoStartedAnExecutionMayStillStopIt) {
  const auto path = "/executions/" + on_other_host_.execution.str();
  const auto control = [&](Role role) {
    return with(role, Limit::kHosts,
                {.method = Method::kPost, .path = path + "/control", .body = R"({"action": "stop"})"});
  };
  const auto started_by = [&](Role role) {
    const auto id = with(role, Limit::kHosts, {.path = "/me"}).at("/id");
    sql("UPDATE execution SET requested_by = '" + id + "' WHERE id = '" + on_other_host_.execution.str() +
        "'");
  };
  EXPECT_EQ(with(Role::kOperator, Limit::kHosts, {.path = path}).status, 404U);
  EXPECT_EQ(control(Role::kOperator).status, 404U);
  started_by(Role::kViewer);  // a right that is gone
  EXPECT_EQ(with(Role::kViewer, Limit::kHosts, {.path = path}).status, 404U);
  EXPECT_EQ(control(Role::kViewer).status, 403U);
  started_by(Role::kOperator);
  const auto summary = with(Role::kOperator, Limit::kHosts, {.path = path});
  EXPECT_EQ(summary.status, 200U) << summary.text;
  EXPECT_EQ(summary.at("/id"), on_other_host_.execution.str());
  for (const auto& step : summary.body.at("steps").as_array()) {
    EXPECT_FALSE(step.as_object().contains("output"));
    EXPECT_FALSE(step.as_object().contains("hosts"));
  }
  EXPECT_EQ(control(Role::kOperator).status, 202U);
  const auto step = path + "/steps/" + on_other_host_.step.str();
  for (const auto* rest : {"/output", "/output/frames", "/output/index", "/output/search?q=said", "/hosts"}) {
    EXPECT_EQ(with(Role::kOperator, Limit::kHosts, {.path = step + rest}).status, 404U) << rest;
  }
  for (const auto* action : {"/skip", "/complete", "/retry"}) {
    const auto reply =
        with(Role::kOperator, Limit::kHosts, {.method = Method::kPost, .path = step + action, .body = "{}"});
    EXPECT_EQ(reply.status, 404U) << action;
  }
}

// Lists, searches and counts, by every filter that could point at what is not there.
class ListMatrixTest : public MatrixTest {
 protected:
  std::vector<std::string> queries(const Route& route) const {
    const auto run = other_.run.execution.str();
    const std::map<std::string, std::vector<std::string>> kQueries = {
        {"/runbooks",
         {"", "?q=canary", "?title=canary", "?selector=mark=" + other_.mark, "?selector=team=other",
          "?limit=1", "?last_status=awaiting_approval", "?selector=!nothing"}},
        {"/executions",
         {"", "?q=canary", "?runbook_id=" + other_.runbook.str(), "?agent_id=" + other_.agent.str(),
          "?runbook_id=" + own_.runbook.str(), "?agent_id=" + own_.agent.str(), "?status=awaiting_approval",
          "?limit=1", "?since=2000-01-01T00:00:00Z"}},
        {"/approvals", {"", "?state=waiting", "?state=decided", "?limit=1"}},
        {"/agents",
         {"", "?name=canary", "?selector=mark=" + other_.mark, "?selector=env=other", "?status=online",
          "?limit=1", "?outdated=true"}},
        {"/agents/counts", {"", "?name=canary", "?selector=env=other"}},
        {"/labels", {""}},
        {"/credentials", {"", "?limit=1"}},
        {"/roles", {""}},
        {"/me", {""}},
        {"/metrics", {""}},
        {"/openapi.json", {""}},
        {"/runbook.schema.json", {""}},
        {"/live", {""}},
        {"/audit", {"", "?limit=500"}},
        {"/audit/verify", {""}},
        {"/enrollment-tokens", {""}},
        {"/api-keys", {""}},
    };
    const auto known = kQueries.find(std::string(route.pattern));
    return known == kQueries.end() ? std::vector<std::string>{} : known->second;
  }

  void judge(const Route& route, Role role, Limit limit, const std::string& query);

  // The query with nothing but ids and texts that are nobody's.
  std::string harmless(std::string query) const {
    for (const auto& [word, nobody] :
         std::map<std::string, std::string>{{other_.runbook.str(), runtime::new_uuid().str()},
                                            {other_.agent.str(), runtime::new_uuid().str()},
                                            {other_.mark, "nobody"},
                                            {"env=other", "env=nobody"},
                                            {"team=other", "team=nobody"},
                                            {"canary", "nobody"}}) {
      if (const auto at = query.find(word); at != std::string::npos) query.replace(at, word.size(), nobody);
    }
    return query;
  }
};

void ListMatrixTest::judge(const Route& route, Role role, Limit limit, const std::string& query) {
  const auto path = std::string(route.pattern) + query;
  const auto what = fmt::format("GET {} as {} limited by {}", path, auth::to_string(role), to_string(limit));
  const auto reply = with(role, limit, {.path = path});
  const bool given = auth::allows(auth::grants_of({grant(role, limit)}), route.right);
  EXPECT_EQ(reply.status == 403U, !given) << what << reply.text;
  EXPECT_LT(reply.status, 500U) << what;
  expect_clean(reply, limit, what);
  if (limit == Limit::kBoth && query != harmless(query)) {
    const auto nobody = with(role, limit, {.path = std::string(route.pattern) + harmless(query)});
    EXPECT_EQ(shape(reply), shape(nobody)) << what << " differs from " << harmless(query);
  }
  ++cases_;
}

TEST_F(ListMatrixTest, NothingOutOfReachIsInAnyAnswer) {
  for (const auto& route : routes()) {
    if (!concerns_objects(route) || route.method != Method::kGet || route.object != ObjectKind::kNone)
      continue;
    const auto all = queries(route);
    EXPECT_FALSE(all.empty()) << route.pattern << " lists something and is not tested here";
    for (const auto& [role, word] : auth::kRoles) {
      for (const auto limit : kLimits) {
        for (const auto& query : all) judge(route, role, limit, query);
      }
    }
  }
  RecordProperty("cases", static_cast<int>(cases_));
  EXPECT_GE(cases_, 675U);
}

// The canaries sing to those who may hear them: the grep above finds what there is to be found.
TEST_F(ListMatrixTest, WhoHasNoLimitsSeesBothTeams) {
  for (const auto* path : {"/runbooks", "/executions", "/agents", "/labels", "/approvals"}) {
    const auto all = with(Role::kViewer, Limit::kNone, {.path = path});
    EXPECT_NE(all.text.find(kCanary), std::string::npos) << path;
    EXPECT_NE(all.text.find(kOwnMark), std::string::npos) << path;
    const auto own = with(Role::kViewer, Limit::kBoth, {.path = path});
    EXPECT_NE(own.text.find(kOwnMark), std::string::npos) << path;
  }
  for (const auto* run : {&other_.run, &on_both_, &on_other_host_, &of_other_}) {
    const auto step = "/executions/" + run->execution.str() + "/steps/" + run->step.str();
    for (const auto& path : {"/executions/" + run->execution.str(), step + "/output", step + "/output/frames",
                             step + "/output/search?q=said", step + "/hosts"}) {
      EXPECT_NE(with(Role::kViewer, Limit::kNone, {.path = path}).text.find(kCanary), std::string::npos)
          << path;
    }
  }
}

TEST_F(ListMatrixTest, CountsAndLastExecutionsAreOfWhatIsReached) {
  const auto count = [&](Limit limit, const char* path, const char* pointer) {
    return with(Role::kViewer, limit, {.path = path}).at(pointer);
  };
  EXPECT_EQ(count(Limit::kNone, "/agents/counts", "/online"), "2");
  EXPECT_EQ(count(Limit::kBoth, "/agents/counts", "/online"), "1");
  const auto recent = with(Role::kViewer, Limit::kHosts, {.path = "/runbooks?title=egret"});
  EXPECT_EQ(recent.body.at("items").at(0).at("recent").as_array().size(), 1U);
  EXPECT_EQ(recent.at("/items/0/last_execution/id"), own_.run.execution.str());
  const auto match = json::object{{"selector", "!nothing"}};
  const auto matched =
      with(Role::kViewer, Limit::kBoth,
           {.method = Method::kPost, .path = "/agents/match", .body = json::serialize(match)});
  EXPECT_EQ(matched.at("/matched"), "1");
  expect_clean(matched, Limit::kBoth, "match");
}

TEST_F(ListMatrixTest, AHostOutOfReachIsAnUnknownOne) {
  const auto ask_for = [&](const std::string& host, const char* path) {
    const json::object targets{{"hosts", {host}}};
    const json::object body = std::string_view(path) == "/agents/match"
                                  ? targets
                                  : json::object{{"targets", targets}, {"dry_run", true}};
    return with(Role::kAdmin, Limit::kBoth,
                {.method = Method::kPost, .path = path, .body = json::serialize(body)});
  };
  for (const auto& host : {other_.host, other_.agent.str()}) {
    const auto reply = ask_for(host, "/agents/match");
    EXPECT_EQ(reply.status, 422U);
    auto nobody = ask_for("nobody", "/agents/match").text;
    nobody.replace(nobody.find("nobody"), 6, host);
    EXPECT_EQ(reply.faults(), std::vector<std::string>{"/hosts/0 unknown_host"});
  }
}

}  // namespace
}  // namespace runbook::api
