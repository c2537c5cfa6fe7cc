#include "controller/live/live_request.hpp"

#include <gtest/gtest.h>

namespace runbook::live {
namespace {

constexpr auto kExecution = "0d3a6e2c-6a54-4f7c-9a55-0e2c9f1f6a10";
constexpr auto kStep = "11111111-2222-4333-8444-555555555555";
constexpr auto kAgent = "AAAAAAAA-bbbb-4ccc-8ddd-eeeeeeeeeeee";

std::string with(std::string text) {
  for (const auto& [name, value] : {std::pair{"$E", kExecution}, {"$S", kStep}, {"$A", kAgent}}) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.replace(at, 2, value);
  }
  return text;
}

TEST(LiveRequest, SubscribesToAnExecutionWithItsOutput) {
  const auto request = read_live_request(with(R"({"sub":{"execution":"$E"}})"));
  ASSERT_TRUE(request.has_value());
  const auto& sub = std::get<Subscribe>(*request);
  EXPECT_EQ(sub.execution.str(), kExecution);
  EXPECT_TRUE(sub.output);
  EXPECT_FALSE(sub.step.has_value());
  EXPECT_TRUE(sub.from.empty());
}

TEST(LiveRequest, NamesStepHostAndOffsets) {
  const auto request = read_live_request(with(
      R"({"sub":{"execution":"$E","output":false,"step":"$S","host":"$A","from":{"$S/$A/stderr":12}}})"));
  ASSERT_TRUE(request.has_value()) << request.error().message;
  const auto& sub = std::get<Subscribe>(*request);
  EXPECT_FALSE(sub.output);
  EXPECT_EQ(sub.step->str(), kStep);
  ASSERT_EQ(sub.from.size(), 1u);
  EXPECT_EQ(sub.from.begin()->first, std::string(kStep) + "/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/stderr");
  EXPECT_EQ(sub.from.begin()->second, 12u);
}

TEST(LiveRequest, KnowsTopicsPingsAndUnsubscribing) {
  const auto on = read_live_request(R"({"sub":{"agents":true}})");
  ASSERT_TRUE(on.has_value());
  EXPECT_EQ(std::get<TopicChange>(*on).topic, Topic::kAgents);
  EXPECT_TRUE(std::get<TopicChange>(*on).on);
  const auto off = read_live_request(R"({"unsub":{"executions":true}})");
  ASSERT_TRUE(off.has_value());
  EXPECT_FALSE(std::get<TopicChange>(*off).on);
  const auto gone = read_live_request(with(R"({"unsub":{"execution":"$E"}})"));
  ASSERT_TRUE(gone.has_value());
  EXPECT_TRUE(std::holds_alternative<Unsubscribe>(*gone));
  const auto ping = read_live_request(R"({"ping":7})");
  ASSERT_TRUE(ping.has_value());
  EXPECT_EQ(std::get<Ping>(*ping).n, 7);
}

TEST(LiveRequest, RefusesEverythingElse) {
  for (const auto* text :
       {"", "x", "[]", "{}", R"({"sub":1})", R"({"sub":{}})", R"({"ping":"x"})",
        R"({"sub":{"execution":"x"}})", R"({"sub":{"execution":"$E","output":1}})",
        R"({"sub":{"execution":"$E","step":"x"}})", R"({"sub":{"execution":"$E","from":[]}})",
        R"({"sub":{"execution":"$E","from":{"x":1}}})",
        R"({"sub":{"execution":"$E","from":{"$S/$A/stdout":-1}}})",
        R"({"sub":{"execution":"$E","from":{"$S/$A/stdin":1}}})", R"({"sub":{"agents":true},"ping":1})"}) {
    EXPECT_FALSE(read_live_request(with(text)).has_value()) << text;
  }
}

TEST(LiveRequest, OneByteOverTheLimitIsRefused) {
  std::string text = R"({"ping":1)";
  text.resize(kRequestBytes - 1, ' ');
  EXPECT_TRUE(read_live_request(text + "}").has_value());
  const auto over = read_live_request(text + " }");
  ASSERT_FALSE(over.has_value());
  EXPECT_EQ(over.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace runbook::live
