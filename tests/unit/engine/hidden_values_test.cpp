#include "controller/engine/hidden_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/domain/parameters.hpp"
#include "controller/engine/step_preparation.hpp"
#include "tests/support/credential_keys.hpp"

namespace runbook::engine {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

const Time kNow{std::chrono::seconds(1'700'000'000)};
const Uuid kExecution{{7}};

std::string shown(const std::string& before, const std::string& after) {
  return before + std::string(domain::kShownSecret) + after;
}

domain::Prepared prepare(const domain::Block& block, const json::value& pin, Uuid execution = kExecution) {
  const auto variables = [](const json::value& value) {
    domain::Variables seen;
    seen["params"] = {{"pin", value}, {"user", "ada"}};
    seen["steps"] = json::object{};
    seen["execution"] = json::object{};
    return seen;
  };
  auto with = prepare_block(block, variables(pin), kNow);
  const auto without = prepare_block(block, variables(json::value(domain::kShownSecret)), kNow);
  const auto keys = testing::credential_keys();
  return ExecutionSeals(keys, execution).hidden(block, std::move(with), without, kNow);
}

domain::Block block_of(const std::string& type, const std::string& config) {
  json::object document;
  document["title"] = "t";
  document["parameters"] = json::parse(R"([{"name": "pin", "type": "string", "secret": true},
                                          {"name": "user", "type": "string"}])");
  document["blocks"] = json::array{{{"type", type}, {"name", "n"}, {"config", json::parse(config)}}};
  auto judged = domain::judge_runbook(document, [] { return Uuid{{9}}; });
  EXPECT_TRUE(judged) << judged.error().faults.front().message;
  return std::move(judged->blocks.front());
}

std::optional<json::object> opened(const domain::Block& block, const json::object& frozen,
                                   Uuid execution = kExecution) {
  const auto keys = testing::credential_keys();
  domain::StepState step;
  step.block = block;
  step.frozen = frozen;
  return ExecutionSeals(keys, execution).open(step);
}

TEST(HiddenValues, ACommandKeepsItsSecretsSealed) {
  const auto block = block_of("command", R"({"command": "login ${{ params.user }} ${{ params.pin }}",
      "environment": {"PIN": "<${{ params.pin }}>", "WHO": "${{ params.user }}"}})");
  const auto prepared = prepare(block, "hunter2");
  ASSERT_FALSE(prepared.error);
  EXPECT_THAT(json::serialize(prepared.frozen), Not(HasSubstr("hunter2")));
  EXPECT_EQ(prepared.frozen.at("environment").at("PIN").as_string(), shown("<", ">"));
  EXPECT_EQ(prepared.frozen.at("environment").at("WHO"), "ada");
  EXPECT_EQ(prepared.frozen.at("values").at("RUNBOOK_VALUE_1"), "ada");
  const auto values = opened(block, prepared.frozen);
  ASSERT_TRUE(values);
  EXPECT_EQ(values->at("environment").at("PIN"), "<hunter2>");
  EXPECT_EQ(values->at("values").at("RUNBOOK_VALUE_2"), "hunter2");
  EXPECT_EQ(values->at("script"), prepared.frozen.at("script"));
}

TEST(HiddenValues, WhatHasNoSecretIsNotSealed) {
  const auto block = block_of("command", R"({"command": "id ${{ params.user }}"})");
  const auto prepared = prepare(block, "hunter2");
  EXPECT_FALSE(prepared.frozen.contains("sealed"));
  EXPECT_EQ(opened(block, prepared.frozen).value(), json::object{});
}

TEST(HiddenValues, ShortAndComputedSecretsAreHiddenToo) {
  const auto block = block_of(
      "command",
      R"({"command": "x ${{ params.pin }} ${{ params.pin + params.user }} ${{ size(params.pin) }}"})");
  const auto prepared = prepare(block, "7");
  const auto shown = json::serialize(prepared.frozen.at("values"));
  EXPECT_THAT(shown, Not(HasSubstr("\"7\"")));
  EXPECT_THAT(shown, Not(HasSubstr("7ada")));
  EXPECT_THAT(shown, Not(HasSubstr("\"1\"")));  // its length
  EXPECT_EQ(opened(block, prepared.frozen)->at("values").at("RUNBOOK_VALUE_2"), "7ada");
}

TEST(HiddenValues, WhatOnlyWorksWithTheSecretIsShownAsOne) {
  const auto block = block_of("command", R"({"command": "x ${{ int(params.pin) + 1 }}",
                                             "environment": {"WHO": "${{ params.user }}"}})");
  const auto prepared = prepare(block, "4711");
  ASSERT_FALSE(prepared.error);
  EXPECT_THAT(json::serialize(prepared.frozen), Not(HasSubstr("4712")));
  EXPECT_EQ(prepared.frozen.at("values").at("RUNBOOK_VALUE_1").as_string(), shown("", ""));
  EXPECT_THAT(std::string(prepared.frozen.at("script").as_string()), HasSubstr("RUNBOOK_VALUE_1"));
  EXPECT_EQ(opened(block, prepared.frozen)->at("values").at("RUNBOOK_VALUE_1"), "4712");
}

TEST(HiddenValues, ARequestIsSentWithWhatIsNotShown) {
  const auto block = block_of("api", R"({"url": "https://a.example/${{ params.pin }}", "method": "POST",
      "headers": {"X-Pin": "${{ params.pin }}"}, "body": {"pin": "${{ params.pin }}"}})");
  const auto prepared = prepare(block, "hunter/2");
  EXPECT_THAT(json::serialize(prepared.frozen), Not(HasSubstr("hunter")));
  const auto sent = json::serialize(opened(block, prepared.frozen)->at("request"));
  EXPECT_THAT(sent, HasSubstr("https://a.example/hunter%2F2"));
  EXPECT_THAT(sent, HasSubstr("hunter/2"));
}

TEST(HiddenValues, AnInstructionNeverShowsOneAndKeepsNone) {
  const auto block = block_of("instruction", R"({"text": "Type ${{ params.pin }}, ${{ params.user }}."})");
  const auto prepared = prepare(block, "hunter2");
  EXPECT_EQ(prepared.frozen.at("text").as_string(), shown("Type ", ", ada."));
  EXPECT_FALSE(prepared.frozen.contains("sealed"));
}

TEST(HiddenValues, AnErrorDoesNotRepeatASecret) {
  const auto block = block_of("command", R"({"command": "x ${{ int(params.pin) }}"})");
  const auto prepared = prepare(block, "hunter2");
  ASSERT_TRUE(prepared.error);
  EXPECT_THAT(*prepared.error, Not(HasSubstr("hunter2")));
  const auto only_with_it =
      prepare(block_of("command", R"({"command": "x ${{ {'a': 1}[params.pin == 'hunter2' ? 'b' : 'a'] }}"})"),
              "hunter2");
  EXPECT_EQ(only_with_it.error, "its expressions fail with the secret parameters that were given");
}

TEST(HiddenValues, SealsOpenOnlyWhereTheyWereMade) {
  const auto block = block_of("command", R"({"command": "x ${{ params.pin }}"})");
  const auto prepared = prepare(block, "hunter2");
  EXPECT_FALSE(opened(block, prepared.frozen, Uuid{{8}}));
  auto other = block;
  other.id = Uuid{{10}};
  EXPECT_FALSE(opened(other, prepared.frozen));
  const auto keys = testing::credential_keys();
  const ExecutionSeals seals(keys, kExecution);
  const auto sealed = seals.seal({{"pin", "hunter2"}, {"number", 4711}}, kNow);
  EXPECT_EQ(seals.open(sealed).value(), (json::object{{"number", 4711}, {"pin", "hunter2"}}));
  EXPECT_FALSE(seals.open({{"number", sealed.at("pin")}}));
  EXPECT_FALSE(ExecutionSeals(keys, Uuid{{8}}).open(sealed));
}

TEST(HiddenValues, ParametersArePartedByTheirDefinitions) {
  std::vector<domain::Parameter> parameters(3);
  parameters[0].name = "pin";
  parameters[0].secret = true;
  parameters[1].name = "user";
  parameters[2].name = "unset";
  parameters[2].secret = true;
  const auto parted = parted_parameters(parameters, {{"pin", 4711}, {"user", "ada"}});
  EXPECT_EQ(parted.shown, (json::object{{"pin", domain::kShownSecret}, {"user", "ada"}}));
  EXPECT_EQ(parted.secret, (json::object{{"pin", 4711}}));
  EXPECT_THAT(secret_texts(parted.secret), ::testing::ElementsAre("4711"));
}

}  // namespace
}  // namespace runbook::engine
