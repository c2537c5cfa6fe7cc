// Names and ids are matched exactly, fields that are not for the caller are refused, and what is imported
// is judged like what is written.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>

#include "controller/api/routes.hpp"
#include "tests/integration/api/two_teams.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using auth::Role;
using http::Method;
using ::testing::Contains;
using ::testing::ElementsAre;

class ExactnessTest : public TwoTeamsTest {
 protected:
  std::vector<std::string> match(const std::string& host) {
    const json::object targets{{"hosts", {host}}};
    return post("/agents/match", targets).faults();
  }

  // Spellings of a text that somebody could take for it.
  static std::vector<std::string> near(const std::string& text) {
    auto upper = text;
    for (auto& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    auto homoglyph = text;
    if (const auto at = text.find('a'); at != std::string::npos) homoglyph.replace(at, 1, "\u0430");
    return {text.substr(0, text.size() - 1),
            text.substr(1),
            text + "x",
            "x" + text,
            upper,
            homoglyph + " ",
            text + ".",
            text + " ",
            " " + text,
            text + "\u200b",
            "%",
            text.substr(0, 3) + "%",
            std::string(text.size(), '_'),
            text.substr(0, text.size() - 1) + "_",
            text + "\u0301"};
  }
};

TEST_F(ExactnessTest, HostsAreFoundByTheirWholeNameOnly) {
  EXPECT_TRUE(match(other_.host).empty());
  EXPECT_TRUE(match(other_.agent.str()).empty());
  for (const auto& name : near(other_.host)) {
    EXPECT_THAT(match(name), ElementsAre("/hosts/0 unknown_host")) << name;
  }
}

TEST_F(ExactnessTest, LabelsAreFoundByTheirWholeValueOnly) {
  const auto found = [&](const std::string& selector) {
    return get("/agents?selector=" + selector).body.at("items").as_array().size();
  };
  EXPECT_EQ(found("env=other"), 1U);
  for (const auto* selector : {"env=othe", "env=ther", "env=Other", "env=OTHER", "env=otherx", "Env=other",
                               "en=other", "env in (othe,ther)", "env=other.x", "env="}) {
    EXPECT_EQ(found(selector), 0U) << selector;
  }
}

TEST_F(ExactnessTest, ALimitMatchesExactly) {
  for (const auto* value : {"othe", "othe-x", "OTHER", "other.x", "other_"}) {
    const json::object grant{{"role", "viewer"}, {"hosts", fmt::format("env={}", value)}};
    const auto made = post("/api-keys", {{"name", value}, {"roles", json::array{grant}}});
    if (made.status != 201U) continue;  // no value of a label
    const Ask ask{.path = "/agents", .headers = {{"x-api-key", made.at("/key")}}};
    EXPECT_EQ(send(ask).at("/items"), "[]") << value;
  }
}

TEST_F(ExactnessTest, RolesAreWordsAndNothingLikeThem) {
  for (const auto& word : near("admin")) {
    const auto made = post("/api-keys", {{"name", "k"}, {"roles", json::array{word}}});
    EXPECT_THAT(made.faults(), ElementsAre("/roles/0 bad_value")) << word;
  }
}

TEST_F(ExactnessTest, KeysAreTakenWhole) {
  const auto key = limited_key(Role::kViewer, Limit::kNone);
  EXPECT_EQ(send({.path = "/me", .headers = {{"x-api-key", key}}}).status, 200U);
  std::size_t address = 0;
  for (const auto& wrong : near(key)) {
    const Ask ask{
        .path = "/me", .headers = {{"x-api-key", wrong}}, .address = fmt::format("192.0.2.{}", ++address)};
    EXPECT_EQ(send(ask).status, 401U) << wrong;
  }
}

TEST_F(ExactnessTest, IdsAreWholeUuids) {
  const auto id = other_.runbook.str();
  EXPECT_EQ(get("/runbooks/" + id).status, 200U);
  for (const auto& wrong : {id.substr(1), id + "0", "{" + id + "}", id.substr(0, 35) + "%", id + ".",
                            id + "/", "urn:uuid:" + id, std::string(36, '_')}) {
    EXPECT_EQ(get("/runbooks/" + wrong).status, 404U) << wrong;
  }
}

// Each route that takes a body takes no field that is the server's to set: and nothing changes.
TEST_F(ExactnessTest, ProtectedFieldsAreRefusedOnObjectsToo) {
  const std::map<std::string, std::string> states = {{"complete", "awaiting_input"}, {"retry", "error"}};
  std::size_t cases = 0;
  for (const auto& route : routes()) {
    if (route.body == BodyKind::kNone || route.object == store::ObjectKind::kNone) continue;
    auto path = std::string(route.pattern);
    const auto action = path.substr(path.rfind('/') + 1);
    const auto state = states.contains(action) ? states.at(action) : "awaiting_approval";
    sql(fmt::format("UPDATE execution_step SET status = '{}' WHERE id = '{}'", state, own_.run.step.str()));
    const auto credential = post(
        "/credentials", {{"name", fmt::format("c{}", cases)}, {"type", "api"}, {"secret", "s3cret-s3cret"}});
    for (const auto& [name, id] :
         std::map<std::string, std::string>{{"{runbook_id}", own_.runbook.str()},
                                            {"{version_id}", own_.version.str()},
                                            {"{job_id}", own_.run.execution.str()},
                                            {"{step_id}", own_.run.step.str()},
                                            {"{agent_id}", own_.agent.str()},
                                            {"{credential_id}", credential.at("/id")}}) {
      if (const auto at = path.find(name); at != std::string::npos) path.replace(at, name.size(), id);
    }
    const auto picture = [&] {
      std::string query;
      for (const auto* table : {"runbook", "runbook_version", "runbook_draft", "execution", "execution_step",
                                "agent", "credential"}) {
        query +=
            fmt::format("{}SELECT md5(t::text) AS row FROM {} t", query.empty() ? "" : " UNION ALL ", table);
      }
      return std::string(
          sql("SELECT md5(string_agg(row, ' ' ORDER BY row)) FROM (" + query + ") all_rows")[0][0].c_str());
    };
    for (const auto* field : {"role", "created_by", "approved_by", "status", "id", "version"}) {
      const auto before = picture();
      const json::object body{{field, "x"}};
      const auto reply = as("admin", {.method = route.method, .path = path, .body = json::serialize(body)});
      const auto what = fmt::format("{} {} {}", http::to_string(route.method), route.pattern, field);
      EXPECT_EQ(reply.status, 422U) << what << reply.text;
      EXPECT_THAT(reply.faults(), Contains(fmt::format("/{} unknown_field", field))) << what;
      EXPECT_EQ(picture(), before) << what;
      ++cases;
    }
  }
  RecordProperty("cases", static_cast<int>(cases));
  EXPECT_GE(cases, 60U);
}

TEST_F(ExactnessTest, WhatIsImportedStaysWithinTheLimit) {
  const auto import = [&](Role role, const std::string& labels, const std::string& path = "/runbooks") {
    Ask ask{.method = path == "/runbooks" ? Method::kPost : Method::kPut, .path = path};
    ask.body = "title: Imported\nlabels: {" + labels +
               "}\nblocks:\n- {type: instruction, name: R, config: {text: x}}\n";
    ask.content_type = "application/yaml";
    return with(role, Limit::kRunbooks, std::move(ask));
  };
  EXPECT_EQ(import(Role::kAuthor, "team: own").status, 201U);
  for (const auto* labels : {"team: other", "", "teams: own", "team: Own"}) {
    const auto refused = import(Role::kAuthor, labels);
    EXPECT_EQ(refused.status, 422U) << labels;
    EXPECT_THAT(refused.faults(), ElementsAre("/labels out_of_scope")) << labels;
  }
  const auto own = "/runbooks/" + own_.runbook.str();
  EXPECT_EQ(import(Role::kAuthor, "team: other", own).status, 422U);
  EXPECT_EQ(import(Role::kAuthor, "team: own", "/runbooks/" + other_.runbook.str()).status, 404U);
  EXPECT_EQ(import(Role::kAuthor, "team: own", own).status, 200U);
  for (const auto role : {Role::kViewer, Role::kOperator, Role::kApprover}) {
    EXPECT_EQ(import(role, "team: own").status, 403U);
  }
}

TEST_F(ExactnessTest, NothingIsMovedOutOfTheLimit) {
  const auto own = "/runbooks/" + own_.runbook.str();
  sql("UPDATE runbook_version SET content = jsonb_set(content::jsonb, '{labels}', '{\"team\": "
      "\"other\"}')::json "
      "WHERE id = '" +
      own_.version.str() + "'");
  const auto back =
      with(Role::kAuthor, Limit::kRunbooks,
           {.method = Method::kPost, .path = own + "/versions/" + own_.version.str() + "/rollback"});
  EXPECT_THAT(back.faults(), ElementsAre("/labels out_of_scope"));
  const auto relabel = [&](const json::object& labels) {
    return with(Role::kAdmin, Limit::kHosts,
                {.method = Method::kPatch,
                 .path = "/agents/" + own_.agent.str(),
                 .body = json::serialize(json::object{{"labels", labels}})});
  };
  EXPECT_THAT(relabel({{"env", "other"}}).faults(), ElementsAre("/labels out_of_scope"));
  EXPECT_EQ(relabel({{"env", "own"}, {"size", "big"}}).status, 200U);
}

TEST_F(ExactnessTest, KeysAreShownAsTheyWereMade) {
  const auto roles = json::parse(R"j(["viewer", {"role": "operator", "hosts": "env=staging"},
      {"role": "operator", "runbooks": "team in (a, b)", "hosts": "env=prod"}])j");
  const auto made = post("/api-keys", {{"name", "k"}, {"roles", roles}});
  ASSERT_EQ(made.status, 201U) << made.text;
  EXPECT_EQ(made.body.at("roles"), roles);
  EXPECT_EQ(get("/api-keys").body.at("items").at(0).at("roles"), roles);
  const Ask me{.path = "/me", .headers = {{"x-api-key", made.at("/key")}}};
  EXPECT_EQ(send(me).body.at("roles"), roles);
}

TEST_F(ExactnessTest, LimitsThatMeanNothingAreRefused) {
  const auto faults = [&](const char* role) {
    return post("/api-keys", {{"name", "k"}, {"roles", json::array{json::parse(role)}}}).faults();
  };
  EXPECT_THAT(faults(R"({"role": "viewer", "hosts": ""})"), Contains("/roles/0/hosts bad_value"));
  EXPECT_THAT(faults(R"({"role": "viewer", "hosts": "  "})"), Contains("/roles/0/hosts bad_value"));
  EXPECT_THAT(faults(R"({"role": "viewer", "runbooks": "env in ("})"),
              Contains("/roles/0/runbooks bad_value"));
  EXPECT_THAT(faults(R"({"role": "viewer", "hosts": 7})"), Contains("/roles/0/hosts wrong_type"));
  EXPECT_THAT(faults(R"({"role": "root", "hosts": "a=b"})"), Contains("/roles/0/role bad_value"));
  EXPECT_THAT(faults(R"({"hosts": "a=b"})"), Contains("/roles/0/role required"));
  EXPECT_THAT(faults(R"({"role": "viewer", "until": "noon"})"), Contains("/roles/0/until unknown_field"));
}

// Only an administrator without limits makes keys: nobody makes themselves a wider one.
TEST_F(ExactnessTest, NobodyWithALimitMakesKeys) {
  for (const auto& [role, word] : auth::kRoles) {
    for (const auto limit : kLimits) {
      for (const auto* roles : {R"(["admin"])", R"([{"role": "viewer", "hosts": "env=own"}])"}) {
        const json::object body{{"name", "k"}, {"roles", json::parse(roles)}};
        const auto reply =
            with(role, limit, {.method = Method::kPost, .path = "/api-keys", .body = json::serialize(body)});
        EXPECT_EQ(reply.status, 403U) << word << to_string(limit);
      }
    }
  }
}

// Rows that no version of ours wrote.
TEST_F(ExactnessTest, KeysWhoseRolesCannotBeUnderstoodGiveNothing) {
  const auto key = limited_key(Role::kViewer, Limit::kNone);
  for (const auto* roles : {"[]", "{}", "null", "\"admin\"", "7", "[\"root\"]", "[[\"admin\"]]",
                            R"([{"role": "admin", "hosts": "env in ("}])",
                            R"([{"role": "admin", "only": "x"}])", R"({"role": "admin"})"}) {
    sql(fmt::format("UPDATE api_key SET roles = '{}' WHERE name = 'viewer all'", roles));
    context_.authenticator.forget();
    for (const auto* path : {"/runbooks", "/executions", "/agents", "/audit", "/metrics", "/api-keys"}) {
      EXPECT_EQ(send({.path = path, .headers = {{"x-api-key", key}}}).status, 403U) << roles << path;
    }
    EXPECT_EQ(send({.path = "/me", .headers = {{"x-api-key", key}}}).body.at("roles").as_array().size(), 0U);
  }
}

}  // namespace
}  // namespace runbook::api
