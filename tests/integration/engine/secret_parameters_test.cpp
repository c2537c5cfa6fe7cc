// Secret parameters in executions: they reach commands and servers, and nobody else.
#include "controller/domain/parameters.hpp"
#include "tests/integration/engine/secrets_fixture.hpp"

namespace runbook::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using SecretParameters = SecretsTest;

TEST_F(SecretParameters, SecretParametersReachCommandsAndNothingElse) {
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

TEST_F(SecretParameters, WhatPeopleTypeIsMasked) {
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

// Which controller is asked, and whether any carries it, makes no difference.
TEST_F(SecretParameters, WhatPeopleTypeIsMaskedByEveryController) {
  start();
  const auto runbook = add_runbook_with_pin(R"([
    {"name": "Read", "type": "instruction", "config": {"text": "x"}},
    {"name": "Login", "type": "command",
     "config": {"command": "login", "approval": {"required": 1, "other_person": true}}}])");
  const auto execution = run(with_pin(runbook));
  wait_for(execution, "awaiting_input");
  const auto typed = std::string("typed ") + kPin;
  start_other();
  const domain::Actor by{.person = person, .name = "Ada", .reach = domain::Reach::everything()};
  const auto elsewhere = call(
      other_engine().control(execution, domain::Complete{step_of(execution, "read"), typed}, by, origin()));
  ASSERT_TRUE(elsewhere) << elsewhere.error().message;
  EXPECT_EQ(column(execution, "read", "note"), "typed ******");
  EXPECT_THAT(places_of(kPin), ElementsAre());
}

// Nothing is stored that nobody could look through; a stop says nothing and is free.
TEST_F(SecretParameters, WhatPeopleTypeIsRefusedWhenTheSecretsDoNotOpen) {
  start();
  const auto execution = run(with_pin(
      add_runbook_with_pin(R"([{"name": "Read", "type": "instruction", "config": {"text": "x"}}])")));
  wait_for(execution, "awaiting_input");
  sql("UPDATE execution_secret SET sealed = 'no token'");
  const auto step = step_of(execution, "read");
  const auto refused = control(execution, domain::Complete{step, std::string("typed ") + kPin});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_THAT(refused.error().message, HasSubstr("do not open with the keys of this controller"));
  EXPECT_EQ(column(execution, "read", "note"), "");
  EXPECT_THAT(places_of(kPin), ElementsAre());
  EXPECT_TRUE(control(execution, domain::Stop{}));
}

TEST_F(SecretParameters, ARetryHasTheSameSecrets) {
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

TEST_F(SecretParameters, SecretParametersSurviveACrashOfTheController) {
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
TEST_F(SecretParameters, AValueOfAnotherExecutionDoesNotOpen) {
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

TEST_F(SecretParameters, ADryRunShowsNoSecret) {
  start();
  const auto preview = call(engine().dry_run(with_pin(add_runbook_with_pin(
      R"([{"name": "Login", "type": "command", "config": {"command": "login ${{ params.pin }}"}}])"))));
  ASSERT_TRUE(preview);
  EXPECT_THAT(boost::json::serialize(*preview), Not(HasSubstr(kPin)));
  EXPECT_EQ(preview->at("parameters").at("user"), "ada");
}

}  // namespace
}  // namespace runbook::testing
