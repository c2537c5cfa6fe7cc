// runbook.schema.json says what the controller does: for the samples, and for good and bad documents.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "controller/api/openapi.hpp"
#include "controller/domain/runbook.hpp"
#include "controller/yaml/yaml_reader.hpp"
#include "controller/yaml/yaml_writer.hpp"
#include "db/embedded.hpp"
#include "protocol/messages/json.hpp"
#include "tests/unit/api/json_schema.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;

Uuid next_id() {
  static std::uint8_t count = 0;
  Uuid id;
  id.bytes[15] = ++count;
  id.bytes[0] = 1;
  return id;
}

const JsonSchema& schema() {
  static const JsonSchema kSchema(parse_json(runbook_schema_text()).value());
  return kSchema;
}

std::string faults_of(const json::value& document) {
  const auto judged = domain::judge_runbook(document, next_id);
  std::string text;
  if (judged) return text;
  for (const auto& fault : judged.error().faults) text += fault.pointer + " " + fault.message + "\n";
  return text.empty() ? judged.error().message : text;
}

json::value with_block(const std::string& block) {
  return {{"title", "T"}, {"blocks", json::array{parse_json(block).value()}}};
}

json::value with_config(const std::string& type, const std::string& config) {
  return with_block(R"({"name": "B", "type": ")" + type + R"(", "config": )" + config + "}");
}

json::value with_parameter(const std::string& parameter) {
  return {
      {"title", "T"}, {"blocks", json::array{}}, {"parameters", json::array{parse_json(parameter).value()}}};
}

void expect_agreement(const json::value& document, bool good) {
  const auto faults = faults_of(document);
  EXPECT_EQ(faults.empty(), good) << json::serialize(document) << "\n" << faults;
  EXPECT_EQ(schema().accepts(document), good) << json::serialize(document) << "\n" << faults;
}

TEST(RunbookSchema, TakesTheSamples) {
  for (const auto& file : db::embedded_samples()) {
    const auto document = yaml::read(std::string(file.text));
    ASSERT_TRUE(document) << file.name;
    EXPECT_TRUE(schema().accepts(document->value)) << file.name;
    EXPECT_EQ(faults_of(document->value), "") << file.name;
  }
}

// What is stored is what could have been sent, and comes back from YAML as it was.
TEST(RunbookSchema, TakesWhatTheControllerAnswers) {
  for (const auto& file : db::embedded_samples()) {
    const auto judged = domain::judge_runbook(yaml::read(std::string(file.text))->value, next_id);
    ASSERT_TRUE(judged) << file.name;
    const json::value filled = domain::to_json(*judged);
    EXPECT_TRUE(schema().accepts(filled)) << file.name;
    const auto again = yaml::read(yaml::write(filled));
    ASSERT_TRUE(again) << file.name;
    EXPECT_EQ(again->value, filled) << file.name;
    EXPECT_EQ(json::value(domain::to_json(domain::judge_runbook(again->value, next_id).value())), filled);
  }
}

TEST(RunbookSchema, AgreesOnDocuments) {
  for (const auto* good :
       {R"({"title": "T", "blocks": []})",
        R"({"title": "T", "description": "", "labels": {}, "parameters": [], "blocks": []})",
        R"({"title": "T", "labels": {"a": "", "example.com/b-c": "x.y_z"}, "blocks": []})"}) {
    expect_agreement(parse_json(good).value(), true);
  }
  for (const auto* bad :
       {R"([])", R"("x")", R"({})", R"({"title": "T"})", R"({"title": " ", "blocks": []})",
        R"({"blocks": []})", R"({"title": "", "blocks": []})", R"({"title": 7, "blocks": []})",
        R"({"title": null, "blocks": []})", R"({"title": "T", "blocks": {}})",
        R"({"title": "T", "blocks": [7]})", R"({"title": "T", "blocks": [], "id": "x"})",
        R"({"title": "T", "blocks": [], "description": null})",
        R"({"title": "T", "blocks": [], "labels": []})",
        R"({"title": "T", "blocks": [], "labels": {"a b": "x"}})",
        R"({"title": "T", "blocks": [], "labels": {"a": 1}})",
        R"({"title": "T", "blocks": [], "labels": {"a": "-x"}})",
        R"({"title": "T", "blocks": [], "labels": {"Example.com/a": "x"}})",
        R"({"title": "T", "blocks": [], "parameters": {}})"}) {
    expect_agreement(parse_json(bad).value(), false);
  }
  expect_agreement({{"title", std::string(201, 'x')}, {"blocks", json::array{}}}, false);
}

TEST(RunbookSchema, AgreesOnParameters) {
  for (const auto* good :
       {R"({"name": "a", "type": "string"})",
        R"({"name": "a_1", "type": "integer", "default": 3, "required": true})",
        R"({"name": "a", "type": "number", "default": 1.5})",
        R"({"name": "a", "type": "boolean", "default": null})",
        R"({"name": "a", "type": "choice", "choices": ["x", "y"], "default": "x"})",
        R"({"name": "a", "type": "string", "pattern": "[a-z]+", "default": "abc", "description": "d"})",
        R"({"name": "a", "type": "string", "secret": false, "choices": []})",
        R"({"name": "a", "type": "integer", "secret": true, "default": null})"}) {
    expect_agreement(with_parameter(good), true);
  }
  for (const auto* bad :
       {R"({"type": "string"})", R"({"name": "a"})", R"({"name": "A", "type": "string"})",
        R"({"name": "1a", "type": "string"})", R"({"name": "a", "type": "text"})",
        R"({"name": "a", "type": "choice"})", R"({"name": "a", "type": "choice", "choices": []})",
        R"({"name": "a", "type": "choice", "choices": ["x", "x"]})",
        R"({"name": "a", "type": "string", "choices": ["x"]})",
        R"({"name": "a", "type": "integer", "pattern": "x"})",
        R"({"name": "a", "type": "integer", "default": "3"})",
        R"({"name": "a", "type": "boolean", "default": 1})",
        R"({"name": "a", "type": "string", "default": 1})",
        R"({"name": "a", "type": "string", "secret": true, "default": "x"})",
        R"({"name": "a", "type": "string", "required": 1})",
        R"({"name": "a", "type": "string", "label": "x"})"}) {
    expect_agreement(with_parameter(bad), false);
  }
}

TEST(RunbookSchema, AgreesOnBlocks) {
  for (const auto* good :
       {R"({"name": "B", "type": "timer", "config": {"seconds": 5}})",
        R"({"name": "B", "type": "timer", "config": {"seconds": 5}, "slug": "b_1", "order": 3,
            "when": "true"})",
        R"({"name": "B", "type": "timer", "config": {"until": "2026-11-21T18:00:00Z"},
            "on_failure": "continue"})",
        R"({"name": "B", "type": "timer", "config": {"seconds": 5},
            "id": "018f6f2e-6e0a-4c0e-9f5e-2f6a1f0d9c11"})"}) {
    expect_agreement(with_block(good), true);
  }
  for (const auto* bad :
       {R"({"type": "timer", "config": {"seconds": 5}})", R"({"name": "B", "config": {"seconds": 5}})",
        R"({"name": "B", "type": "timer"})", R"({"name": "B", "type": "wait", "config": {}})",
        R"({"name": "", "type": "timer", "config": {"seconds": 5}})",
        R"({"name": "B", "type": "timer", "config": {"seconds": 5}, "slug": "B"})",
        R"({"name": "B", "type": "timer", "config": {"seconds": 5}, "order": -1})",
        R"({"name": "B", "type": "timer", "config": {"seconds": 5}, "id": "7"})",
        R"({"name": "B", "type": "timer", "config": {"seconds": 5}, "when": ""})",
        R"({"name": "B", "type": "timer", "config": {"seconds": 5}, "on_failure": "retry"})",
        R"({"name": "B", "type": "timer", "config": {"seconds": 5}, "colour": "red"})",
        R"({"name": "B", "type": "instruction", "config": {"seconds": 5}})"}) {
    expect_agreement(with_block(bad), false);
  }
}

TEST(RunbookSchema, AgreesOnCommands) {
  for (const auto* good :
       {R"({"command": "true"})", R"({"argv": ["/bin/echo", ""]})",
        R"({"command": "x", "shell": "/bin/bash"})",
        R"({"command": "x", "shell": ["bash", "-c"], "run_as": "app", "working_directory": "/srv"})",
        R"({"command": "x", "targets": {"selector": "role=web"}})",
        R"({"command": "x", "targets": {"hosts": ["web1"]}, "environment": {"A_1": ""}})",
        R"({"command": "x", "approval": "none", "timeout_seconds": 604800, "stop_grace_seconds": 0})",
        R"({"command": "x", "approval": {"required": 2, "other_person": true, "expires_seconds": 60}})",
        R"({"command": "x", "approval": {}, "rollout": {"max_parallel": "25%", "max_failures": 2}})",
        R"({"command": "x", "rollout": {"max_parallel": 1, "max_failures": "0%"}, "retries": 10})",
        R"({"command": "x", "on_disconnect": {"stop_after": 30}, "on_offline": "wait", "output": "block"})",
        R"({"command": "x", "on_disconnect": "continue", "credentials": [], "allow": []})",
        R"({"command": "x", "credentials": ["deploy_key", "token"]})"}) {
    expect_agreement(with_config("command", good), true);
  }
  for (const auto* bad : {R"({})",
                          R"({"command": ""})",
                          R"({"command": "x", "argv": ["x"]})",
                          R"({"argv": []})",
                          R"({"argv": [""]})",
                          R"({"argv": ["x"], "shell": "/bin/sh"})",
                          R"({"argv": ["${{ params.a }}"]})",
                          R"({"argv": ["x", "${{ params.a }}"]})",
                          R"({"command": "x", "shell": []})",
                          R"({"command": "x", "shell": [""]})",
                          R"({"command": "x", "targets": {}})",
                          R"({"command": "x", "targets": {"hosts": ["a", "a"]}})",
                          R"({"command": "x", "run_as": "-x"})",
                          R"({"command": "x", "run_as": "a b"})",
                          R"({"command": "x", "working_directory": "srv"})",
                          R"({"command": "x", "environment": {"1": ""}})",
                          R"({"command": "x", "environment": {"RUNBOOK_X": ""}})",
                          R"({"command": "x", "timeout_seconds": 0})",
                          R"({"command": "x", "timeout_seconds": "60"})",
                          R"({"command": "x", "approval": "each"})",
                          R"({"command": "x", "approval": {"required": 0}})",
                          R"({"command": "x", "approval": null})",
                          R"({"command": "x", "rollout": {"max_parallel": 0}})",
                          R"({"command": "x", "rollout": {"max_parallel": "0%"}})",
                          R"({"command": "x", "rollout": {"max_failures": "101%"}})",
                          R"({"command": "x", "retries": 11})",
                          R"({"command": "x", "on_disconnect": "stop"})",
                          R"({"command": "x", "on_disconnect": {}})",
                          R"({"command": "x", "on_offline": "skip"})",
                          R"({"command": "x", "output": "drop"})",
                          R"({"command": "x", "credentials": ["a", "a"]})",
                          R"({"command": "x", "credentials": ["A"]})",
                          R"({"command": "x", "allow": ["no word"]})"}) {
    expect_agreement(with_config("command", bad), false);
  }
}

TEST(RunbookSchema, AgreesOnRequests) {
  for (const auto* good :
       {R"({"url": "https://example.com/"})",
        R"({"url": "http://example.com/a", "method": "POST", "headers": {"X-A": "b"}, "query": {"q": "1"}})",
        R"({"url": "https://example.com/", "method": "POST", "body": {"a": [1, null]}, "idempotent": true})",
        R"({"url": "https://example.com/", "expected_status": [200, "300..399"], "retries": 0})",
        R"({"url": "https://example.com/", "timeout_seconds": 5, "credential": null, "auth": null})",
        R"({"url": "https://example.com/", "credential": "token", "auth": "basic"})",
        R"({"url": "https://example.com/", "credential": "token", "auth": null})"}) {
    expect_agreement(with_config("api", good), true);
  }
  for (const auto* bad : {R"({})", R"({"url": ""})", R"({"url": "https://example.com/", "method": "get"})",
                          R"({"url": "https://example.com/", "headers": {"a b": "x"}})",
                          R"({"url": "https://example.com/", "headers": {"a": "x\ny"}})",
                          R"({"url": "https://example.com/", "query": {"a": 1}})",
                          R"({"url": "https://example.com/", "expected_status": []})",
                          R"({"url": "https://example.com/", "expected_status": [99]})",
                          R"({"url": "https://example.com/", "expected_status": ["2xx"]})",
                          R"({"url": "https://example.com/", "timeout_seconds": 3601})",
                          R"({"url": "https://example.com/", "idempotent": "yes"})",
                          R"({"url": "https://example.com/", "credential": "X"})",
                          R"({"url": "https://example.com/", "auth": "bearer"})",
                          R"({"url": "https://example.com/", "credential": "x", "auth": "digest"})",
                          R"({"url": "https://example.com/", "auth": "basic"})",
                          R"({"url": "https://example.com/", "follow": true})"}) {
    expect_agreement(with_config("api", bad), false);
  }
}

TEST(RunbookSchema, AgreesOnInstructionsConditionsAndTimers) {
  expect_agreement(with_config("instruction", R"({"text": "x"})"), true);
  expect_agreement(with_config("instruction", R"({"text": "x", "acknowledge": false})"), true);
  for (const auto* bad : {R"({})", R"({"text": ""})", R"({"text": "x", "acknowledge": 1})", R"([])"}) {
    expect_agreement(with_config("instruction", bad), false);
  }
  expect_agreement(with_config("condition", R"({"expression": "1 == 1"})"), true);
  expect_agreement(with_config("condition", R"({"expression": "true", "then": "end", "else": "fail"})"),
                   true);
  for (const auto* bad : {R"({})", R"({"expression": ""})", R"({"expression": "true", "then": "stop"})",
                          R"({"expression": "true", "else": {"goto": ""}})",
                          R"({"expression": "true", "else": {"jump": "x"}})"}) {
    expect_agreement(with_config("condition", bad), false);
  }
  expect_agreement(with_config("timer", R"({"seconds": 2592000, "until": null})"), true);
  for (const auto* bad : {R"({})", R"({"seconds": 0})", R"({"seconds": 2592001})", R"({"until": "tomorrow"})",
                          R"({"until": null})", R"({"seconds": 1, "until": "2026-11-21T18:00:00Z"})"}) {
    expect_agreement(with_config("timer", bad), false);
  }
}

}  // namespace
}  // namespace runbook::api
