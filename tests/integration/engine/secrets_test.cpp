// Credentials and secret parameters in executions: who may use them, what agents and servers get, and that
// nothing else ever sees them.
#include <gmock/gmock.h>

#include "controller/domain/parameters.hpp"
#include "controller/secrets/sealed_secret.hpp"
#include "db/parameters.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/engine/engine_fixture.hpp"
#include "tests/support/credential_keys.hpp"

namespace runbook::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPin = "hunter2-and-more";
constexpr const char* kWithKey = R"([{"name": "Deploy", "type": "command",
    "config": {"command": "deploy", "credentials": ["deploy_key"]}}])";

class SecretsTest : public EngineTest {
 protected:
  SecretsTest() {
    add_agent("web1");
    add_agent("web2");
  }

  Uuid add_credential(const std::string& name, const std::string& type, const std::string& secret) {
    const auto id = runtime::new_uuid();
    const auto sealed = secrets::seal_secret(credential_keys(), id, secret, Time{});
    sql("INSERT INTO credential (id, name, type, sealed, created_by) VALUES ('" + id.str() + "', '" + name +
        "', '" + type + "', '" + sealed + "', '" + person.str() + "')");
    return id;
  }

  engine::ExecuteRequest allowed(const Uuid& runbook, std::vector<std::string> hosts = {"web1"}) const {
    auto asked = request(runbook, std::move(hosts));
    asked.credential_reach = domain::Reach::everything();
    return asked;
  }

  Uuid run(engine::ExecuteRequest asked) {
    const auto accepted = call(engine().execute(std::move(asked), origin()));
    if (!accepted) throw std::runtime_error("not accepted: " + accepted.error().message);
    return accepted->execution;
  }

  Uuid run_to_end(engine::ExecuteRequest asked) {
    const auto execution = run(std::move(asked));
    run_until([&] { return ended(execution); });
    return execution;
  }

  // A runbook with a secret parameter `pin` and a plain one `user`.
  Uuid add_runbook_with_pin(const std::string& blocks) {
    return add_runbook(blocks, R"([{"name": "pin", "type": "string", "secret": true},
                                   {"name": "user", "type": "string"}])");
  }

  engine::ExecuteRequest with_pin(const Uuid& runbook, std::vector<std::string> hosts = {"web1"}) const {
    auto asked = allowed(runbook, std::move(hosts));
    asked.parameters = {{"pin", kPin}, {"user", "ada"}};
    return asked;
  }

  // Rows of all tables, as text, that hold `text`.
  std::vector<std::string> places_of(const std::string& text) {
    std::vector<std::string> places;
    for (const auto& table : sql("SELECT table_name FROM information_schema.tables WHERE table_schema = "
                                 "current_schema() AND table_type = 'BASE TABLE'")) {
      const auto name = db::text(table[0]);
      const auto rows = sql("SELECT 1 FROM \"" + name + "\" t WHERE position('" + text + "' in t::text) > 0");
      if (!rows.empty()) places.push_back(name);
    }
    return places;
  }

  std::string told() {
    std::string all;
    for (const auto& [execution, events] : observer.events) {
      for (const auto& [seq, event] : events) all += boost::json::serialize(event.data);
    }
    return all;
  }

  std::string column_of_attempt(const std::string& name) {
    return db::optional_text(sql("SELECT " + name + " FROM attempt")[0][0]).value_or("");
  }

  std::string column_of(const Uuid& execution, const std::string& name) {
    return db::optional_text(
               sql("SELECT " + name + " FROM execution WHERE id = '" + execution.str() + "'")[0][0])
        .value_or("");
  }
};

TEST_F(SecretsTest, ACommandGetsItsCredentials) {
  const auto key = add_credential("deploy_key", "ssh", "-----BEGIN KEY-----\nabc\n-----END KEY-----");
  start();
  const auto execution = run_to_end(allowed(add_runbook(kWithKey), {"web1", "web2"}));
  EXPECT_EQ(status_of(execution), "completed") << column(execution, "deploy", "reason");
  ASSERT_EQ(fleet.runs().size(), 2U);
  for (const auto& command : fleet.runs()) {
    ASSERT_EQ(command.credentials.size(), 1U);
    EXPECT_EQ(command.credentials[0].id, key);
    EXPECT_EQ(command.credentials[0].name, "deploy_key");
    EXPECT_EQ(command.credentials[0].secret, "-----BEGIN KEY-----\nabc\n-----END KEY-----\n");
  }
  EXPECT_THAT(places_of("BEGIN KEY"), ElementsAre());
  EXPECT_THAT(told(), Not(HasSubstr("BEGIN KEY")));
  EXPECT_FALSE(sql("SELECT last_used_at FROM credential")[0][0].is_null());
}

// A message that is too long would cut the link, again and again.
TEST_F(SecretsTest, CredentialsThatDoNotFitIntoAMessageEndTheStep) {
  std::string names;
  for (std::size_t i = 0; i < limits::kBlockCredentials; ++i) {
    add_credential(fmt::format("c{}", i), "api", std::string(limits::kCredentialBytes, 'x'));
    names += fmt::format("{}\"c{}\"", i == 0 ? "" : ", ", i);
  }
  start();
  const auto execution = run_to_end(allowed(
      add_runbook(R"([{"name": "Deploy", "type": "command", "config": {"command": "x", "credentials": [)" +
                  names + "]}}]")));
  EXPECT_EQ(column(execution, "deploy", "status"), "error");
  EXPECT_THAT(column_of_attempt("reason"), HasSubstr("does not fit into one message"));
  EXPECT_TRUE(fleet.runs().empty());
  EXPECT_EQ(fleet.drops(), 0U);
}

TEST_F(SecretsTest, ASwappedCredentialDoesNotOpen) {
  add_credential("deploy_key", "ssh", "one");
  add_credential("other", "ssh", "two");
  sql("UPDATE credential c SET sealed = o.sealed FROM credential o WHERE o.id <> c.id");
  start();
  const auto execution = run_to_end(allowed(add_runbook(kWithKey)));
  EXPECT_EQ(column(execution, "deploy", "status"), "error");
  EXPECT_THAT(column(execution, "deploy", "reason") + column_of_attempt("reason"),
              HasSubstr("the credential deploy_key does not open with the keys of this controller"));
  EXPECT_TRUE(fleet.runs().empty());
}

// S11: whoever wrote it.
TEST_F(SecretsTest, WhoMayNotUseCredentialsStartsNothing) {
  add_credential("deploy_key", "ssh", "secret");
  start();
  const auto runbook = add_runbook(kWithKey);
  auto asked = allowed(runbook);
  asked.credential_reach = domain::Reach();
  auto answer = call(engine().execute(asked, origin()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kForbidden);
  const auto preview = call(engine().dry_run(asked));
  ASSERT_FALSE(preview);
  EXPECT_EQ(preview.error().code, ErrorCode::kForbidden);
  domain::Scope elsewhere;
  elsewhere.runbooks = domain::Selector::parse("team=db").value();
  asked.credential_reach = domain::Reach({elsewhere});
  EXPECT_EQ(call(engine().execute(asked, origin())).error().code, ErrorCode::kForbidden);
  EXPECT_TRUE(sql("SELECT FROM execution").empty());
  sql("UPDATE runbook SET labels = '{\"team\": \"db\"}'");
  EXPECT_TRUE(call(engine().execute(asked, origin())));
}

TEST_F(SecretsTest, BlocksOutsideTheStepsAskedForNeedNoRight) {
  start();
  const auto runbook = add_runbook(R"([{"name": "Plain", "type": "command", "config": {"command": "x"}},
    {"name": "Deploy", "type": "command", "config": {"command": "deploy", "credentials": ["deploy_key"]}}])");
  auto asked = request(runbook, {"web1"});
  asked.to = "plain";
  EXPECT_EQ(status_of(run_to_end(asked)), "completed");
}

TEST_F(SecretsTest, UnknownCredentialsAndWrongOnesAreRefusedByStep) {
  add_credential("deploy_key", "ssh", "secret");
  start();
  const auto runbook = add_runbook(R"([
    {"name": "Gone", "type": "command", "config": {"command": "x", "credentials": ["deploy_key", "deploy"]}},
    {"name": "Call", "type": "api", "config": {"url": "https://a.example/", "credential": "deploy_key"}}])");
  for (const bool dry : {false, true}) {
    std::optional<Error> error;
    if (dry) {
      error = call(engine().dry_run(allowed(runbook))).error();
    } else {
      error = call(engine().execute(allowed(runbook), origin())).error();
    }
    EXPECT_EQ(error->code, ErrorCode::kInvalid);
    std::vector<std::string> faults;
    for (const auto& fault : error->faults) faults.push_back(fault.code + ": " + fault.message);
    EXPECT_THAT(
        faults,
        ElementsAre("unknown_credential: Step \"gone\": There is no credential deploy.",
                    "wrong_credential: Step \"call\": Credential deploy_key is of type ssh: a request "
                    "takes one of type api."));
  }
  EXPECT_TRUE(sql("SELECT FROM execution").empty());
}

TEST_F(SecretsTest, ACredentialDeletedWhileItWaitsEndsTheStep) {
  add_credential("deploy_key", "ssh", "secret");
  start();
  auto asked = allowed(add_runbook(kWithKey));
  asked.approval = "each";
  const auto execution = run(asked);
  wait_for(execution, "awaiting_approval");
  run_until([&] { return told().find(R"("credentials":[{"id")") != std::string::npos; });  // on the card
  sql("DELETE FROM credential");
  const auto digest = column(execution, "deploy", "approval->>'digest'");
  ASSERT_TRUE(control(execution, domain::Approve{step_of(execution, "deploy"), digest, ""}));
  run_until([&] { return ended(execution); });
  EXPECT_EQ(column(execution, "deploy", "status"), "error");
  EXPECT_EQ(column(execution, "deploy", "reason"), "the credential deploy_key was deleted");
  EXPECT_TRUE(fleet.runs().empty());
}

// S14: what was approved names the credential by its id.
TEST_F(SecretsTest, AnotherCredentialThanTheApprovedOneIsNotUsed) {
  add_credential("deploy_key", "ssh", "secret");
  const auto other = add_credential("root_key", "ssh", "other");
  start();
  auto asked = allowed(add_runbook(kWithKey));
  asked.approval = "each";
  const auto execution = run(asked);
  wait_for(execution, "awaiting_approval");
  crash();
  sql("UPDATE execution_step SET frozen = jsonb_set(frozen::jsonb, '{credentials,0,id}', '\"" + other.str() +
      "\"')::json");
  start();
  const auto digest = column(execution, "deploy", "approval->>'digest'");
  ASSERT_TRUE(control(execution, domain::Approve{step_of(execution, "deploy"), digest, ""}));
  run_until([&] { return ended(execution); });
  EXPECT_EQ(column(execution, "deploy", "reason"), "what would run is not what was approved");
  EXPECT_TRUE(fleet.runs().empty());
}

TEST_F(SecretsTest, ARequestCarriesItsCredential) {
  add_credential("token", "api", "ada:open sesame");
  start();
  const auto execution = run_to_end(allowed(add_runbook(R"([{"name": "Call", "type": "api",
      "config": {"url": "https://a.example/", "credential": "token", "auth": "basic"}}])")));
  EXPECT_EQ(status_of(execution), "completed") << column(execution, "call", "reason");
  ASSERT_EQ(api.requests.size(), 1U);
  EXPECT_EQ(api.requests[0].credential,
            (std::pair<std::string, std::string>{"Authorization", "Basic YWRhOm9wZW4gc2VzYW1l"}));
  EXPECT_THAT(api.requests[0].secrets, ElementsAre("ada:open sesame", "open sesame"));
  EXPECT_THAT(places_of("sesame"), ElementsAre());
  EXPECT_THAT(places_of("YWRhOm9wZW4"), ElementsAre());
}

TEST_F(SecretsTest, ARequestWhoseCredentialIsGoneOrUnfitIsNotSent) {
  add_credential("token", "api", "no colon");
  start();
  const auto runbook = add_runbook(R"([
    {"name": "Wait", "type": "instruction", "config": {"text": "x"}},
    {"name": "Call", "type": "api", "on_failure": "continue",
     "config": {"url": "https://a.example/", "credential": "token", "auth": "basic"}}])");
  const auto unfit = run(allowed(runbook));
  wait_for(unfit, "awaiting_input");
  ASSERT_TRUE(control(unfit, domain::Complete{step_of(unfit, "wait"), ""}));
  run_until([&] { return ended(unfit); });
  EXPECT_EQ(column(unfit, "call", "reason"),
            "the credential token is not user:password, as auth \"basic\" needs it");
  const auto gone = run(allowed(runbook));
  wait_for(gone, "awaiting_input");
  sql("DELETE FROM credential");
  ASSERT_TRUE(control(gone, domain::Complete{step_of(gone, "wait"), ""}));
  run_until([&] { return ended(gone); });
  EXPECT_EQ(column(gone, "call", "reason"), "There is no credential token.");
  EXPECT_TRUE(api.requests.empty());
}

TEST_F(SecretsTest, SecretParametersReachCommandsAndNothingElse) {
  api.answer = [](const auto&) { return answered(200, R"({"fine": true})"); };
  start();
  const auto runbook = add_runbook_with_pin(R"([
    {"name": "Read", "type": "instruction",
     "config": {"text": "Use ${{ params.pin }}", "acknowledge": false}},
    {"name": "Login", "type": "command", "config": {"command": "login ${{ params.pin }} ${{ params.user }}",
     "environment": {"LINE": "pin=${{ params.pin }}"}, "retries": 1}},
    {"name": "Call", "type": "api", "config": {"method": "POST", "url": "https://a.example/",
     "query": {"pin": "${{ params.pin }}"}, "body": {"pin": "${{ params.pin }}"}}},
    {"name": "Ask", "type": "condition", "config": {"expression": "params.pin == 'hunter2-and-more'",
     "else": "fail"}}])");
  int tries = 0;
  script = [&tries](const RunCommand&) { return Script{.exit_code = tries++ == 0 ? 1 : 0}; };
  auto asked = with_pin(runbook);
  asked.reason = std::string("the pin is ") + kPin;
  const auto execution = run_to_end(asked);
  EXPECT_EQ(status_of(execution), "completed") << column(execution, "login", "reason");
  ASSERT_EQ(fleet.runs().size(), 2U);
  for (const auto& command : fleet.runs()) {
    EXPECT_EQ(command.environment.at("RUNBOOK_PARAM_PIN"), kPin);
    EXPECT_EQ(command.environment.at("RUNBOOK_VALUE_1"), kPin);
    EXPECT_EQ(command.environment.at("LINE"), std::string("pin=") + kPin);
    EXPECT_THAT(command.secrets, ElementsAre(kPin));
    EXPECT_THAT(command.script, Not(HasSubstr(kPin)));
  }
  ASSERT_EQ(api.requests.size(), 1U);
  EXPECT_THAT(api.requests[0].url, HasSubstr(kPin));
  EXPECT_THAT(api.requests[0].body, HasSubstr(kPin));
  EXPECT_THAT(api.requests[0].secrets, ElementsAre(kPin));
  EXPECT_EQ(column_of(execution, "parameters->>'pin'"), domain::kShownSecret);
  EXPECT_EQ(column_of(execution, "parameters->>'user'"), "ada");
  EXPECT_EQ(column_of(execution, "reason"), "the pin is ******");
  EXPECT_EQ(column(execution, "read", "frozen->>'text'"), "Use " + std::string(domain::kShownSecret));
  // The condition stands in the version, where its author wrote the value in the clear.
  EXPECT_THAT(places_of(kPin), ElementsAre("runbook_version"));
  EXPECT_THAT(told(), Not(HasSubstr(kPin)));
}

TEST_F(SecretsTest, WhatPeopleTypeIsMasked) {
  start();
  const auto execution = run(with_pin(add_runbook_with_pin(R"([
    {"name": "Read", "type": "instruction", "config": {"text": "x"}},
    {"name": "Login", "type": "command",
     "config": {"command": "login", "approval": {"required": 1, "other_person": true}}}])")));
  wait_for(execution, "awaiting_input");
  ASSERT_TRUE(control(execution, domain::Complete{step_of(execution, "read"), std::string("typed ") + kPin}));
  wait_for(execution, "awaiting_approval");
  ASSERT_TRUE(control(execution, domain::Reject{step_of(execution, "login"), std::string("not ") + kPin},
                      add_person("Bob")));
  run_until([&] { return ended(execution); });
  EXPECT_EQ(column(execution, "read", "note"), "typed ******");
  EXPECT_THAT(places_of(kPin), ElementsAre());
  EXPECT_THAT(told(), Not(HasSubstr(kPin)));
}

TEST_F(SecretsTest, ARetryHasTheSameSecrets) {
  add_credential("deploy_key", "ssh", "secret");
  start();
  int tries = 0;
  script = [&tries](const RunCommand&) { return Script{.exit_code = tries++ == 0 ? 1 : 0}; };
  const auto execution = run_to_end(with_pin(add_runbook_with_pin(
      R"([{"name": "Login", "type": "command",
           "config": {"command": "login ${{ params.pin }}", "credentials": ["deploy_key"]}}])")));
  ASSERT_EQ(status_of(execution), "failed");
  ASSERT_TRUE(control(execution, domain::Retry{step_of(execution, "login"), {}}));
  wait_for(execution, "completed");
  ASSERT_EQ(fleet.runs().size(), 2U);
  for (const auto& command : fleet.runs()) {
    EXPECT_EQ(command.environment.at("RUNBOOK_VALUE_1"), kPin);
    ASSERT_EQ(command.credentials.size(), 1U);
    EXPECT_EQ(command.credentials[0].secret, "secret\n");
  }
  EXPECT_THAT(places_of(kPin), ElementsAre());
}

TEST_F(SecretsTest, SecretParametersSurviveACrashOfTheController) {
  start();
  auto asked = with_pin(add_runbook_with_pin(
      R"([{"name": "Login", "type": "command", "config": {"command": "login ${{ params.pin }}"}}])"));
  asked.approval = "each";
  const auto execution = run(asked);
  wait_for(execution, "awaiting_approval");
  EXPECT_THAT(column(execution, "login", "frozen"), Not(HasSubstr(kPin)));
  crash();
  start();
  const auto digest = column(execution, "login", "approval->>'digest'");
  ASSERT_TRUE(control(execution, domain::Approve{step_of(execution, "login"), digest, ""}));
  run_until([&] { return ended(execution); });
  EXPECT_EQ(status_of(execution), "completed") << column(execution, "login", "reason");
  ASSERT_EQ(fleet.runs().size(), 1U);
  EXPECT_EQ(fleet.runs()[0].environment.at("RUNBOOK_VALUE_1"), kPin);
  EXPECT_EQ(fleet.runs()[0].environment.at("RUNBOOK_PARAM_PIN"), kPin);
}

// S35: a token opens in its own record only.
TEST_F(SecretsTest, AValueOfAnotherExecutionDoesNotOpen) {
  start();
  const auto runbook = add_runbook_with_pin(
      R"([{"name": "Wait", "type": "instruction", "config": {"text": "x"}},
          {"name": "Login", "type": "command", "config": {"command": "login"}}])");
  const auto one = run(with_pin(runbook));
  const auto two = run(with_pin(runbook));
  wait_for(one, "awaiting_input");
  wait_for(two, "awaiting_input");
  crash();
  sql("UPDATE execution_secret s SET sealed = o.sealed FROM execution_secret o "
      "WHERE o.execution_id <> s.execution_id");
  start();
  run_until_stored([&] { return ended_stored(one) && ended_stored(two); });
  EXPECT_EQ(status_of(one), "failed");
  EXPECT_THAT(column(one, "wait", "reason"), HasSubstr("do not open"));
  EXPECT_TRUE(fleet.runs().empty());
}

TEST_F(SecretsTest, ADryRunShowsNoSecret) {
  start();
  const auto preview = call(engine().dry_run(with_pin(add_runbook_with_pin(
      R"([{"name": "Login", "type": "command", "config": {"command": "login ${{ params.pin }}"}}])"))));
  ASSERT_TRUE(preview);
  EXPECT_THAT(boost::json::serialize(*preview), Not(HasSubstr(kPin)));
  EXPECT_EQ(preview->at("parameters").at("user"), "ada");
}

}  // namespace
}  // namespace runbook::testing
