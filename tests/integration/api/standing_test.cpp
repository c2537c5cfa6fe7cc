// Connections that outlive their request end with the rights of who opened them (S6 of SECURITY.md).
#include "controller/api/standing.hpp"

#include <gtest/gtest.h>

#include "tests/integration/api/api_fixture.hpp"
#include "tests/support/await.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kPromised{1};

class StandingTest : public ApiTest {
 protected:
  // Of a request that was let in.
  std::unique_ptr<JudgedSource> opened(std::vector<std::pair<std::string, std::string>> headers) {
    class Nothing : public JudgedSource {
      using JudgedSource::JudgedSource;
      boost::asio::awaitable<std::optional<std::string>> next() override { co_return std::nullopt; }
    };
    http::Request request;
    request.path = "/me";
    request.headers = std::move(headers);
    request.headers.emplace_back("host", "127.0.0.1:8080");
    Call call{context_, request};
    auto principal = testing::await(
        loop_, context_.authenticator.authenticate(credentials_of(request, auth::Access::kRead)));
    EXPECT_TRUE(principal);
    if (principal) call.principal = *principal;
    return std::make_unique<Nothing>(call);
  }

  // How long it is until the source is cut off.
  steady_clock::duration cut_off(JudgedSource& source) {
    const auto begun = steady_clock::now();
    testing::await(loop_, source.cut_off());
    return steady_clock::now() - begun;
  }

  std::string id_of(std::string_view role) { return as(role, {.path = "/me"}).at("/key/id"); }
};

TEST_F(StandingTest, ARevokedKeyEndsItsStreams) {
  const auto id = id_of("viewer");
  const auto source = opened({{"x-api-key", key("viewer")}});
  EXPECT_EQ(remove("/api-keys/" + id).status, 204u);
  EXPECT_LT(cut_off(*source), kPromised);
}

TEST_F(StandingTest, SoDoesWhatAnotherControllerDid) {
  const auto id = id_of("viewer");
  for (const auto* change :
       {"roles = '[\"operator\"]'", "roles = '[]'", "expires_at = now()", "revoked_at = now()"}) {
    const auto source = opened({{"x-api-key", key("viewer")}});
    sql(std::string("UPDATE api_key SET ") + change + " WHERE id = '" + id + "'");
    EXPECT_LT(cut_off(*source), kPromised) << change;
    sql("UPDATE api_key SET roles = '[\"viewer\"]', expires_at = NULL, revoked_at = NULL WHERE id = '" + id +
        "'");
    context_.authenticator.forget();
  }
}

TEST_F(StandingTest, SigningOutEndsTheSessionsStreams) {
  const Ask in{.method = http::Method::kPost,
               .path = "/session",
               .body = json::serialize(json::object{{"key", key("viewer")}})};
  const auto signed_in = send(in);
  const auto set = signed_in.header("Set-Cookie");
  const auto cookie = set.substr(0, set.find(';'));
  const auto source = opened({{"cookie", cookie}});
  const Ask out{.method = http::Method::kDelete,
                .path = "/session",
                .headers = {{"cookie", cookie}, {"x-csrf-token", signed_in.at("/csrf_token")}}};
  EXPECT_EQ(send(out).status, 204u);
  EXPECT_LT(cut_off(*source), kPromised);
}

TEST_F(StandingTest, HoldsWhileNothingChanges) {
  http::Request request;
  request.headers = {{"x-api-key", key("viewer")}};
  Call call{context_, request};
  call.principal = *testing::await(
      loop_, context_.authenticator.authenticate(credentials_of(request, auth::Access::kRead)));
  const Standing standing(call, auth::Access::kRead);
  for (int i = 0; i < 3; ++i) {
    context_.authenticator.forget();
    EXPECT_TRUE(testing::await(loop_, standing.holds()));
  }
}

TEST_F(StandingTest, AnOutageEndsNothing) {
  http::Request request;
  request.headers = {{"x-api-key", key("viewer")}};
  Call call{context_, request};
  call.principal = *testing::await(
      loop_, context_.authenticator.authenticate(credentials_of(request, auth::Access::kRead)));
  const Standing standing(call, auth::Access::kRead);
  context_.authenticator.forget();
  // The controller's role gets no connection; the owner of the cluster still does.
  sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END $$");
  sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
      "WHERE datname = current_database() AND usename = 'runbook_controller'");
  EXPECT_TRUE(testing::await(loop_, standing.holds()));
}

}  // namespace
}  // namespace runbook::api
