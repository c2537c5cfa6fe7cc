#include "tests/integration/api/two_teams.hpp"

#include <fmt/format.h>

#include <memory>

#include "controller/auth/secret.hpp"
#include "controller/store/output_store.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/support/await.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

constexpr std::string_view kOwnWord = "own";
constexpr std::string_view kOtherWord = "other";

constexpr auto kInsertExecution =
    "INSERT INTO execution (id, runbook_id, version_id, version_number, title, status, approval, parameters, "
    "targets, reason, requested_by, start_time) VALUES ($1, $2, $3, 1, $4, 'awaiting_approval', 'each', $5, "
    "$6, "
    "$4, $7, now())";
constexpr auto kInsertStep =
    "INSERT INTO execution_step (id, job_id, block_id, slug, name, type, \"order\", status, note, reason, "
    "approval, frozen, result, \"timestamp\") VALUES ($1, $2, $1, $3, $4, $5, $6, $7, $4, $4, $8, $9, $10, "
    "now())";
constexpr auto kInsertAttempt =
    "INSERT INTO attempt (id, step_id, job_id, agent_id, host, host_index, status, reason, labels) "
    "VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, '{}')";

json::object document(std::string_view mark, const std::string& word) {
  const std::string text(mark);
  json::object request{{"method", "GET"}, {"url", "https://" + text + ".example/"}};
  json::object command{{"command", "echo " + text}, {"targets", {{"selector", "env=" + word}}}};
  return {{"title", "Runbook " + text},
          {"description", "About " + text},
          {"labels", {{"team", word}, {"mark", text}}},
          {"blocks",
           {json::object{{"type", "api"}, {"name", "Ask " + text}, {"config", request}},
            json::object{{"type", "command"}, {"name", "Run " + text}, {"config", command}}}}};
}

Uuid id_of(const json::value& value) { return Uuid::parse(std::string(value.as_string())).value(); }

json::object waiting(std::string_view mark) {
  json::object given{
      {"by", runtime::new_uuid().str()}, {"by_name", mark}, {"at", "2026-11-21T19:00:00Z"}, {"note", mark}};
  return {{"digest", std::string(64, 'd')},
          {"required", 2},
          {"other_person", false},
          {"expires_at", "2999-11-21T20:00:00Z"},
          {"given", json::array{std::move(given)}}};
}

}  // namespace

std::string_view to_string(Limit limit) {
  switch (limit) {
    case Limit::kNone: return "all";
    case Limit::kRunbooks: return "runbooks";
    case Limit::kHosts: return "hosts";
    case Limit::kBoth: return "both";
  }
  return "";
}

TwoTeamsTest::TwoTeamsTest() {
  engine_.stored.emplace(database());
  own_ = make_team(kOwnMark, std::string(kOwnWord));
  other_ = make_team(kCanary, std::string(kOtherWord));
  on_other_host_ = make_run(own_, kCanary, {{other_.agent, other_.host}});
  of_other_ = make_run(other_, kCanary, {{own_.agent, own_.host}});
  on_both_ = make_run(own_, kCanary, {{own_.agent, own_.host}, {other_.agent, other_.host}});
  on_unknown_ = make_run(own_, kCanary, {});
}

TwoTeamsTest::Team TwoTeamsTest::make_team(std::string_view mark, const std::string& word) {
  Team team;
  team.mark = mark;
  team.word = word;
  team.host = "host-" + team.mark;
  team.agent = make_agent(team.host, {{"env", word}, {"mark", team.mark}}, true);
  database().transact_here("agent facts", [&](pqxx::work& work) {
    db::exec(work, "UPDATE agent SET version = $2, os = $2, arch = $2 WHERE id = $1", team.agent, team.mark);
  });
  auto wanted = document(mark, word);
  wanted["message"] = mark;
  const auto made = post("/runbooks", wanted);
  EXPECT_EQ(made.status, 201U) << made.text;
  team.runbook = id_of(made.body.at("id"));
  team.version = id_of(made.body.at("version").at("id"));
  const auto path = "/runbooks/" + team.runbook.str();
  const auto again =
      as("admin", {.method = http::Method::kPut, .path = path, .body = json::serialize(wanted)});
  EXPECT_EQ(again.status, 200U) << again.text;
  team.run = make_run(team, mark, {{team.agent, team.host}});
  post("/enrollment-tokens", {{"labels", {{"mark", team.mark}}}});
  return team;
}

TwoTeamsTest::Run TwoTeamsTest::make_run(const Team& team, std::string_view mark, const Hosts& hosts) {
  Run run{runtime::new_uuid(), runtime::new_uuid(), runtime::new_uuid(), runtime::new_uuid()};
  const std::string text(mark);
  const std::string person = as("admin", {.path = "/me"}).at("/id");
  json::array names;
  for (const auto& [agent, name] : hosts) names.push_back(json::value(name));
  const json::object result{
      {"http_status", 200}, {"headers", {{"x-mark", mark}}}, {"body", text}, {"json", nullptr}};
  database().transact_here("make_run", [&](pqxx::work& work) {
    db::exec(work, kInsertExecution, run.execution, team.runbook, team.version, text,
             json::object{{"mark", mark}}, json::object{{"hosts", names}}, person);
    db::exec(work, kInsertStep, run.request, run.execution, "ask", text, "api", 0, "success",
             std::optional<json::object>{}, json::object{}, result);
    db::exec(work, kInsertStep, run.step, run.execution, "run", text, "command", 1, "awaiting_approval",
             waiting(mark), json::object{{"script", "echo " + text}}, std::optional<json::object>{});
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      db::exec(work, kInsertAttempt, i == 0 ? run.attempt : runtime::new_uuid(), run.step, run.execution,
               hosts[i].first, hosts[i].second, i, text);
    }
  });
  if (!hosts.empty()) print(run, mark);
  return run;
}

// Commits a line as the engine's writer does.
void TwoTeamsTest::print(const Run& run, std::string_view mark) {
  store::AttemptUpdate attempt;
  attempt.id = run.attempt;
  attempt.execution = run.execution;
  attempt.step = run.step;
  attempt.was = attempt.status = AttemptStatus::kRunning;
  auto batch = std::make_shared<store::Batch>();
  batch->attempts = {attempt};
  batch->pieces = {
      {0, Stream::kStdout, 0, std::make_shared<const std::string>(fmt::format("said {}\n", mark))}};
  store::OutputStore output(database());
  ASSERT_TRUE(testing::await(loop_, output.store(batch)).has_value());
}

json::value TwoTeamsTest::grant(auth::Role role, Limit limit) {
  if (limit == Limit::kNone) return json::value(auth::to_string(role));
  json::object item{{"role", auth::to_string(role)}};
  if (limit != Limit::kHosts) item["runbooks"] = fmt::format("team={}", kOwnWord);
  if (limit != Limit::kRunbooks) item["hosts"] = fmt::format("env={}", kOwnWord);
  return item;
}

const std::string& TwoTeamsTest::limited_key(auth::Role role, Limit limit) {
  const auto known = keys_.find({role, limit});
  if (known != keys_.end()) return known->second;
  const auto name = fmt::format("{} {}", auth::to_string(role), to_string(limit));
  const auto made =
      post("/api-keys", {{"name", name}, {"owner", name}, {"roles", json::array{grant(role, limit)}}});
  EXPECT_EQ(made.status, 201U) << made.text;
  return keys_.emplace(std::pair(role, limit), made.at("/key")).first->second;
}

Reply TwoTeamsTest::with(auth::Role role, Limit limit, Ask ask) {
  ask.headers.emplace_back("x-api-key", limited_key(role, limit));
  return send(std::move(ask));
}

}  // namespace runbook::api
