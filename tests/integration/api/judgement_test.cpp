// The order of judgement of CONTRACT §3: 401, 403, 404, 405, 413, 415, 400, 412, 409, 422.
#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/integration/api/api_fixture.hpp"
#include "tests/support/await.hpp"
#include "tests/support/credential_keys.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::UnorderedElementsAre;

class NoBody : public http::BodyReader {
 public:
  boost::asio::awaitable<Result<std::string>> read(std::size_t) override { co_return std::string(); }
};

class JudgementTest : public ApiTest {
 protected:
  static boost::asio::awaitable<http::Response> ask(http::Handler& handler, const http::Request& request) {
    NoBody body;
    co_return co_await handler(request, body);
  }

  Reply create(std::string body, std::optional<std::string> type = "application/json") {
    return as("admin", {.method = Method::kPost,
                        .path = "/runbooks",
                        .body = std::move(body),
                        .content_type = std::move(type)});
  }
};

TEST_F(JudgementTest, FiveFaultsAreNamedInOneProblem) {
  const auto reply = create(R"({"title": 7, "colour": "red", "labels": {"a b": "x"},
      "blocks": [{"type": "step", "name": "w", "config": {"seconds": 5}},
                 {"type": "command", "name": "c", "config": {"command": "x", "timeout_seconds": "60"}}]})");
  EXPECT_EQ(reply.status, 422u);
  EXPECT_EQ(reply.header("content-type"), "application/problem+json");
  EXPECT_THAT(reply.faults(), UnorderedElementsAre("/title wrong_type", "/colour unknown_field",
                                                   "/labels/a b bad_value", "/blocks/0/type bad_value",
                                                   "/blocks/1/config/timeout_seconds wrong_type"));
  EXPECT_EQ(reply.at("/code"), "invalid");
  EXPECT_EQ(reply.at("/request_id"), "00000000-0000-4000-8000-000000000001");
}

TEST_F(JudgementTest, WhatIsNoJsonIsMalformed) {
  const std::string deep =
      std::string(limits::kJsonDepth + 1, '[') + std::string(limits::kJsonDepth + 1, ']');
  const std::string not_utf8 = "{\"title\": \"\xFF\", \"blocks\": []}";
  const std::string cut_utf8 = "{\"title\": \"\xE2\x82\", \"blocks\": []}";
  const std::string surrogate = "{\"title\": \"\xED\xA0\x80\", \"blocks\": []}";
  for (const auto& body :
       {std::string("{"), std::string("{} x"), std::string("{'a': 1}"), std::string("{\"a\": NaN}"),
        std::string("{\"a\": 1, \"a\": 2}"), std::string(R"({"title": "a\u0000b", "blocks": []})"),
        std::string(R"({"a\u0000": 1})"), not_utf8, cut_utf8, surrogate, deep, std::string("\xEF\xBB\xBF{}"),
        std::string("")}) {
    const auto reply = create(body);
    EXPECT_EQ(reply.status, 400u) << body.substr(0, 60) << reply.text;
    EXPECT_EQ(reply.at("/code"), "malformed");
  }
}

TEST_F(JudgementTest, OnlyJsonIsTaken) {
  for (const auto* type :
       {"text/plain", "text/yaml", "application/yaml; charset=latin1", "application/x-www-form-urlencoded",
        "application/jsonx", "application/json; charset=latin1", ""}) {
    EXPECT_EQ(create("{}", type).status, 415u) << type;
  }
  EXPECT_EQ(create("{}", std::nullopt).status, 415u);
  for (const auto* type : {"application/json", "Application/JSON", "application/json; charset=UTF-8",
                           "application/json;charset=\"utf-8\""}) {
    EXPECT_EQ(create("{}", type).status, 422u) << type;
  }
  Ask packed{
      .method = Method::kPost, .path = "/runbooks", .body = "{}", .headers = {{"content-encoding", "gzip"}}};
  EXPECT_EQ(as("admin", packed).status, 415u);
}

TEST_F(JudgementTest, BodiesAreBounded) {
  EXPECT_EQ(create(std::string(limits::kHttpBodyBytes, ' ')).status, 400u);
  EXPECT_EQ(create(std::string(limits::kHttpBodyBytes + 1, ' ')).status, 413u);
}

TEST_F(JudgementTest, NestingUpToTheLimitIsTaken) {
  const auto depth = limits::kJsonDepth - 1;
  const auto reply = create("{\"title\": " + std::string(depth, '[') + std::string(depth, ']') + "}");
  EXPECT_EQ(reply.status, 422u);
}

TEST_F(JudgementTest, AMissingKeyIsToldBeforeEverything) {
  EXPECT_EQ(send({.path = "/nothing"}).status, 401u);
  EXPECT_EQ(send({.method = Method::kPatch, .path = "/runbooks", .body = "{"}).status, 401u);
  EXPECT_EQ(send({.path = "/runbooks?limit=0"}).status, 401u);
}

TEST_F(JudgementTest, ARightIsJudgedBeforeTheObject) {
  const std::string path = "/runbooks/00000000-0000-4000-8000-00000000dead";
  EXPECT_EQ(as("viewer", {.method = Method::kPut, .path = path, .body = "{"}).status, 403u);
  EXPECT_EQ(as("author", {.method = Method::kPut, .path = path, .body = "{"}).status, 404u);
}

TEST_F(JudgementTest, AnUnknownObjectIsToldBeforeTheBody) {
  const std::string path = "/runbooks/00000000-0000-4000-8000-00000000dead";
  const std::string large(limits::kHttpBodyBytes + 1, ' ');
  EXPECT_EQ(as("admin", {.method = Method::kPut, .path = path, .body = large}).status, 404u);
  EXPECT_EQ(as("admin", {.method = Method::kPost, .path = path + "/execute", .body = "{"}).status, 404u);
  EXPECT_EQ(as("admin", {.method = Method::kPatch, .path = path}).status, 404u);
  EXPECT_EQ(get("/executions/00000000-0000-4000-8000-00000000dead?fields=x").status, 404u);
  EXPECT_EQ(get(path + "/versions?limit=0").status, 404u);
}

TEST_F(JudgementTest, AMalformedIdIsUnknown) {
  for (const auto* path :
       {"/runbooks/7", "/runbooks/{}", "/agents/x", "/executions/urn:uuid:x", "/runbooks/7/versions"}) {
    EXPECT_EQ(get(path).status, 404u) << path;
  }
}

TEST_F(JudgementTest, TheMethodIsToldBeforeTheBody) {
  const auto runbook = make_runbook();
  const std::string path = "/runbooks/" + std::string(runbook.at("id").as_string());
  const auto reply =
      as("admin", {.method = Method::kPatch, .path = path, .body = "{", .content_type = "text/plain"});
  EXPECT_EQ(reply.status, 405u);
  EXPECT_EQ(reply.header("Allow"), "GET, HEAD, PUT, DELETE");
  EXPECT_EQ(as("viewer", {.method = Method::kPatch, .path = path}).status, 405u);
}

TEST_F(JudgementTest, SizeThenMediaTypeThenText) {
  const std::string large(limits::kHttpBodyBytes + 1, '{');
  EXPECT_EQ(create(large, "text/plain").status, 413u);
  EXPECT_EQ(create("{", "text/plain").status, 415u);
  EXPECT_EQ(create("{").status, 400u);
}

TEST_F(JudgementTest, ALostRaceIsToldBeforeFaults) {
  const auto runbook = make_runbook();
  Ask ask{.method = Method::kPut,
          .path = "/runbooks/" + std::string(runbook.at("id").as_string()),
          .body = "{}",
          .headers = {{"if-match", "\"9\""}}};
  EXPECT_EQ(as("admin", ask).status, 412u);
  ask.body = "{";
  EXPECT_EQ(as("admin", ask).status, 400u);
  ask.body = "{}";
  ask.headers = {{"if-match", "\"1\""}};
  EXPECT_EQ(as("admin", ask).status, 422u);
}

TEST_F(JudgementTest, AConflictIsToldBeforeFaults) {
  const auto [running, step] = make_execution("running");
  const auto [ended, other] = make_execution("completed");
  EXPECT_EQ(post("/executions/" + running.str() + "/control", {{"action", "halt"}}).status, 422u);
  EXPECT_EQ(post("/executions/" + ended.str() + "/control", {{"action", "halt"}}).status, 409u);
  const auto steps = "/executions/" + running.str() + "/steps/" + step.str();
  for (const auto* action : {"/approve", "/reject", "/retry"}) {
    EXPECT_EQ(post(steps + action, {{"x", 1}}).status, 409u) << action;
  }
  for (const auto* action : {"/complete", "/skip"}) {
    EXPECT_EQ(post(steps + action, {{"x", 1}}).status, 422u) << action;
  }
}

TEST_F(JudgementTest, QueriesAreJudgedToo) {
  EXPECT_EQ(get("/runbooks?limit=501").faults(), std::vector<std::string>{"/limit bad_value"});
  EXPECT_EQ(get("/runbooks?cursor=zz").faults(), std::vector<std::string>{"/cursor bad_value"});
  EXPECT_EQ(get("/runbooks?sort=title").faults(), std::vector<std::string>{"/sort unknown_field"});
  EXPECT_EQ(get("/agents?selector=a=b c").status, 422u);
  EXPECT_EQ(get("/executions?status=done&runbook_id=7").faults().size(), 2u);
}

TEST_F(JudgementTest, AnOutageIsUnavailableAndSaysWhenToTryAgain) {
  db::Database nowhere({.url = "host=/nonexistent dbname=none connect_timeout=1", .connections = 1});
  Context context(nowhere, engine_, hub_, live_, metrics_, audit_.audit,
                  Settings{.agent_url = {}, .ca_sha256 = {}, .credential_keys = testing::credential_keys()});
  auto handler = make_public_handler(context);
  http::Request request;
  request.path = "/runbooks";
  request.headers = {{"x-api-key", key("admin")}};
  for (const auto* path : {"/runbooks", "/readyz"}) {
    request.path = path;
    const auto response = testing::await(loop_, ask(handler, request));
    EXPECT_EQ(response.status, 503u) << path;
    EXPECT_NE(std::ranges::find(response.headers, "Retry-After", &http::Headers::value_type::first),
              response.headers.end());
  }
}

}  // namespace
}  // namespace runbook::api
