#include "protocol/messages/control.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/unit/protocol/vectors.hpp"

namespace runbook {
namespace {

namespace json = boost::json;
using testing::text_of;

const json::object& vectors() {
  static const json::object read = testing::read_vectors("control_messages.json");
  return read;
}

// Decodes `text` as a message of `sender` and writes it again; the complaint when it is refused.
std::string there_and_back(std::string_view sender, const std::string& text) {
  if (sender == "agent") {
    const auto message = decode_agent_message(text);
    return message ? encode(*message) : message.error().message;
  }
  const auto message = decode_controller_message(text);
  return message ? encode(*message) : message.error().message;
}

// A complaint stays text, so that it is seen when a test fails.
json::value value_of(const std::string& text) {
  const auto value = parse_json(text);
  return value ? *value : json::value(text);
}

TEST(ControlMessages, GoldenMessagesAreReadAndWrittenWithExactlyTheirMembers) {
  for (const std::string_view sender : {"agent", "controller"}) {
    for (const auto& item : vectors().at(sender).as_array()) {
      const json::value& message = item.as_object().at("message");
      const std::string again = there_and_back(sender, json::serialize(message));
      EXPECT_EQ(value_of(again), message) << text_of(item.as_object(), "name");
    }
  }
}

TEST(ControlMessages, WhatIsNotKnownIsIgnored) {
  for (const auto& item : vectors().at("ignored").as_array()) {
    const auto& vector = item.as_object();
    const std::string again = there_and_back(text_of(vector, "from"), json::serialize(vector.at("message")));
    EXPECT_EQ(value_of(again), vector.at("same_as")) << text_of(vector, "name");
  }
}

TEST(ControlMessages, WrongMessagesAreRefusedByName) {
  for (const auto& item : vectors().at("refused").as_array()) {
    const auto& vector = item.as_object();
    const std::string answer = there_and_back(text_of(vector, "from"), text_of(vector, "text"));
    EXPECT_NE(answer.find(text_of(vector, "says")), std::string::npos)
        << text_of(vector, "name") << ": " << answer;
    EXPECT_FALSE(answer.starts_with('{')) << text_of(vector, "name");
  }
}

const std::set<std::string> kOptional = {"finished.exit_code",
                                         "finished.signal",
                                         "finished.ended_with_it",
                                         "finished.reason",
                                         "welcome.time",
                                         "welcome.authorities",
                                         "run.stop_after_seconds",
                                         "run.credentials",
                                         "run.secrets",
                                         "run.root",
                                         "run.leaf",
                                         "run.signature"};

TEST(ControlMessages, EveryMemberOfEveryMessageIsNeededExceptTheOptionalOnes) {
  for (const std::string_view sender : {"agent", "controller"}) {
    for (const auto& item : vectors().at(sender).as_array()) {
      const json::object& message = item.as_object().at("message").as_object();
      for (const auto& member : message) {
        const std::string type(message.at("type").as_string());
        if (kOptional.contains(type + "." + std::string(member.key()))) continue;
        json::object without = message;
        without.erase(member.key());
        const std::string answer = there_and_back(sender, json::serialize(without));
        EXPECT_NE(answer.find(std::string(member.key()) + "\" is missing"), std::string::npos) << answer;
      }
    }
  }
}

TEST(ControlMessages, ValuesArriveInTheirMembers) {
  RunCommand run;
  run.attempt = *Uuid::parse("0198c5a2-7b1e-7c3d-9e4f-0123456789ab");
  run.argv = {"/bin/sh", "-c"};
  run.script = "echo \"ä\"\n";
  run.environment = {{"A", "1"}, {"B", ""}};
  run.run_as = "app";
  run.timeout = std::chrono::seconds(90);
  run.stop_grace = std::chrono::seconds(7);
  run.expires_at = *parse_rfc3339("2026-11-21T17:57:37.000001Z");
  run.stop_after = std::chrono::seconds(30);
  run.credentials = {{.id = run.attempt, .name = "deploy", .secret = "a\nb"}};
  run.secrets = {"hunter2"};
  run.root = std::string(64, 'a');
  run.leaf = std::string(64, 'b');
  run.signature = "c2ln";
  const auto decoded = decode_controller_message(encode(run));
  ASSERT_TRUE(decoded);
  const auto* same = std::get_if<RunCommand>(&*decoded);
  ASSERT_NE(same, nullptr);
  EXPECT_EQ(same->attempt, run.attempt);
  EXPECT_EQ(same->argv, run.argv);
  EXPECT_EQ(same->script, run.script);
  EXPECT_EQ(same->environment, run.environment);
  EXPECT_EQ(same->run_as, "app");
  EXPECT_EQ(same->timeout, run.timeout);
  EXPECT_EQ(same->stop_grace, run.stop_grace);
  EXPECT_EQ(same->expires_at, run.expires_at);
  EXPECT_EQ(same->stop_after, run.stop_after);
  ASSERT_EQ(same->credentials.size(), 1U);
  EXPECT_EQ(same->credentials[0].id, run.attempt);
  EXPECT_EQ(same->credentials[0].name, "deploy");
  EXPECT_EQ(same->credentials[0].secret, "a\nb");
  EXPECT_EQ(same->secrets, run.secrets);
  EXPECT_EQ(same->root, run.root);
  EXPECT_EQ(same->leaf, run.leaf);
  EXPECT_EQ(same->signature, run.signature);
}

// A host name of Latin-1 bytes made JSON that the controller refused, so the agent never got connected.
TEST(ControlMessages, TextOfAHostThatIsNotUtf8StillArrives) {
  Hello hello;
  hello.hostname = "b\xfcro";
  const auto decoded = decode_agent_message(encode(AgentMessage(hello)));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<Hello>(*decoded).hostname, "b\xEF\xBF\xBDro");
}

TEST(ControlMessages, TheLongestScriptFitsOneWebSocketMessage) {
  RunCommand run;
  run.script.assign(limits::kInlineScriptBytes, '\x01');  // six bytes each as JSON
  EXPECT_LE(encode(ControllerMessage(run)).size(), limits::kWebSocketMessageBytes);
}

}  // namespace
}  // namespace runbook
