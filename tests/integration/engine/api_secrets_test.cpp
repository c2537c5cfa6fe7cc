// Secrets of API blocks: sent to where they belong, and masked in whatever comes back.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/integration/engine/api_caller_fixture.hpp"
#include "tests/integration/engine/scripted_server.hpp"

namespace runbook::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ApiSecretsTest : public ApiCallerFixture {
 protected:
  static domain::ApiRequest with_secret(std::string url) {
    auto asked = request("GET", std::move(url));
    asked.credential = {"Authorization", "Bearer s3cr3t-t0ken"};
    asked.secrets = {"s3cr3t-t0ken"};
    return asked;
  }
};

TEST_F(ApiSecretsTest, ACredentialIsSentInItsHeader) {
  ScriptedServer server(always(200, "ok"));
  auto asked = with_secret(server.url());
  asked.headers = {{"authorization", "of the block"}, {"X-Other", "kept"}};
  EXPECT_EQ(call(asked).error, "");
  const auto sent = server.requests().front();
  EXPECT_THAT(sent, HasSubstr("Authorization: Bearer s3cr3t-t0ken\r\n"));
  EXPECT_THAT(sent, HasSubstr("X-Other: kept\r\n"));
  EXPECT_THAT(sent, Not(HasSubstr("of the block")));
}

TEST_F(ApiSecretsTest, ACredentialDoesNotFollowToAnotherOrigin) {
  ScriptedServer stranger(always(200, "ok"));
  ScriptedServer server(always(302, "", fmt::format("Location: {}\r\n", stranger.url("/next"))));
  EXPECT_EQ(call(with_secret(server.url())).error, "");
  EXPECT_THAT(server.requests().front(), HasSubstr("s3cr3t-t0ken"));
  EXPECT_THAT(stranger.requests().front(), Not(HasSubstr("s3cr3t")));
}

TEST_F(ApiSecretsTest, AnAnswerThatRepeatsASecretIsMasked) {
  const std::string body =
      R"({"plain": "s3cr3t-t0ken", "escaped": "s3cr3t\u002dt0ken", "s3cr3t-t0ken": "czNjcjN0LXQwa2Vu"})";
  ScriptedServer server(
      always(200, body, "Content-Type: application/json\r\nX-Echo: Bearer s3cr3t-t0ken\r\n"));
  const auto outcome = call(with_secret(server.url()));
  EXPECT_EQ(outcome.error, "");
  const auto shown = boost::json::serialize(outcome.result);
  EXPECT_THAT(shown, Not(HasSubstr("s3cr3t-t0ken")));
  EXPECT_THAT(shown, Not(HasSubstr("czNjcjN0LXQwa2Vu")));
  const auto& result = outcome.result.as_object();
  EXPECT_EQ(result.at("headers").at("x-echo"), "Bearer ******");
  EXPECT_EQ(result.at("json").at("plain"), "******");
  EXPECT_EQ(result.at("json").at("escaped"), "******");
}

TEST_F(ApiSecretsTest, AnErrorThatNamesASecretIsMasked) {
  auto asked = with_secret("http://s3cr3t-t0ken.invalid/");
  asked.secrets = {"s3cr3t-t0ken.invalid"};
  const auto outcome = call(asked);
  EXPECT_EQ(outcome.error, "the name ****** cannot be resolved");
}

}  // namespace
}  // namespace runbook::engine
