#include <gtest/gtest.h>

#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

using http::Method;

class ServiceTest : public ApiTest {};

TEST_F(ServiceTest, HealthAndReadinessAreOpen) {
  EXPECT_EQ(send({.path = "/healthz"}).at("/status"), "ok");
  EXPECT_EQ(send({.path = "/readyz"}).at("/status"), "ready");
  const auto reply = send({.method = Method::kPost, .path = "/healthz"});
  EXPECT_EQ(reply.status, 405u);
  EXPECT_EQ(reply.header("Allow"), "GET, HEAD");
}

TEST_F(ServiceTest, HeadIsAnsweredLikeGet) {
  EXPECT_EQ(as("viewer", {.method = Method::kHead, .path = "/runbooks"}).status, 200u);
  EXPECT_EQ(send({.method = Method::kHead, .path = "/healthz"}).status, 200u);
}

TEST_F(ServiceTest, RequestsAreCountedByRoute) {
  get("/runbooks?limit=3");
  get("/agents/00000000-0000-4000-8000-00000000dead");
  const auto metrics = send({.path = "/metrics", .headers = {{"authorization", "Bearer " + key("viewer")}}});
  EXPECT_EQ(metrics.status, 200u);
  EXPECT_NE(
      metrics.text.find(R"(runbook_http_requests_total{method="GET",route="/runbooks",status="200"} 1)"),
      std::string::npos);
  EXPECT_NE(metrics.text.find(
                R"(runbook_http_requests_total{method="GET",route="/agents/{agent_id}",status="404"} 1)"),
            std::string::npos);
  EXPECT_NE(
      metrics.text.find(R"(runbook_http_request_duration_seconds_bucket{method="GET",route="/runbooks",le=)"),
      std::string::npos);
  EXPECT_EQ(send({.path = "/metrics"}).status, 401u);
}

TEST_F(ServiceTest, TheDescriptionIsServed) {
  const auto reply = as("viewer", {.path = "/openapi.json"});
  EXPECT_EQ(reply.at("/openapi"), "3.1.0");
  EXPECT_EQ(reply.at("/info/version"), RUNBOOK_VERSION);
}

TEST_F(ServiceTest, TheUserInterfaceIsOpenAndStaysInItsFolder) {
  EXPECT_EQ(send({.path = "/"}).header("Location"), "/ui/");
  EXPECT_EQ(send({.path = "/ui"}).header("Location"), "/ui/");
  const auto page = send({.path = "/ui/"});
  EXPECT_EQ(page.status, 200u);
  EXPECT_TRUE(page.header("Content-Type").starts_with("text/html"));
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_EQ(send({.path = "/ui/executions/7"}).text, page.text);
  EXPECT_EQ(send({.path = "/ui/", .headers = {{"if-none-match", page.header("ETag")}}}).status, 304u);
  for (const auto* path :
       {"/ui/none.js", "/ui/../openapi.yaml", "/ui/assets/../../etc/passwd.x", "/ui/.git"}) {
    EXPECT_EQ(send({.path = path}).status, 404u) << path;
  }
  EXPECT_EQ(send({.method = Method::kPost, .path = "/ui/"}).status, 405u);
}

}  // namespace
}  // namespace runbook::api
