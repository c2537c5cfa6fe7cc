#include <gmock/gmock.h>

#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::ElementsAre;

class ExecuteTest : public ApiTest {
 protected:
  ExecuteTest() : path_("/runbooks/" + std::string(make_runbook().at("id").as_string()) + "/execute") {}

  std::string path_;
};

TEST_F(ExecuteTest, AnswersWhereTheExecutionIs) {
  engine_.answer = engine::Accepted{*Uuid::parse("00000000-0000-4000-8000-0000000000aa"), "pending"};
  const auto reply =
      as("operator", {.method = Method::kPost, .path = path_, .body = R"({"approval": "preapproved"})"});
  EXPECT_EQ(reply.status, 202u) << reply.text;
  EXPECT_EQ(reply.header("Location"), "/executions/00000000-0000-4000-8000-0000000000aa");
  EXPECT_EQ(reply.at("/status"), "pending");
}

TEST_F(ExecuteTest, HandsEverythingToTheEngine) {
  const Ask ask{
      .method = Method::kPost,
      .path = path_,
      .body = R"({"parameters": {"p": 1}, "targets": {"selector": "a=b", "hosts": ["h"]}, "reason": "INC-1",
                    "version_id": "00000000-0000-4000-8000-0000000000bb",
                    "steps": {"from": "read", "to": "run"},
                    "approval": "preapproved"})",
      .headers = {{"idempotency-key", "k-1"}}};
  ASSERT_EQ(as("operator", ask).status, 202u);
  ASSERT_EQ(as("operator", ask).status, 202u);
  ASSERT_EQ(engine_.executed.size(), 2u);
  const auto& request = engine_.executed.front();
  EXPECT_EQ(request.parameters.at("p").as_int64(), 1);
  EXPECT_EQ(request.targets.selector, "a=b");
  EXPECT_THAT(request.targets.hosts, ElementsAre("h"));
  EXPECT_EQ(request.version->str(), "00000000-0000-4000-8000-0000000000bb");
  EXPECT_EQ(request.from, "read");
  EXPECT_EQ(request.to, "run");
  EXPECT_EQ(request.reason, "INC-1");
  EXPECT_EQ(request.idempotency_key, "k-1");
  EXPECT_EQ(request.requested_by.str(), as("operator", {.path = "/me"}).at("/id"));
  EXPECT_TRUE(request.credential_reach.has_runbook({}));
  EXPECT_EQ(request.request_digest.size(), 32u);
  EXPECT_EQ(request.request_digest, engine_.executed.back().request_digest);
  as("operator", {.method = Method::kPost, .path = path_, .body = R"({"approval":"preapproved"})"});
  EXPECT_NE(request.request_digest, engine_.executed.back().request_digest);
}

TEST_F(ExecuteTest, EachCommandIsApprovedUnlessItWasInAdvance) {
  for (const auto* body : {"{}", R"({"approval": "each"})"}) {
    EXPECT_EQ(as("operator", {.method = Method::kPost, .path = path_, .body = body}).status, 202u) << body;
    EXPECT_EQ(engine_.executed.back().approval, "each");
  }
  EXPECT_EQ(as("operator", {.method = Method::kPost, .path = path_}).status, 202u);
  EXPECT_EQ(engine_.executed.back().approval, "each");
  EXPECT_EQ(post(path_, {{"approval", "preapproved"}}).status, 202u);
  EXPECT_EQ(engine_.executed.back().approval, "preapproved");
  EXPECT_THAT(
      as("operator", {.method = Method::kPost, .path = path_, .body = R"({"approval": "x"})"}).faults(),
      ElementsAre("/approval bad_value"));
  EXPECT_EQ(engine_.executed.size(), 4u);
}

TEST_F(ExecuteTest, FaultsOfBodyAndRunbookAreNamedTogether) {
  engine_.preview = std::unexpected(Error{
      ErrorCode::kInvalid, "wrong", {{"/parameters/size", "required", "The parameter size is required."}}});
  const auto reply = post(path_, {{"colour", 1}, {"targets", {{"selector", "=x"}}}, {"version_id", "7"}});
  EXPECT_THAT(reply.faults(), ElementsAre("/targets/selector bad_value", "/version_id bad_value",
                                          "/colour unknown_field", "/parameters/size required"));
}

TEST_F(ExecuteTest, ADryRunStartsNothing) {
  const auto reply = post(path_, {{"dry_run", true}});
  EXPECT_EQ(reply.status, 200u) << reply.text;
  EXPECT_TRUE(engine_.executed.empty());
  ASSERT_EQ(engine_.previewed.size(), 1u);
  EXPECT_EQ(engine_.previewed.back().approval, "each");
}

TEST_F(ExecuteTest, AClashOfIdempotencyKeysIsAConflict) {
  engine_.answer = failure(ErrorCode::kConflict, "The key was used for another request.");
  EXPECT_EQ(post(path_, {{"approval", "preapproved"}}).status, 409u);
}

TEST_F(ExecuteTest, IdempotencyKeysAreJudged) {
  const auto with = [&](std::vector<std::pair<std::string, std::string>> headers) {
    return as("operator", {.method = Method::kPost,
                           .path = path_,
                           .body = R"({"approval": "preapproved"})",
                           .headers = std::move(headers)})
        .status;
  };
  EXPECT_EQ(with({{"idempotency-key", std::string(255, 'k')}}), 202u);
  EXPECT_EQ(with({{"idempotency-key", std::string(256, 'k')}}), 400u);
  EXPECT_EQ(with({{"idempotency-key", ""}}), 400u);
  EXPECT_EQ(with({{"idempotency-key", "a b"}}), 400u);
  EXPECT_EQ(with({{"idempotency-key", "a"}, {"idempotency-key", "a"}}), 400u);
}

class ExecutionsTest : public ApiTest {};

TEST_F(ExecutionsTest, AreListedAndShownAsDescribed) {
  const auto [execution, step] = make_execution();
  EXPECT_EQ(get("/executions").at("/items/0/id"), execution.str());
  EXPECT_EQ(get("/executions?status=running").body.at("items").as_array().size(), 1u);
  EXPECT_EQ(get("/executions?status=failed").body.at("items").as_array().size(), 0u);
  EXPECT_EQ(get("/executions/" + execution.str()).at("/steps/0/id"), step.str());
  EXPECT_EQ(get("/executions/" + execution.str() + "?fields=summary").status, 200u);
  EXPECT_EQ(get("/executions/" + execution.str() + "/steps/" + step.str() + "/hosts").at("/items"), "[]");
}

TEST_F(ExecutionsTest, OutputIsPlainTextToSave) {
  const auto [execution, step] = make_execution();
  const auto path = "/executions/" + execution.str() + "/steps/" + step.str() + "/output";
  const auto reply = get(path);
  EXPECT_EQ(reply.status, 200u) << reply.text;
  EXPECT_EQ(reply.text, "");
  EXPECT_EQ(reply.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_TRUE(reply.header("Content-Disposition").starts_with("attachment"));
  EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(get(path + "?offset=-1&limit=0&stream=both&follow=1&x=2").faults(),
              ElementsAre("/stream bad_value", "/offset bad_value", "/limit bad_value", "/follow bad_value",
                          "/x unknown_field"));
  EXPECT_THAT(get(path + "?offset=1&from_line=1").faults(), ElementsAre("/from_line bad_value"));
  EXPECT_EQ(get(path + "?host=nobody").status, 422u);
  EXPECT_THAT(get(path + "/search").faults(), ElementsAre("/q required"));
  EXPECT_EQ(get(path + "/search?q=x").at("/total"), "0");
}

}  // namespace
}  // namespace runbook::api
