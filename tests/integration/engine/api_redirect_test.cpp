// Redirects of API blocks: few, to allowed places only, and without credentials for strangers.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/integration/engine/api_caller_fixture.hpp"
#include "tests/integration/engine/scripted_server.hpp"

namespace runbook::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ApiRedirectTest : public ApiCallerFixture {};

std::string location(const std::string& url) { return fmt::format("Location: {}\r\n", url); }

// Redirects `hops` times to itself, then answers.
ScriptedServer::Script redirecting(int hops) {
  return [hops](auto& connection, const auto&, int number) {
    if (number < hops) {
      connection.answer(302, "", fmt::format("Location: /{}\r\n", number + 1));
    } else {
      connection.answer(200, "arrived");
    }
  };
}

TEST_F(ApiRedirectTest, FollowsAFew) {
  ScriptedServer server(redirecting(limits::kApiRedirects));
  const auto outcome = get(server.url("/0"));
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(body(outcome), "arrived");
  EXPECT_TRUE(server.requests().back().starts_with("GET /5 "));
}

TEST_F(ApiRedirectTest, GivesUpAfterMany) {
  ScriptedServer server(redirecting(limits::kApiRedirects + 1));
  const auto outcome = get(server.url("/0"));
  EXPECT_EQ(outcome.error, "the answer is a redirect for more than 5 times");
  EXPECT_FALSE(outcome.transient);
  EXPECT_TRUE(outcome.sent);
  EXPECT_EQ(server.requests().size(), 6U);
}

TEST_F(ApiRedirectTest, OnlyRequestsThatChangeNothingFollow) {
  for (const auto* method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    ScriptedServer server(always(302, "", "Location: /next\r\n"));
    const auto outcome = call(request(method, server.url()));
    EXPECT_EQ(outcome.error, "answered 302, expected 200..299") << method;
    EXPECT_EQ(server.requests().size(), 1U) << method;
  }
  ScriptedServer server(redirecting(1));
  EXPECT_EQ(call(request("HEAD", server.url())).error, "");
  EXPECT_TRUE(server.requests().back().starts_with("HEAD /1 "));
}

TEST_F(ApiRedirectTest, AnExpectedRedirectIsTheAnswer) {
  ScriptedServer server(always(302, "", "Location: /next\r\n"));
  domain::ApiConfig config;
  config.expected_status = {{302, 302}};
  const auto outcome = call(request("GET", server.url()), std::chrono::seconds(10), config);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.result.at("headers").at("location"), "/next");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(ApiRedirectTest, TellsCredentialsToTheSameOriginOnly) {
  ScriptedServer other(always(200, "other"));
  ScriptedServer server([&](auto& connection, const auto&, int number) {
    connection.answer(302, "", number == 0 ? location("/again") : location(other.url("/there")));
  });
  auto asked = request("GET", server.url());
  asked.headers = {{"Authorization", "Bearer t0ken"},
                   {"X-Api-Key", "t0ken"},
                   {"Cookie", "t0ken"},
                   {"Accept", "text/plain"}};
  EXPECT_EQ(body(call(asked)), "other");
  const auto again = server.requests().at(1);
  for (const auto* name : {"Authorization: Bearer t0ken", "X-Api-Key: t0ken", "Cookie: t0ken"}) {
    EXPECT_THAT(again, HasSubstr(name));
  }
  const auto there = other.requests().at(0);
  EXPECT_THAT(there, Not(HasSubstr("t0ken")));
  EXPECT_THAT(there, HasSubstr("Accept: text/plain"));
}

TEST_F(ApiRedirectTest, JudgesEveryPlaceOnTheWay) {
  ScriptedServer forbidden(always(200, "secret"), "127.0.0.2");
  for (const auto& url : {forbidden.url(), fmt::format("http://0x7f.2:{}/", forbidden.port()),
                          fmt::format("//127.0.0.2:{}/", forbidden.port()),
                          fmt::format("http://[::ffff:127.0.0.2]:{}/", forbidden.port()),
                          fmt::format("http://user@127.0.0.2:{}/", forbidden.port()),
                          std::string("http://169.254.169.254/latest"), std::string("file:///etc/passwd"),
                          std::string("gopher://127.0.0.1:1/x")}) {
    ScriptedServer server(always(302, "", location(url)));
    const auto outcome = get(server.url());
    EXPECT_NE(outcome.error, "") << url;
    EXPECT_FALSE(outcome.transient) << url;
    EXPECT_TRUE(outcome.sent) << url;
    EXPECT_EQ(server.requests().size(), 1U) << url;
  }
  EXPECT_EQ(forbidden.connections(), 0);
}

TEST_F(ApiRedirectTest, ARedirectToNowhereIsTheAnswer) {
  ScriptedServer server(always(302));
  EXPECT_EQ(get(server.url()).error, "answered 302, expected 200..299");
}

}  // namespace
}  // namespace runbook::engine
