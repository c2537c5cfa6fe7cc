// Every route that changes something is told of by exactly one row, in the transaction of the change. The
// cases are held against the table of routes: a new route needs one.
#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <set>

#include "controller/api/routes.hpp"
#include "controller/auth/secret.hpp"
#include "db/parameters.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;

// Routes with a method that changes, and what they change is nobody's concern but the caller's, or nothing.
const std::set<std::string> kNotTold = {
    "POST /runbooks/validate",
    "POST /runbooks/dry-run",
    "PUT /runbooks/{runbook_id}/draft",
    "DELETE /runbooks/{runbook_id}/draft",
    "POST /agents/match",
};

struct Told {
  std::string action;
  std::string object_type;
  std::string changes;  // a part of them
  std::string person = "admin";
};

class AuditChangesTest : public ApiTest {
 protected:
  struct Case {
    std::function<Ask()> ask;  // makes what it needs
    Told told;
  };

  AuditChangesTest() { engine_.stored.emplace(database()); }

  static std::string text(const json::value& value) { return std::string(value.as_string()); }

  Ask write(Method method, std::string path, const json::value& body = nullptr) {
    Ask ask{.method = method, .path = std::move(path)};
    if (!body.is_null()) ask.body = json::serialize(body);
    ask.headers.emplace_back("x-api-key", key("admin"));
    return ask;
  }

  std::string runbook() { return "/runbooks/" + text(make_runbook().at("id")); }

  // Of a runbook with an instruction and a command, in a state that SQL gave it.
  struct Execution {
    std::string path;
    std::string read;  // the steps
    std::string run;
  };
  Execution execution(const std::string& of_steps = "", const std::string& of_execution = "") {
    make_agent("h" + std::to_string(++hosts_));
    const auto path = runbook() + "/execute";
    const auto reply = post(path, {{"targets", {{"hosts", {"h" + std::to_string(hosts_)}}}}});
    EXPECT_EQ(reply.status, 202u) << reply.text;
    const auto id = reply.at("/id");
    database().transact_here("prepare", [&](pqxx::work& work) {
      if (!of_steps.empty()) db::exec(work, "UPDATE execution_step SET " + of_steps, id);
      if (!of_execution.empty())
        db::exec(work, "UPDATE execution SET " + of_execution + " WHERE id = $1", id);
    });
    const auto steps = get("/executions/" + id).body.at("steps").as_array();
    return {"/executions/" + id, text(steps[0].at("id")), text(steps[1].at("id"))};
  }
  Execution waiting_for_approval() {
    return execution(
        "status = 'awaiting_approval', approval = '{\"digest\": \"d\", \"required\": 1, \"other_person\": "
        "false, \"expires_at\": \"2999-01-01T00:00:00Z\", \"given\": []}' WHERE job_id = $1 AND slug = 'run'",
        "status = 'awaiting_approval', start_time = now()");
  }

  std::string session_cookie() {
    const auto reply = send({.method = Method::kPost,
                             .path = "/session",
                             .body = json::serialize(json::object{{"key", key("admin")}})});
    csrf_ = reply.at("/csrf_token");
    const auto cookie = reply.header("Set-Cookie");
    return cookie.substr(0, cookie.find(';'));
  }

  std::map<std::string, Case> cases();
  std::map<std::string, Case> cases_of_access();
  std::map<std::string, Case> cases_of_executions();
  std::map<std::string, Case> all_cases() {
    auto all = cases();
    all.merge(cases_of_access());
    all.merge(cases_of_executions());
    return all;
  }

  std::int64_t rows() { return sql("SELECT count(*) FROM audit_event")[0][0].as<std::int64_t>(); }
  json::object newest() { return get("/audit?limit=1").body.at("items").at(0).as_object(); }

  int hosts_ = 0;
  int credentials_ = 0;
  std::string csrf_;
};

std::map<std::string, AuditChangesTest::Case> AuditChangesTest::cases() {
  const auto made = [this](std::string path, const json::value& body) {
    const auto reply = post(path, body);
    return path + "/" + reply.at("/id");
  };
  const auto new_credential = [this] {
    return json::object{{"name", "c" + std::to_string(++credentials_)}, {"type", "api"}, {"secret", "s"}};
  };
  return {
      {"POST /runbooks",
       {[=, this] { return write(Method::kPost, "/runbooks", runbook_document("Made")); },
        {"runbook.create", "runbook", R"("title":{"before":null,"after":"Made"})"}}},
      {"PUT /runbooks/{runbook_id}",
       {[=, this] { return write(Method::kPut, runbook(), runbook_document("Other")); },
        {"runbook.update", "runbook", R"("title":{"before":"Runbook","after":"Other"})"}}},
      {"DELETE /runbooks/{runbook_id}",
       {[=, this] { return write(Method::kDelete, runbook()); },
        {"runbook.delete", "runbook", R"("title":{"before":"Runbook","after":null})"}}},
      {"POST /runbooks/{runbook_id}/versions/{version_id}/rollback",
       {[=, this] {
          const auto whole = make_runbook();
          return write(Method::kPost, "/runbooks/" + text(whole.at("id")) + "/versions/" +
                                          text(whole.at("version").at("id")) + "/rollback");
        },
        {"runbook.rollback", "runbook", R"("version_number":{"before":1,"after":2})"}}},
      {"PATCH /agents/{agent_id}",
       {[=, this] {
          return write(Method::kPatch, "/agents/" + make_agent("patched", {{"a", "b"}}).str(),
                       {{"labels", {{"a", "c"}}}});
        },
        {"agent.update", "agent", R"("labels":{"before":{"a":"b"},"after":{"a":"c"}})"}}},
      {"DELETE /agents/{agent_id}",
       {[=, this] { return write(Method::kDelete, "/agents/" + make_agent("revoked").str()); },
        {"agent.revoke", "agent", R"("revoked":{"before":false,"after":true})"}}},
      {"POST /enrollment-tokens",
       {[=, this] { return write(Method::kPost, "/enrollment-tokens", {{"labels", {{"a", "b"}}}}); },
        {"enrollment_token.create", "enrollment_token", R"("labels":{"before":null,"after":{"a":"b"}})"}}},
      {"DELETE /enrollment-tokens/{token_id}",
       {[=, this] { return write(Method::kDelete, made("/enrollment-tokens", json::object{})); },
        {"enrollment_token.revoke", "enrollment_token", R"("revoked":{"before":false,"after":true})"}}},
      {"POST /credentials",
       {[=, this] { return write(Method::kPost, "/credentials", new_credential()); },
        {"credential.create", "credential", R"("type":{"before":null,"after":"api"})"}}},
      {"PUT /credentials/{credential_id}",
       {[=, this] {
          return write(Method::kPut, made("/credentials", new_credential()), {{"secret", "another"}});
        },
        {"credential.replace", "credential", "null"}}},
      {"DELETE /credentials/{credential_id}",
       {[=, this] { return write(Method::kDelete, made("/credentials", new_credential())); },
        {"credential.delete", "credential", R"("used_by":{"before":[],"after":null})"}}},
  };
}

// Keys and sessions.
std::map<std::string, AuditChangesTest::Case> AuditChangesTest::cases_of_access() {
  const json::object new_key{{"name", "k"}, {"roles", {"viewer"}}};
  return {
      {"POST /api-keys",
       {[=, this] { return write(Method::kPost, "/api-keys", new_key); },
        {"api_key.create", "api_key", R"("roles":{"before":null,"after":["viewer"]})"}}},
      {"DELETE /api-keys/{key_id}",
       {[=, this] { return write(Method::kDelete, "/api-keys/" + post("/api-keys", new_key).at("/id")); },
        {"api_key.revoke", "api_key", R"("revoked":{"before":false,"after":true})"}}},
      {"POST /session",
       {[=, this] {
          auto ask = write(Method::kPost, "/session", {{"key", key("viewer")}});
          ask.headers.clear();
          return ask;
        },
        {"session.sign_in", "session", "null", "viewer"}}},
      {"DELETE /session",
       {[=, this] {
          Ask ask{.method = Method::kDelete, .path = "/session"};
          ask.headers = {{"cookie", session_cookie()}, {"x-csrf-token", csrf_}};
          return ask;
        },
        {"session.sign_out", "session", "null"}}},
  };
}

std::map<std::string, AuditChangesTest::Case> AuditChangesTest::cases_of_executions() {
  const std::string step = "/executions/{job_id}/steps/{step_id}/";
  return {
      {"POST /runbooks/{runbook_id}/execute",
       {[=, this] {
          make_agent("target");
          return write(Method::kPost, runbook() + "/execute",
                       {{"targets", {{"hosts", {"target"}}}}, {"reason", "INC-1"}});
        },
        {"execution.start", "execution", R"("targets":{"before":null,"after":{"hosts":["target"]}})"}}},
      {"POST /executions/{job_id}/control",
       {[=, this] { return write(Method::kPost, execution().path + "/control", {{"action", "pause"}}); },
        {"execution.pause", "execution", R"("status":{"before":"pending","after":"paused"})"}}},
      {"POST " + step + "approve",
       {[=, this] {
          const auto made = waiting_for_approval();
          return write(Method::kPost, made.path + "/steps/" + made.run + "/approve", {{"digest", "d"}});
        },
        {"approval.approve", "execution", R"("run.digest":{"before":null,"after":"d"})"}}},
      {"POST " + step + "reject",
       {[=, this] {
          const auto made = waiting_for_approval();
          return write(Method::kPost, made.path + "/steps/" + made.run + "/reject", {{"reason", "no"}});
        },
        {"approval.reject", "execution",
         R"("run.status":{"before":"awaiting_approval","after":"stopped"})"}}},
      {"POST " + step + "complete",
       {[=, this] {
          const auto made = execution("status = 'awaiting_input' WHERE job_id = $1 AND slug = 'read'",
                                      "status = 'awaiting_input', start_time = now()");
          return write(Method::kPost, made.path + "/steps/" + made.read + "/complete", {{"note", "seen"}});
        },
        {"step.complete", "execution", R"("read.status":{"before":"awaiting_input","after":"success"})"}}},
      {"POST " + step + "skip",
       {[=, this] {
          const auto made = execution();
          return write(Method::kPost, made.path + "/steps/" + made.run + "/skip");
        },
        {"step.skip", "execution", R"("run.status":{"before":"pending","after":"skipped"})"}}},
      {"POST " + step + "retry",
       {[=, this] {
          const auto made = execution("status = 'error', end_time = now() WHERE job_id = $1",
                                      "status = 'failed', start_time = now(), end_time = now()");
          return write(Method::kPost, made.path + "/steps/" + made.read + "/retry");
        },
        {"step.retry", "execution", R"("read.attempt":{"before":1,"after":2})"}}},
  };
}

TEST_F(AuditChangesTest, EveryRouteThatChangesSomethingHasACase) {
  const auto known = all_cases();
  for (const auto& route : routes()) {
    if (route.method == Method::kGet) continue;
    const auto name = std::string(http::to_string(route.method)) + " " + std::string(route.pattern);
    EXPECT_NE(known.contains(name), kNotTold.contains(name))
        << name << " changes something and is not tested here";
  }
}

TEST_F(AuditChangesTest, EachWritesExactlyOneRow) {
  const auto all = all_cases();
  for (const auto& [name, one] : all) {
    const auto ask = one.ask();
    const auto before = rows();
    const auto reply = send(ask);
    EXPECT_LT(reply.status, 300u) << name << reply.text;
    EXPECT_EQ(rows(), before + 1) << name;
    const auto event = newest();
    EXPECT_EQ(text(event.at("action")), one.told.action) << name;
    EXPECT_EQ(text(event.at("object_type")), one.told.object_type) << name;
    EXPECT_EQ(text(event.at("result")), "done") << name;
    EXPECT_EQ(text(event.at("person")), one.told.person) << name;
    EXPECT_EQ(text(event.at("key_name")), one.told.person + " key") << name;
    EXPECT_EQ(text(event.at("address")), "192.0.2.7") << name;
    EXPECT_EQ(text(event.at("request_id")), "00000000-0000-4000-8000-000000000001") << name;
    EXPECT_TRUE(event.at("object_id").is_string()) << name;
    EXPECT_THAT(json::serialize(event.at("changes")), HasSubstr(one.told.changes)) << name;
  }
  EXPECT_EQ(get("/audit/verify").at("/valid"), "true");
}

TEST_F(AuditChangesTest, TellsTheReasonThatWasGiven) {
  send(cases_of_executions().at("POST /runbooks/{runbook_id}/execute").ask());
  EXPECT_EQ(text(newest().at("reason")), "INC-1");
  EXPECT_EQ(text(newest().at("object_name")), "Runbook");
}

TEST_F(AuditChangesTest, WhatIsRefusedOrChangesNothingLeavesNoRow) {
  const auto path = runbook();
  const auto agent = "/agents/" + make_agent("a", {{"x", "y"}}).str();
  const auto gone = "/agents/" + make_agent("gone").str();
  const auto api_key = "/api-keys/" + post("/api-keys", {{"name", "k"}, {"roles", {"viewer"}}}).at("/id");
  const auto token = "/enrollment-tokens/" + post("/enrollment-tokens", json::object{}).at("/id");
  const auto started = execution();
  const auto ended = execution();
  for (const auto& each : {gone, api_key, token}) EXPECT_EQ(remove(each).status, 204u);
  post(ended.path + "/control", {{"action", "stop"}});
  auto stale = write(Method::kPut, path, runbook_document());
  stale.headers.emplace_back("if-match", "\"7\"");
  const auto unknown = runtime::new_uuid().str();
  const auto before = rows();
  for (const auto& ask :
       {stale, write(Method::kPost, "/runbooks", {{"title", 7}}),
        write(Method::kDelete, "/runbooks/" + unknown),
        write(Method::kPatch, agent, {{"labels", {{"x", "y"}}}}),
        write(Method::kPatch, gone, {{"draining", true}}), write(Method::kDelete, gone),
        write(Method::kDelete, api_key), write(Method::kDelete, token),
        write(Method::kDelete, "/api-keys/" + unknown), write(Method::kPost, path + "/execute"),
        write(Method::kPost, path + "/execute", {{"dry_run", true}, {"targets", {{"hosts", {"a"}}}}}),
        write(Method::kPost, started.path + "/control", {{"action", "resume"}}),
        write(Method::kPost, started.path + "/steps/" + started.run + "/approve", {{"digest", "x"}}),
        write(Method::kPost, ended.path + "/control", {{"action", "stop"}}),
        write(Method::kDelete, "/session"), write(Method::kPost, "/runbooks/validate", runbook_document())}) {
    const auto reply = send(ask);
    EXPECT_EQ(rows(), before) << http::to_string(ask.method) << " " << ask.path << ": " << reply.status;
  }
}

TEST_F(AuditChangesTest, ARepeatWithTheSameIdempotencyKeyIsToldOnce) {
  auto ask = cases_of_executions().at("POST /runbooks/{runbook_id}/execute").ask();
  ask.headers.emplace_back("idempotency-key", "once");
  const auto before = rows();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send(ask).status, 202u);
  EXPECT_EQ(rows(), before + 1);
}

// The row and the change are one: what cannot be told of does not happen.
TEST_F(AuditChangesTest, WithoutItsRowAChangeIsNotMade) {
  const auto all = all_cases();
  std::vector<std::pair<std::string, Ask>> asks;
  for (const auto& [name, one] : all) asks.emplace_back(name, one.ask());
  const auto picture = [this] {
    std::string text;
    for (const auto* table : {"runbook", "runbook_version", "agent", "enrollment_token", "credential",
                              "api_key", "session", "execution", "execution_step"}) {
      const std::string columns = std::string_view(table) == "api_key" ? "id, name, revoked_at" : "*";
      const auto rows =
          sql("SELECT coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') FROM (SELECT " + columns +
              " FROM " + table + ") t");
      text += std::string(table) + " " + rows[0][0].as<std::string>() + "\n";
    }
    return text;
  };
  sql("ALTER TABLE audit_event RENAME TO elsewhere");
  const auto before = picture();
  for (const auto& [name, ask] : asks) {
    EXPECT_ANY_THROW(send(ask)) << name;
    EXPECT_EQ(picture(), before) << name;
  }
}

TEST_F(AuditChangesTest, NoSecretIsEverTold) {
  const auto made = post("/api-keys", {{"name", "k"}, {"roles", {"viewer"}}});
  const auto token = post("/enrollment-tokens", json::object{});
  const auto cookie = session_cookie();
  remove("/api-keys/" + made.at("/id"));
  send({.path = "/runbooks", .headers = {{"x-api-key", made.at("/key")}}});
  send({.method = Method::kPost, .path = "/session", .body = R"({"key":")" + made.at("/key") + "\"}"});
  const auto told = as("admin", {.path = "/audit", .headers = {{"accept", "application/jsonl"}}}).text;
  for (const auto& secret : {made.at("/key"), token.at("/token"), cookie.substr(cookie.find('=') + 1), csrf_,
                             key("admin"), auth::hex(auth::sha256(made.at("/key")))}) {
    ASSERT_GT(secret.size(), 20u);
    EXPECT_THAT(told, Not(HasSubstr(secret)));
  }
}

}  // namespace
}  // namespace runbook::api
