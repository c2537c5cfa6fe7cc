#include "controller/api/routes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "controller/api/openapi.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return static_cast<char>(c | 0x20); });
  return result;
}

// The pages of the user interface are no part of the described API.
bool is_page(const Route& route) { return route.pattern == "/" || route.pattern.starts_with("/ui"); }

std::set<std::string> table() {
  std::set<std::string> operations;
  for (const auto& route : routes()) {
    if (!is_page(route))
      operations.insert(lower(http::to_string(route.method)) + " " + std::string(route.pattern));
  }
  return operations;
}

std::set<std::string> described(const json::object& paths) {
  std::set<std::string> operations;
  for (const auto& path : paths) {
    for (const auto& member : path.value().as_object()) {
      if (member.key() != "parameters")
        operations.insert(std::string(member.key()) + " " + std::string(path.key()));
    }
  }
  return operations;
}

const json::object& operation(const json::value& document, const Route& route) {
  return document.at("paths")
      .as_object()
      .at(route.pattern)
      .as_object()
      .at(lower(http::to_string(route.method)))
      .as_object();
}

TEST(OpenApi, DescribesTheRoutesNoMoreAndNoFewer) {
  const auto document = openapi_document();
  EXPECT_EQ(described(document.at("paths").as_object()), table());
}

TEST(OpenApi, NamesTheRightOfEveryRoute) {
  const auto document = openapi_document();
  for (const auto& route : routes()) {
    if (is_page(route)) continue;
    const auto& described = operation(document, route);
    if (route.right == auth::Right::kOpen) {
      EXPECT_TRUE(described.at("security").as_array().empty()) << route.pattern;
    } else {
      EXPECT_EQ(described.at("x-right").as_string(), auth::to_string(route.right)) << route.pattern;
    }
  }
}

TEST(OpenApi, NamesTheBodyOfEveryRoute) {
  const auto document = openapi_document();
  for (const auto& route : routes()) {
    if (is_page(route)) continue;
    const auto& described = operation(document, route);
    const auto* body = described.if_contains("requestBody");
    EXPECT_EQ(body != nullptr, route.body != BodyKind::kNone) << route.pattern;
    const bool required = body != nullptr && body->as_object().contains("required");
    EXPECT_EQ(required, route.body != BodyKind::kNone && route.body != BodyKind::kOptional) << route.pattern;
  }
}

// Every "$ref" in the document, with what it refers to.
void check_references(const json::value& value, const json::value& document) {
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) check_references(item, document);
  } else if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      if (member.key() != "$ref") {
        check_references(member.value(), document);
        continue;
      }
      boost::system::error_code error;
      const std::string pointer(member.value().as_string());
      document.find_pointer(pointer.substr(1), error);
      EXPECT_FALSE(error) << pointer;
    }
  }
}

TEST(OpenApi, TakesRunbooksAsYamlToo) {
  const auto document = openapi_document();
  for (const auto& route : routes()) {
    if (route.body != BodyKind::kRunbook) continue;
    EXPECT_TRUE(
        operation(document, route).at("requestBody").at("content").as_object().contains("application/yaml"))
        << route.pattern;
  }
}

TEST(OpenApi, RefersOnlyToWhatIsThere) {
  const auto document = openapi_document();
  check_references(document, document);
}

TEST(OpenApi, CarriesTheProgramsVersion) {
  EXPECT_EQ(openapi_document().at("info").at("version").as_string(), RUNBOOK_VERSION);
}

TEST(Routes, FewAreOpen) {
  std::set<std::string> open;
  for (const auto& route : routes()) {
    if (route.right == auth::Right::kOpen && !is_page(route)) {
      open.insert(std::string(http::to_string(route.method)) + " " + std::string(route.pattern));
    }
  }
  EXPECT_EQ(open, (std::set<std::string>{"GET /healthz", "GET /readyz", "POST /session"}));
}

TEST(Routes, IdsAreTakenFromThePath) {
  const auto match = match_path("/executions/a/steps/b/output/search");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->ids, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(match->routes.front().pattern, "/executions/{job_id}/steps/{step_id}/output/search");
}

TEST(Routes, ALiteralComesBeforeAnId) {
  EXPECT_EQ(match_path("/agents/match")->routes.front().pattern, "/agents/match");
  EXPECT_EQ(match_path("/runbooks/validate")->routes.front().pattern, "/runbooks/validate");
  EXPECT_EQ(match_path("/agents/matched")->routes.front().pattern, "/agents/{agent_id}");
}

TEST(Routes, NothingNearlyMatches) {
  for (const auto* path :
       {"", "runbooks", "/runbooks/", "//runbooks", "/Runbooks", "/runbooks/a/", "/runbooks/a/b",
        "/runbooks/a/versions/b/c", "/metrics/x", "/uix", "/healthz/", "/openapi.yaml"}) {
    EXPECT_FALSE(match_path(path) && match_path(path)->ids.empty()) << path;
  }
  EXPECT_FALSE(match_path("/nothing"));
  EXPECT_TRUE(match_path("/ui/assets/x.js"));
}

TEST(Routes, TellWhichMethodsAPathTakes) {
  EXPECT_EQ(allowed_methods(*match_path("/runbooks")), "GET, HEAD, POST");
  EXPECT_EQ(allowed_methods(*match_path("/runbooks/x")), "GET, HEAD, PUT, DELETE");
  EXPECT_EQ(allowed_methods(*match_path("/agents/match")), "POST");
  EXPECT_EQ(route_for(*match_path("/runbooks"), Method::kHead)->method, Method::kGet);
  EXPECT_EQ(route_for(*match_path("/runbooks"), Method::kPatch), nullptr);
  EXPECT_EQ(route_for(*match_path("/runbooks"), Method::kOther), nullptr);
}

// The table is searched by the first pattern that matches; its routes must stand together.
TEST(Routes, OfOnePathStandTogether) {
  std::set<std::string_view> seen;
  std::string_view last;
  for (const auto& route : routes()) {
    if (route.pattern != last) {
      EXPECT_TRUE(seen.insert(route.pattern).second) << route.pattern;
    }
    last = route.pattern;
  }
}

}  // namespace
}  // namespace runbook::api
