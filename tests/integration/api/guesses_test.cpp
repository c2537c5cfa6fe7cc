// Guessing of keys is slow, and does not lock out those who have a key (S5 of SECURITY.md).
#include <gmock/gmock.h>

#include "controller/auth/secret.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/integration/api/api_fixture.hpp"
#include "tests/support/await.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::HasSubstr;

class GuessesTest : public ApiTest {
 protected:
  static constexpr auto kAttacker = "198.51.100.9";

  Reply with(const std::string& key, const std::string& address = kAttacker) {
    return send({.path = "/me", .headers = {{"x-api-key", key}}, .address = address});
  }
  Reply sign_in(const json::object& body, const std::string& address = kAttacker) {
    return send(
        {.method = Method::kPost, .path = "/session", .body = json::serialize(body), .address = address});
  }
  void guess(std::size_t count = limits::kGuesses) {
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(with(auth::new_api_key().text).status, 401u);
  }
  // Of a key that no request ever showed.
  std::string new_key() { return post("/api-keys", {{"name", "new"}, {"roles", {"viewer"}}}).at("/key"); }
  // Made by another controller or on the command line, and never shown.
  std::string foreign_key() {
    const auto secret = auth::new_api_key();
    store::NewApiKey key{
        .name = "foreign", .prefix = secret.prefix, .digest = secret.digest, .roles = {"viewer"}};
    key.owner = "somebody";
    testing::await(loop_, context_.api_keys.create(std::move(key), audit_.origin()));
    return secret.text;
  }
};

TEST_F(GuessesTest, OneOverTheLimitIsToWait) {
  guess();
  const auto reply = with(auth::new_api_key().text);
  EXPECT_EQ(reply.status, 429u);
  EXPECT_EQ(reply.at("/code"), "too_many_requests");
  const auto wait = std::stoi(reply.header("Retry-After"));
  EXPECT_GE(wait, 1);
  EXPECT_LE(wait, 60);
}

TEST_F(GuessesTest, MalformedKeysAndSignInsCountToo) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(with("x").status, 401u);
    EXPECT_EQ(sign_in({{"key", "x"}}).status, 401u);
    EXPECT_EQ(sign_in({{"token", "x"}}).status, 401u);
  }
  EXPECT_EQ(with("x").status, 401u);
  EXPECT_EQ(sign_in({{"token", "x"}}).status, 429u);
  EXPECT_EQ(sign_in({{"key", "x"}}).status, 429u);
  EXPECT_EQ(with("x").status, 429u);
}

TEST_F(GuessesTest, TheOwnerIsLetInFromElsewhere) {
  const auto mine = foreign_key();
  guess();
  EXPECT_EQ(with(mine, "203.0.113.5").status, 200u);
  EXPECT_EQ(sign_in({{"key", mine}}, "203.0.113.6").status, 201u);
}

TEST_F(GuessesTest, WhoeverWasHereBeforeIsLetInFromTheSameAddress) {
  const auto mine = new_key();
  EXPECT_EQ(with(mine, "203.0.113.5").status, 200u);
  const auto signed_in = sign_in({{"key", mine}});
  const auto cookie = signed_in.header("Set-Cookie");
  guess();
  EXPECT_EQ(with("x").status, 429u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(with(mine).status, 200u);
    EXPECT_EQ(sign_in({{"key", mine}}).status, 201u);
    const Ask by_cookie{.path = "/me", .headers = {{"cookie", cookie.substr(0, cookie.find(';'))}}};
    EXPECT_EQ(send(by_cookie).status, 200u);
  }
}

TEST_F(GuessesTest, AKeyThatIsNewIsTriedOnceInAWhileFromThere) {
  const auto mine = foreign_key();
  guess();
  EXPECT_EQ(with(mine).status, 200u);           // the one try
  EXPECT_EQ(with(foreign_key()).status, 429u);  // the next comes too soon
  EXPECT_EQ(with(auth::new_api_key().text, "203.0.113.5").status, 401u);
}

TEST_F(GuessesTest, AKeyThatWasRevokedIsNoGuess) {
  const auto mine = new_key();
  const auto id = with(mine).at("/key/id");
  guess();
  EXPECT_EQ(remove("/api-keys/" + id).status, 204u);
  EXPECT_EQ(with(mine).status, 401u);
}

TEST_F(GuessesTest, AnExpiredCookieThatIsSentAgainAndAgainIsOneGuess) {
  Ask ask{.path = "/me", .headers = {{"cookie", "runbook_session_8080=gone"}}, .address = kAttacker};
  for (std::size_t i = 0; i < 3 * limits::kGuesses; ++i) EXPECT_EQ(send(ask).status, 401u);
  guess(limits::kGuesses - 1);
  EXPECT_EQ(send(ask).status, 429u);
}

TEST_F(GuessesTest, WhoShowsNothingIsNotCounted) {
  for (std::size_t i = 0; i < 3 * limits::kGuesses; ++i)
    EXPECT_EQ(send({.path = "/me", .address = kAttacker}).status, 401u);
  EXPECT_EQ(send({.path = "/healthz", .address = kAttacker}).status, 200u);
  guess();
  EXPECT_EQ(send({.path = "/healthz", .headers = {{"x-api-key", "x"}}, .address = kAttacker}).status, 200u);
}

TEST_F(GuessesTest, TheTrailHasTheBurst) {
  key("admin");
  guess();
  for (int i = 0; i < 100; ++i) with("x");
  const auto rows = sql("SELECT count(*), min(reason), max(reason) FROM audit_event WHERE address = '" +
                        std::string(kAttacker) + "' AND result = 'refused'");
  EXPECT_EQ(rows[0][0].as<std::size_t>(), limits::kAuditRefusalsOfNobody);
  EXPECT_THAT(rows[0][1].as<std::string>(), HasSubstr("Send a valid API key"));
  EXPECT_THAT(rows[0][2].as<std::string>(), HasSubstr("Too many wrong keys"));
}

}  // namespace
}  // namespace runbook::api
