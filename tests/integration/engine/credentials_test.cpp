// Credentials in executions: who may use them, and what agents and servers get.
#include "protocol/messages/limits.hpp"
#include "tests/integration/engine/secrets_fixture.hpp"

namespace runbook::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using CredentialsInUse = SecretsTest;

TEST_F(CredentialsInUse, ACommandGetsItsCredentials) {
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
TEST_F(CredentialsInUse, CredentialsThatDoNotFitIntoAMessageEndTheStep) {
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

TEST_F(CredentialsInUse, ASwappedCredentialDoesNotOpen) {
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
TEST_F(CredentialsInUse, WhoMayNotUseCredentialsStartsNothing) {
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

// A credential of other runbooks is as if it were not there, whoever starts this one.
TEST_F(CredentialsInUse, ACredentialServesOnlyTheRunbooksItIsFor) {
  add_credential("deploy_key", "ssh", "secret");
  limit_credentials("team=db");
  start();
  const auto runbook = add_runbook(kWithKey);
  const auto refused = call(engine().execute(allowed(runbook), origin()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  ASSERT_EQ(refused.error().faults.size(), 1U);
  EXPECT_EQ(refused.error().faults[0].code, "unknown_credential");
  EXPECT_EQ(refused.error().faults[0].message,
            "Step \"deploy\": There is no credential deploy_key for this runbook: it may be used only in "
            "those with the labels team=db.");
  EXPECT_FALSE(call(engine().dry_run(allowed(runbook))));
  EXPECT_TRUE(sql("SELECT FROM execution").empty());
  sql("UPDATE runbook SET labels = '{\"team\": \"db\"}'");
  EXPECT_EQ(status_of(run_to_end(allowed(runbook))), "completed");
  EXPECT_EQ(fleet.runs().size(), 1U);
}

TEST_F(CredentialsInUse, LabelsThatChangedSinceCountWhenAStepIsPrepared) {
  add_credential("deploy_key", "ssh", "secret");
  start();
  const auto execution = run(allowed(add_runbook(R"([
    {"name": "Wait", "type": "instruction", "config": {"text": "x"}},
    {"name": "Deploy", "type": "command",
     "config": {"command": "deploy", "credentials": ["deploy_key"]}}])")));
  wait_for(execution, "awaiting_input");
  limit_credentials("team=db");
  ASSERT_TRUE(control(execution, domain::Complete{step_of(execution, "wait"), ""}));
  run_until([&] { return ended(execution); });
  EXPECT_THAT(column(execution, "deploy", "reason"), HasSubstr("There is no credential deploy_key for this"));
  EXPECT_TRUE(fleet.runs().empty());
}

TEST_F(CredentialsInUse, LabelsThatChangedSinceCountWhenACommandIsSent) {
  add_credential("deploy_key", "ssh", "secret");
  start();
  auto asked = allowed(add_runbook(kWithKey));
  asked.approval = "each";
  const auto execution = run(asked);
  wait_for(execution, "awaiting_approval");
  limit_credentials("team=db");
  const auto digest = column(execution, "deploy", "approval->>'digest'");
  ASSERT_TRUE(control(execution, domain::Approve{step_of(execution, "deploy"), digest, ""}));
  run_until([&] { return ended(execution); });
  EXPECT_EQ(column(execution, "deploy", "reason"),
            "the credential deploy_key may not be used in this runbook any more");
  EXPECT_TRUE(fleet.runs().empty());
  EXPECT_TRUE(sql("SELECT last_used_at FROM credential")[0][0].is_null());
}

TEST_F(CredentialsInUse, ARequestGetsNoCredentialOfOtherRunbooks) {
  add_credential("token", "api", "secret");
  limit_credentials("team=db");
  start();
  const auto runbook = add_runbook(
      R"([{"name": "Call", "type": "api", "config": {"url": "https://a.example/", "credential": "token"}}])");
  EXPECT_FALSE(call(engine().execute(allowed(runbook), origin())));
  EXPECT_TRUE(api.requests.empty());
}

// Whoever may not use credentials learns no names of them.
TEST_F(CredentialsInUse, ADryRunOfADocumentTellsOfCredentialsOnlyToThoseWhoMayUseThem) {
  add_credential("deploy_key", "ssh", "secret");
  start();
  for (const auto* name : {"deploy_key", "no_such_key"}) {
    const auto document = boost::json::parse(fmt::format(
        R"({{"title": "T", "blocks": [{{"name": "Deploy", "type": "command",
             "config": {{"command": "x", "credentials": ["{}"]}}}}]}})",
        name));
    const auto judged = domain::judge_runbook(document, &runtime::new_uuid);
    ASSERT_TRUE(judged);
    auto asked = request({}, {"web1"});
    EXPECT_TRUE(call(engine().dry_run_document(asked, *judged))) << name;
    asked.credential_reach = domain::Reach::everything();
    EXPECT_EQ(call(engine().dry_run_document(asked, *judged)).has_value(), std::string(name) == "deploy_key");
  }
}

TEST_F(CredentialsInUse, BlocksOutsideTheStepsAskedForNeedNoRight) {
  start();
  const auto runbook = add_runbook(R"([{"name": "Plain", "type": "command", "config": {"command": "x"}},
    {"name": "Deploy", "type": "command", "config": {"command": "deploy", "credentials": ["deploy_key"]}}])");
  auto asked = request(runbook, {"web1"});
  asked.to = "plain";
  EXPECT_EQ(status_of(run_to_end(asked)), "completed");
}

TEST_F(CredentialsInUse, UnknownCredentialsAndWrongOnesAreRefusedByStep) {
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

TEST_F(CredentialsInUse, ACredentialDeletedWhileItWaitsEndsTheStep) {
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
TEST_F(CredentialsInUse, AnotherCredentialThanTheApprovedOneIsNotUsed) {
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

TEST_F(CredentialsInUse, ARequestCarriesItsCredential) {
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

TEST_F(CredentialsInUse, ARequestWhoseCredentialIsGoneOrUnfitIsNotSent) {
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

}  // namespace
}  // namespace runbook::testing
