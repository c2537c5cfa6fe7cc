#include "controller/domain/runbook.hpp"

#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/unit/domain/judged.hpp"

namespace runbook::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

TEST(Runbook, NamesEveryFaultInOneAnswer) {
  const auto judged = judge(R"({
    "title": 7, "colour": "red", "labels": {"a b": "x"},
    "parameters": [{"name": "Path", "type": "text"}],
    "blocks": [{"type": "command", "name": "n", "config": {"timeout_seconds": 0}},
               {"type": "wait", "name": "w"}, 3]
  })");
  EXPECT_THAT(
      faults_of(judged),
      UnorderedElementsAre("/title wrong_type", "/colour unknown_field", "/labels/a b bad_value",
                           "/parameters/0/name bad_value", "/parameters/0/type bad_value",
                           "/blocks/0/config/command required", "/blocks/0/config/timeout_seconds bad_value",
                           "/blocks/1/type bad_value", "/blocks/1/config required", "/blocks/2 wrong_type"));
  EXPECT_EQ(judged.error().code, ErrorCode::kInvalid);
}

TEST(Runbook, NeedsTitleAndBlocks) {
  EXPECT_THAT(faults_of(judge("{}")), ElementsAre("/title required", "/blocks required"));
  EXPECT_THAT(faults_of(judge(R"({"title": " ", "blocks": []})")), ElementsAre("/title bad_value"));
  EXPECT_THAT(faults_of(judge("[]")).front(), " wrong_type");
}

TEST(Runbook, PointersAreEscaped) {
  EXPECT_THAT(faults_of(judge(R"({"title": "t", "blocks": [], "a/b~c": 1})")),
              ElementsAre("/a~1b~0c unknown_field"));
}

TEST(Runbook, IsAsLongAsTheLimitsAllow) {
  const auto with_title = [](std::size_t bytes) {
    return judge(R"({"blocks": [], "title": ")" + std::string(bytes, 'x') + "\"}");
  };
  EXPECT_TRUE(with_title(limits::kTitleBytes));
  EXPECT_THAT(faults_of(with_title(limits::kTitleBytes + 1)), ElementsAre("/title too_long"));
  const auto with_blocks = [](std::size_t count) {
    boost::json::array blocks(
        count, boost::json::parse(R"({"type": "instruction", "name": "n", "config": {"text": "t"}})"));
    return judge_runbook(boost::json::object{{"title", "t"}, {"blocks", std::move(blocks)}}, counting_ids());
  };
  EXPECT_TRUE(with_blocks(limits::kBlocks));
  EXPECT_THAT(faults_of(with_blocks(limits::kBlocks + 1)), ElementsAre("/blocks too_many"));
}

TEST(Runbook, FillsInOrdersSlugsAndDefaults) {
  const auto judged = judge(R"({"title": "t", "blocks": [
    {"type": "instruction", "name": "Read first", "config": {"text": "x"}},
    {"type": "command", "name": "Read first", "config": {"command": "true"}}]})");
  ASSERT_TRUE(judged);
  EXPECT_EQ(judged->blocks[0].slug, "read_first");
  EXPECT_EQ(judged->blocks[1].slug, "read_first_2");
  EXPECT_EQ(judged->blocks[1].order, 1);
  EXPECT_FALSE(judged->blocks[1].continue_on_failure);
  EXPECT_NE(judged->blocks[0].id, judged->blocks[1].id);
  const auto& command = std::get<CommandConfig>(judged->blocks[1].config);
  EXPECT_THAT(command.shell, ElementsAre("/bin/sh", "-c"));
  EXPECT_EQ(command.timeout, std::chrono::seconds(3600));
  EXPECT_EQ(command.stop_grace, std::chrono::seconds(10));
  EXPECT_EQ(command.max_failures.value, 0);
  EXPECT_TRUE(command.approval.has_value());
  EXPECT_TRUE(std::get<InstructionConfig>(judged->blocks[0].config).acknowledge);
}

TEST(Runbook, WhatWasJudgedIsWrittenSoThatItIsJudgedAlike) {
  const auto judged = judge(R"({"title": "t", "description": "d", "labels": {"team": "web"},
    "parameters": [{"name": "size", "type": "number", "default": 1.5, "required": true},
                   {"name": "env", "type": "choice", "choices": ["a", "b"], "default": "b"},
                   {"name": "path", "type": "string", "pattern": "/.*"}],
    "blocks": [
      {"type": "instruction", "name": "i", "on_failure": "continue",
       "config": {"text": "x", "acknowledge": false}},
      {"type": "command", "name": "c", "config": {"command": "x", "shell": ["bash", "-euo", "pipefail", "-c"],
        "targets": {"selector": "a=b", "hosts": ["h"]}, "run_as": "root", "working_directory": "/tmp",
        "environment": {"A": "1"}, "timeout_seconds": 5, "stop_grace_seconds": 0, "approval": "none",
        "rollout": {"max_parallel": "25%", "max_failures": 3}, "output": "block"}},
      {"type": "command", "name": "v",
       "config": {"argv": ["ls", ""], "approval": {"expires_seconds": 60}}}]})");
  ASSERT_TRUE(judged);
  const auto written = to_json(*judged);
  const auto again = judge_runbook(written, counting_ids());
  ASSERT_TRUE(again) << faults_of(again).front();
  EXPECT_EQ(to_json(*again), written);
}

TEST(Runbook, GivenOrdersSortTheBlocks) {
  const auto judged = judge(R"({"title": "t", "blocks": [
    {"type": "instruction", "name": "b", "order": 20, "config": {"text": "x"}},
    {"type": "instruction", "name": "a", "order": 10, "config": {"text": "x"}}]})");
  ASSERT_TRUE(judged);
  EXPECT_EQ(judged->blocks[0].name, "a");
  EXPECT_EQ(judged->blocks[0].order, 0);
  EXPECT_EQ(judged->blocks[1].order, 1);
}

TEST(Runbook, RefusesWhatTwoBlocksShare) {
  const auto judged = judge(R"({"title": "t", "blocks": [
    {"id": "00000000-0000-0000-0000-0000000000aa", "slug": "s", "order": 1, "name": "a",
     "type": "instruction", "config": {"text": "x"}},
    {"id": "00000000-0000-0000-0000-0000000000AA", "slug": "s", "order": 1, "name": "b",
     "type": "instruction", "config": {"text": "x"}}]})");
  EXPECT_THAT(faults_of(judged),
              ElementsAre("/blocks/1/id duplicate", "/blocks/1/slug duplicate", "/blocks/1/order duplicate"));
}

TEST(Runbook, KeepsWhichCredentialsAndSecretsItUses) {
  const auto judged = judge(R"({"title": "t", "parameters": [{"name": "p", "type": "string", "secret": true}],
    "blocks": [{"type": "command", "name": "a", "config": {"command": "x", "credentials": ["key", "token"]}},
    {"type": "api", "name": "b", "config": {"url": "http://a/", "credential": "token", "auth": "basic"}},
    {"type": "api", "name": "c", "config": {"url": "http://a/", "credential": "token"}}]})");
  ASSERT_TRUE(judged);
  const auto again = judge_runbook(to_json(*judged), counting_ids());
  ASSERT_TRUE(again);
  EXPECT_EQ(to_json(*again), to_json(*judged));
  EXPECT_TRUE(again->parameters[0].secret);
  EXPECT_THAT(std::get<CommandConfig>(again->blocks[0].config).credentials, ElementsAre("key", "token"));
  EXPECT_EQ(std::get<ApiConfig>(again->blocks[1].config).auth, "basic");
  EXPECT_EQ(std::get<ApiConfig>(again->blocks[2].config).credential, "token");
  EXPECT_EQ(std::get<ApiConfig>(again->blocks[2].config).auth, "bearer");
}

TEST(Runbook, KnowsTheTypesOfItsBlocks) {
  const auto judged = judge(R"({"title": "t", "blocks": [
    {"type": "instruction", "name": "a", "config": {"text": "x"}},
    {"type": "command", "name": "b", "config": {"command": "x"}},
    {"type": "api", "name": "c", "config": {"url": "http://a/"}},
    {"type": "condition", "name": "d", "config": {"expression": "true"}},
    {"type": "timer", "name": "e", "config": {"seconds": 1}}]})");
  ASSERT_TRUE(judged) << faults_of(judged).front();
  std::vector<std::string> types;
  for (const auto& block : judged->blocks) types.emplace_back(block.type());
  EXPECT_THAT(types, ElementsAre("instruction", "command", "api", "condition", "timer"));
}

TEST(Runbook, EveryFieldOfEveryTypeSurvivesWriting) {
  const auto document = boost::json::parse(R"({"title": "t", "description": "", "labels": {}, "parameters": [
      {"name": "p", "type": "string", "required": true, "secret": false, "description": ""}],
    "blocks": [
      {"id": "00000000-0000-0000-0000-000000000001", "name": "a", "slug": "a", "type": "api", "order": 0,
       "on_failure": "continue", "when": "params.p != ''",
       "config": {"method": "POST", "url": "https://a.example/${{ params.p }}",
         "headers": {"X-A": "${{ params.p }}"},
         "query": {"q": "1"}, "body": {"a": ["${{ params.p }}", 1, null]},
         "expected_status": [200, "300..399"], "timeout_seconds": 3600, "retries": 10, 
         "idempotent": true}},
      {"id": "00000000-0000-0000-0000-000000000002", "name": "b", "slug": "b", "type": "condition",
       "order": 1, "on_failure": "stop",
       "config": {"expression": "steps.a.http_status == 200", "then": {"goto": "d"}, "else": "end"}},
      {"id": "00000000-0000-0000-0000-000000000003", "name": "c", "slug": "c", "type": "timer", "order": 2,
       "on_failure": "stop", "config": {"seconds": 60}},
      {"id": "00000000-0000-0000-0000-000000000004", "name": "d", "slug": "d", "type": "timer", "order": 3,
       "on_failure": "stop", "config": {"until": "2027-01-01T00:00:00.000000Z"}},
      {"id": "00000000-0000-0000-0000-000000000005", "name": "e", "slug": "e", "type": "command", "order": 4,
       "on_failure": "stop",
       "config": {"command": "echo ${{ params.p }}", "shell": ["/bin/sh", "-c"],
         "environment": {"A": "${{ params.p }}"},
         "timeout_seconds": 5, "stop_grace_seconds": 1,
         "approval": {"required": 3, "other_person": true, "expires_seconds": 60},
         "rollout": {"max_parallel": 2, "max_failures": "10%"}, "retries": 2, "on_offline": "wait",
         "on_disconnect": {"stop_after": 30}, "output": "auto"}},
      {"id": "00000000-0000-0000-0000-000000000006", "name": "f", "slug": "f", "type": "condition",
       "order": 5, "on_failure": "stop",
       "config": {"expression": "true", "then": "fail", "else": "continue"}}]})");
  const auto judged = judge_runbook(document, counting_ids());
  ASSERT_TRUE(judged) << faults_of(judged).front();
  EXPECT_EQ(boost::json::value(to_json(*judged)), document);
}

}  // namespace
}  // namespace runbook::domain
