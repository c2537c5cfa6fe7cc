// API steps: one try after another, none unnoticed, none too many; and how approvals and tries are stored.
#include <gtest/gtest.h>

#include "controller/domain/execution/state_json.hpp"
#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::domain {
namespace {

using namespace std::chrono_literals;
using testing::execution_of;
using testing::Surroundings;

struct Request {
  explicit Request(bool repeatable, int retries = 3) {
    ApiConfig config;
    config.retries = retries;
    config.timeout = 30s;
    state = execution_of({testing::step_of(0, config)});
    around.prepared["step_0"].repeatable = repeatable;
    plan = around.advance(state);
  }
  StepState& step() { return state.steps[0]; }
  void end(ApiOutcome outcome) {
    Changes changes;
    end_try(state, changes, 0, std::move(outcome), around.now);
  }
  void lose() {
    Changes changes;
    lose_try(state, changes, 0, around.now);
  }
  void advance() { plan = around.advance(state); }

  Surroundings around;
  ExecutionState state;
  Plan plan;
};

ApiOutcome broken(double jitter = 1.0) { return {.error = "no answer", .transient = true, .jitter = jitter}; }

TEST(ApiStep, StoresItsTryBeforeItIsSent) {
  Request request(false);
  EXPECT_EQ(request.step().status, StepStatus::kRunning);
  ASSERT_EQ(request.step().tries.size(), 1u);
  EXPECT_FALSE(request.step().tries[0].end.has_value());
  EXPECT_EQ(request.plan.calls, std::vector<std::size_t>{0});
  EXPECT_TRUE(request.plan.changes.any());
  request.advance();
  EXPECT_TRUE(request.plan.calls.empty());
  EXPECT_FALSE(request.plan.changes.any());
}

TEST(ApiStep, EndsWithItsAnswer) {
  Request request(false);
  request.end({.http_status = 200, .result = {{"http_status", 200}}});
  EXPECT_EQ(request.step().status, StepStatus::kSuccess);
  EXPECT_EQ(request.step().result.at("http_status"), 200);
  request.advance();
  EXPECT_EQ(request.state.status, ExecutionStatus::kCompleted);
}

TEST(ApiStep, BacksOffTwiceAsLongEachTime) {
  Request request(true, 8);
  for (const auto expected : {500ms, 1000ms, 2000ms, 4000ms}) {
    request.end(broken());
    EXPECT_EQ(request.step().tries.back().next_try_at, request.around.now + expected);
    request.around.now += expected - 1ms;
    request.advance();
    EXPECT_TRUE(request.plan.calls.empty());
    request.around.now += 1ms;
    request.advance();
    EXPECT_EQ(request.plan.calls.size(), 1u);
  }
}

TEST(ApiStep, JitterShortensThePauseDownToNothing) {
  Request request(true);
  request.end(broken(0.0));
  EXPECT_EQ(request.step().tries.back().next_try_at, request.around.now);
}

TEST(ApiStep, SendsNoMoreThanItsRetriesAndOne) {
  Request request(true, 3);
  for (int i = 0; i < 10; ++i) {
    request.end(broken(0.0));
    request.advance();
  }
  EXPECT_EQ(request.step().tries.size(), 4u);
  EXPECT_EQ(request.step().status, StepStatus::kError);
  EXPECT_EQ(request.step().reason, "no answer");
}

TEST(ApiStep, HonoursRetryAfterWhenItFits) {
  Request fits(true);
  auto outcome = broken();
  outcome.not_before = fits.around.now + 20s;
  fits.end(outcome);
  EXPECT_EQ(fits.step().tries.back().next_try_at, fits.around.now + 20s);
  Request too_late(true);
  outcome.not_before = too_late.around.now + 30s;
  too_late.end(outcome);
  EXPECT_EQ(too_late.step().status, StepStatus::kError);
}

TEST(ApiStep, WhatMustNotBeRepeatedIsSentOnceUnlessItNeverLeft) {
  Request sent(false);
  sent.end(broken());
  EXPECT_EQ(sent.step().status, StepStatus::kError);
  EXPECT_EQ(sent.step().reason, "no answer; it may have been received, and must not be sent twice");
  Request refused(false);
  auto outcome = broken();
  outcome.sent = false;
  refused.end(outcome);
  EXPECT_EQ(refused.step().status, StepStatus::kRunning);
}

TEST(ApiStep, ALastingFailureIsNotTriedAgain) {
  Request request(true);
  request.end({.http_status = 404, .error = "answered 404"});
  EXPECT_EQ(request.step().status, StepStatus::kError);
  EXPECT_EQ(request.step().tries.size(), 1u);
}

TEST(ApiStep, ALostTryIsRepeatedOnlyWhenItMayBe) {
  Request repeatable(true);
  repeatable.lose();
  EXPECT_EQ(repeatable.step().status, StepStatus::kRunning);
  EXPECT_TRUE(repeatable.step().tries[0].next_try_at.has_value());
  Request once(false);
  once.lose();
  EXPECT_EQ(once.step().status, StepStatus::kUnknown);
  once.advance();
  EXPECT_EQ(once.state.status, ExecutionStatus::kFailed);
}

TEST(ApiStep, BeginsNoTryWhilePausedAndNoneAfterItsTime) {
  Request request(true);
  request.end(broken());
  request.state.status = ExecutionStatus::kPaused;
  request.around.now += 10s;
  request.advance();
  EXPECT_TRUE(request.plan.calls.empty());
  EXPECT_EQ(request.plan.wake_at, *request.step().start_time + 30s);
  request.around.now += 20s;
  request.state.status = ExecutionStatus::kRunning;
  request.advance();
  EXPECT_EQ(request.step().status, StepStatus::kError);
}

TEST(ApiStep, AStopCancelsWhatIsUnderWay) {
  struct Case {
    bool repeatable;
    ApiOutcome outcome;
    StepStatus expected;
  };
  const std::vector<Case> cases = {{true, broken(), StepStatus::kStopped},
                                   {false, broken(), StepStatus::kUnknown},
                                   {false, {.http_status = 200}, StepStatus::kSuccess},
                                   {false, {.error = "refused", .sent = false}, StepStatus::kStopped}};
  for (const auto& [repeatable, outcome, expected] : cases) {
    Request request(repeatable);
    request.state.stop_requested_at = request.around.now;
    request.advance();
    EXPECT_EQ(request.plan.cancels, std::vector<std::size_t>{0});
    EXPECT_EQ(request.state.status, ExecutionStatus::kRunning);
    request.end(outcome);
    request.advance();
    EXPECT_EQ(request.step().status, expected);
    EXPECT_EQ(request.state.status, ExecutionStatus::kStopped);
  }
}

TEST(ApiStep, AStopThatNobodyAnswersIsGivenUp) {
  Request request(false);
  request.state.stop_requested_at = request.around.now;
  request.around.now += kStopGiveUp;
  request.advance();
  EXPECT_EQ(request.step().status, StepStatus::kUnknown);
  EXPECT_EQ(request.state.status, ExecutionStatus::kStopped);
}

TEST(StateJson, ApprovalsAndTriesComeBack) {
  ApprovalState approval{.digest = std::string(64, 'a'), .required = 2, .other_person = true};
  approval.expires_at = Time{std::chrono::hours{30}};
  approval.given.push_back({testing::numbered(1, 2), "Ada", Time{std::chrono::hours{29}}, "fine"});
  const auto json = to_json(approval);
  EXPECT_EQ(json.at("given").at(0).at("by_name"), "Ada");
  EXPECT_EQ(json.at("given").at(0).at("by"), testing::numbered(1, 2).str().c_str());
  EXPECT_EQ(to_json(approval_from_json(json)), json);
  const std::vector<ApiTry> tries = {{.at = Time{std::chrono::hours{1}}},
                                     {.at = Time{1s},
                                      .end = Time{2s},
                                      .http_status = 503,
                                      .error = "answered 503",
                                      .next_try_at = Time{3s}}};
  const auto list = to_json(tries);
  EXPECT_TRUE(list.at(0).at("end").is_null());
  EXPECT_EQ(list.at(1).at("http_status"), 503);
  EXPECT_EQ(to_json(tries_from_json(list)), list);
}

TEST(StateJson, WhatIsNotThereKeepsItsDefault) {
  EXPECT_EQ(approval_from_json(nullptr).required, 1);
  EXPECT_TRUE(approval_from_json({{"given", 7}}).given.empty());
  EXPECT_TRUE(tries_from_json("nonsense").empty());
  EXPECT_EQ(tries_from_json(boost::json::array{nullptr}).size(), 1u);
}

}  // namespace
}  // namespace runbook::domain
