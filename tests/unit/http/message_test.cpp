#include <gtest/gtest.h>

#include "controller/http/message.hpp"
#include "controller/http/problem.hpp"

namespace runbook::http {
namespace {

TEST(Request, RepeatedHeaderHasNoValue) {
  Request request;
  request.headers = {{"x-api-key", "a"}, {"host", "h"}, {"x-api-key", "b"}};
  EXPECT_FALSE(request.header("x-api-key").has_value());
  EXPECT_EQ(request.header_count("x-api-key"), 2U);
  EXPECT_EQ(request.header("host"), "h");
  EXPECT_FALSE(request.header("absent").has_value());
}

TEST(Request, FirstQueryValueCounts) {
  Request request;
  request.query = {{"a", "1"}, {"a", "2"}};
  EXPECT_EQ(request.query_value("a"), "1");
  EXPECT_FALSE(request.query_value("b").has_value());
}

TEST(Problem, NamesEveryFaultByPointer) {
  const Error error{
      ErrorCode::kInvalid, "Two things are wrong.", {{"/a", "type", "not text"}, {"/b", "unknown", "?"}}};
  const Response response = problem(error, "an-id");
  EXPECT_EQ(response.status, 422U);
  EXPECT_EQ(response.headers.front().second, "application/problem+json");
  const auto document = boost::json::parse(response.body).as_object();
  EXPECT_EQ(document.at("code"), "invalid");
  EXPECT_EQ(document.at("status"), 422);
  EXPECT_EQ(document.at("title"), "Unprocessable Content");
  EXPECT_EQ(document.at("detail"), "Two things are wrong.");
  EXPECT_EQ(document.at("request_id"), "an-id");
  EXPECT_EQ(document.at("errors").as_array().size(), 2U);
  EXPECT_EQ(document.at("errors").at(1).at("pointer"), "/b");
}

TEST(Problem, StatusFollowsTheCode) {
  const std::vector<std::pair<ErrorCode, unsigned>> table = {
      {ErrorCode::kMalformed, 400},   {ErrorCode::kUnauthenticated, 401},
      {ErrorCode::kForbidden, 403},   {ErrorCode::kNotFound, 404},
      {ErrorCode::kConflict, 409},    {ErrorCode::kPreconditionFailed, 412},
      {ErrorCode::kTooLarge, 413},    {ErrorCode::kUnsupportedMedia, 415},
      {ErrorCode::kInvalid, 422},     {ErrorCode::kTooMany, 429},
      {ErrorCode::kUnavailable, 503},
  };
  for (const auto& [code, status] : table) {
    EXPECT_EQ(status_of(code), status);
    EXPECT_NE(reason_phrase(status), "Unknown");
    EXPECT_FALSE(word(code).empty());
  }
}

TEST(Problem, SaysHowToGoOn) {
  const auto has = [](const Response& response, std::string_view name) {
    return std::ranges::any_of(response.headers, [&](const auto& header) { return header.first == name; });
  };
  EXPECT_TRUE(has(problem({ErrorCode::kUnavailable, "x"}, "id"), "Retry-After"));
  EXPECT_TRUE(has(problem({ErrorCode::kTooMany, "x"}, "id"), "Retry-After"));
  EXPECT_TRUE(has(problem({ErrorCode::kUnauthenticated, "x"}, "id"), "WWW-Authenticate"));
  EXPECT_FALSE(has(problem({ErrorCode::kNotFound, "x"}, "id"), "Retry-After"));
}

}  // namespace
}  // namespace runbook::http
