// Generated from the route table: every route by every role, without a key, with a wrong one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "controller/api/routes.hpp"
#include "controller/auth/rights.hpp"
#include "controller/auth/secret.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

class RightsTest : public ApiTest {
 protected:
  // The route's path with ids of nothing, and a body that is wrong: what is allowed is refused later than by
  // right.
  static Ask ask(const Route& route) {
    std::string path(route.pattern);
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
      path.replace(open, path.find('}') - open + 1, runtime::new_uuid().str());
    }
    Ask ask{.method = route.method, .path = path};
    if (route.body != BodyKind::kNone) ask.body = R"({"role": "admin"})";
    return ask;
  }

  static bool needs_key(const Route& route) { return route.right != auth::Right::kOpen; }
};

TEST_F(RightsTest, TheOpenRoutesAreFew) {
  std::set<std::string> open;
  for (const auto& route : routes()) {
    if (!needs_key(route))
      open.insert(std::string(http::to_string(route.method)) + " " + std::string(route.pattern));
  }
  // "/" and "/ui" lead to "/ui/", the page.
  EXPECT_EQ(open, (std::set<std::string>{"GET /", "GET /healthz", "GET /readyz", "GET /ui", "GET /ui/*",
                                         "POST /session"}));
}

TEST_F(RightsTest, NothingIsAnsweredWithoutAKey) {
  for (const auto& route : routes()) {
    if (!needs_key(route)) continue;
    const auto reply = send(ask(route));
    EXPECT_EQ(reply.status, 401u) << http::to_string(route.method) << " " << route.pattern;
    EXPECT_FALSE(reply.header("WWW-Authenticate").empty()) << route.pattern;
    EXPECT_EQ(reply.at("/code"), "unauthenticated");
  }
}

TEST_F(RightsTest, NothingIsAnsweredToAWrongKey) {
  const auto wrong = auth::new_api_key().text;
  std::size_t address = 0;
  for (const auto& route : routes()) {
    if (!needs_key(route)) continue;
    auto request = ask(route);
    request.address = fmt::format("192.0.2.{}", ++address);  // more than a few from one would be guessing
    request.headers = {{"x-api-key", wrong}};
    EXPECT_EQ(send(request).status, 401u) << http::to_string(route.method) << " " << route.pattern;
  }
}

TEST_F(RightsTest, EveryRoleMayWhatTheTableSays) {
  for (const auto& route : routes()) {
    if (!needs_key(route)) continue;
    for (const auto& [role, word] : auth::kRoles) {
      const auto status = as(word, ask(route)).status;
      const bool refused = status == 403;
      EXPECT_EQ(refused, !auth::allows({auth::Grant{role, {}}}, route.right))
          << word << " " << http::to_string(route.method) << " " << route.pattern << ": " << status;
      EXPECT_NE(status, 401u);
      EXPECT_LT(status, 500u) << route.pattern;
    }
  }
}

TEST_F(RightsTest, AKeyWhoseRolesAreUnknownMayOnlyAskWhoItIs) {
  for (const auto& route : routes()) {
    if (!needs_key(route) || route.right == auth::Right::kSignedIn) continue;
    EXPECT_EQ(as("root", ask(route)).status, 403u) << route.pattern;
  }
  EXPECT_EQ(as("root", {.path = "/me"}).status, 200u);
}

TEST_F(RightsTest, OtherMethodsAre405WithAllow) {
  for (const auto& route : routes()) {
    if (!needs_key(route)) continue;
    auto request = ask(route);
    request.method = http::Method::kOther;
    const auto reply = as("admin", request);
    const bool of_object = route.object != store::ObjectKind::kNone;
    EXPECT_EQ(reply.status, of_object ? 404u : 405u) << route.pattern;
    if (!of_object) EXPECT_FALSE(reply.header("Allow").empty()) << route.pattern;
    EXPECT_EQ(send(request).status, 401u) << route.pattern;
  }
}

TEST_F(RightsTest, ProtectedFieldsAreRefused) {
  for (const auto& route : routes()) {
    if (route.body == BodyKind::kNone || route.object != store::ObjectKind::kNone) continue;
    if (route.pattern == "/runbooks/validate") continue;  // saves nothing, and answers what it finds
    for (const auto* field : {"role", "created_by", "approved_by", "status", "id", "version"}) {
      Ask request{.method = route.method, .path = std::string(route.pattern)};
      request.body = std::string("{\"") + field + "\": \"x\"}";
      const auto reply = as("admin", request);
      EXPECT_EQ(reply.status, 422u) << route.pattern << " " << field;
      const auto faults = reply.faults();
      EXPECT_NE(std::ranges::find(faults, std::string("/") + field + " unknown_field"), faults.end())
          << route.pattern;
    }
  }
}

}  // namespace
}  // namespace runbook::api
