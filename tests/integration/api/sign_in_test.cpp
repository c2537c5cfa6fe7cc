#include <gtest/gtest.h>

#include "controller/auth/secret.hpp"
#include "tests/integration/api/api_fixture.hpp"
#include "tests/support/await.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;

class SignInTest : public ApiTest {
 protected:
  struct Browser {
    std::string cookie;
    std::string csrf;
  };

  Browser sign_in(std::string_view role, bool secure = false) {
    Ask ask{.method = Method::kPost,
            .path = "/session",
            .body = json::serialize(json::object{{"key", key(role)}}),
            .secure = secure};
    const auto reply = send(ask);
    EXPECT_EQ(reply.status, 201u) << reply.text;
    const auto cookie = reply.header("Set-Cookie");
    return {cookie.substr(0, cookie.find(';')), reply.at("/csrf_token")};
  }

  Reply by(const Browser& browser, Method method, std::string path, std::string csrf,
           std::string origin = "") {
    Ask ask{
        .method = method, .path = std::move(path), .headers = {{"cookie", "theme=dark; " + browser.cookie}}};
    if (!csrf.empty()) ask.headers.emplace_back("x-csrf-token", std::move(csrf));
    if (!origin.empty()) ask.headers.emplace_back("origin", std::move(origin));
    if (method == Method::kPost) ask.body = json::serialize(runbook_document());
    return send(std::move(ask));
  }
};

TEST_F(SignInTest, KeysAreTakenInBothHeaders) {
  EXPECT_EQ(as("viewer", {.path = "/me"}).status, 200u);
  for (const auto* scheme : {"Bearer ", "bearer ", "BEARER  "}) {
    EXPECT_EQ(send({.path = "/me", .headers = {{"authorization", scheme + key("viewer")}}}).status, 200u)
        << scheme;
  }
}

TEST_F(SignInTest, EverythingElseIsRefused) {
  const auto good = key("viewer");
  const std::vector<std::vector<std::pair<std::string, std::string>>> cases = {
      {},
      {{"x-api-key", ""}},
      {{"x-api-key", good}, {"x-api-key", good}},
      {{"x-api-key", good}, {"authorization", "Bearer " + good}},
      {{"x-api-key", good + " "}},
      {{"x-api-key", good.substr(0, 59)}},
      {{"x-api-key", good + std::string(1, '\0')}},
      {{"x-api-key", std::string(1 << 20, 'r')}},
      {{"x-api-key", good.substr(0, 59) + (good.back() == 'A' ? "E" : "A")}},
      {{"authorization", good}},
      {{"authorization", "Bearer"}},
      {{"authorization", "Bearer "}},
      {{"authorization", "Basic " + good}},
      {{"cookie", "runbook_session_8080=" + good}},
      {{"cookie", "runbook_session_8080="}},
  };
  int host = 1;  // one address would soon be told to wait
  for (const auto& headers : cases) {
    const auto address = "198.51.100." + std::to_string(host++);
    EXPECT_EQ(send({.path = "/me", .headers = headers, .address = address}).status, 401u)
        << (headers.empty() ? "" : headers.front().first + ": " + headers.front().second.substr(0, 80));
  }
  EXPECT_EQ(send({.path = "/me?api_key=" + good}).status, 401u);
}

TEST_F(SignInTest, MeTellsWhoAsks) {
  const auto me = as("operator", {.path = "/me"});
  EXPECT_EQ(me.at("/name"), "operator");
  EXPECT_EQ(me.at("/key/name"), "operator key");
  EXPECT_EQ(me.at("/roles"), "[\"operator\"]");
  EXPECT_EQ(me.at("/session"), "false");
  EXPECT_EQ(me.at("/csrf_token"), "");
  EXPECT_EQ(me.at("/version"), RUNBOOK_VERSION);
}

TEST_F(SignInTest, ASessionReadsByCookieAndWritesByToken) {
  const auto browser = sign_in("author");
  EXPECT_TRUE(browser.cookie.starts_with("runbook_session_8080="));
  const auto me = by(browser, Method::kGet, "/me", "");
  EXPECT_EQ(me.at("/session"), "true");
  EXPECT_EQ(me.at("/csrf_token"), browser.csrf);
  EXPECT_EQ(by(browser, Method::kPost, "/runbooks", "").status, 403u);
  EXPECT_EQ(by(browser, Method::kPost, "/runbooks", "x").status, 403u);
  EXPECT_EQ(by(browser, Method::kPost, "/runbooks", sign_in("author").csrf).status, 403u);
  EXPECT_EQ(by(browser, Method::kPost, "/runbooks", browser.csrf).status, 201u);
  EXPECT_EQ(by(browser, Method::kPost, "/runbooks", browser.csrf, "http://127.0.0.1:8080").status, 201u);
}

TEST_F(SignInTest, AForeignOriginChangesNothing) {
  const auto browser = sign_in("author");
  for (const auto* origin : {"null", "https://127.0.0.1:8080", "http://127.0.0.1:8081",
                             "http://127.0.0.1:8080.evil.test", "http://evil.test", "http://127.0.0.1"}) {
    EXPECT_EQ(by(browser, Method::kPost, "/runbooks", browser.csrf, origin).status, 403u) << origin;
  }
}

TEST_F(SignInTest, TheLiveSocketNeedsTheExactOriginOrAKey) {
  const auto browser = sign_in("viewer");
  const auto open = [&](std::vector<std::pair<std::string, std::string>> headers) {
    return send({.path = "/live", .headers = std::move(headers), .upgrade = true});
  };
  EXPECT_TRUE(open({{"cookie", browser.cookie}, {"origin", "http://127.0.0.1:8080"}}).websocket);
  EXPECT_TRUE(open({{"x-api-key", key("viewer")}}).websocket);
  EXPECT_EQ(open({{"cookie", browser.cookie}}).status, 403u);
  for (const auto* origin : {"null", "http://evil.test", "http://127.0.0.1:8080.evil.test"}) {
    EXPECT_EQ(open({{"cookie", browser.cookie}, {"origin", origin}}).status, 403u) << origin;
  }
  EXPECT_EQ(open({}).status, 401u);
}

TEST_F(SignInTest, TheCookieIsOutOfReachOfScripts) {
  Ask ask{.method = Method::kPost,
          .path = "/session",
          .body = json::serialize(json::object{{"key", key("viewer")}})};
  EXPECT_TRUE(send(ask).header("Set-Cookie").ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"));
  ask.secure = true;
  const auto cookie = send(ask).header("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-runbook_session="));
  EXPECT_TRUE(cookie.ends_with("; Secure"));
}

TEST_F(SignInTest, SigningOutEndsTheSession) {
  const auto browser = sign_in("viewer");
  EXPECT_EQ(by(browser, Method::kDelete, "/session", "").status, 403u);
  const auto out = by(browser, Method::kDelete, "/session", browser.csrf);
  EXPECT_EQ(out.status, 204u);
  EXPECT_NE(out.header("Set-Cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(by(browser, Method::kGet, "/me", "").status, 401u);
}

TEST_F(SignInTest, ALinkWorksOnce) {
  const auto secret = auth::new_secret();
  const auto key_id = *Uuid::parse(as("viewer", {.path = "/me"}).at("/key/id"));
  const auto later = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()) +
                     std::chrono::minutes(10);
  testing::await(loop_, context_.sessions.add_link(key_id, secret.digest, later));
  Ask ask{.method = Method::kPost,
          .path = "/session",
          .body = json::serialize(json::object{{"token", secret.text}})};
  EXPECT_EQ(send(ask).status, 201u);
  EXPECT_EQ(send(ask).status, 401u);
}

TEST_F(SignInTest, AnExpiredLinkDoesNotWork) {
  const auto secret = auth::new_secret();
  const auto key_id = *Uuid::parse(as("viewer", {.path = "/me"}).at("/key/id"));
  const auto before = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()) -
                      std::chrono::seconds(1);
  testing::await(loop_, context_.sessions.add_link(key_id, secret.digest, before));
  Ask ask{.method = Method::kPost,
          .path = "/session",
          .body = json::serialize(json::object{{"token", secret.text}})};
  EXPECT_EQ(send(ask).status, 401u);
}

TEST_F(SignInTest, SignInBodiesAreJudged) {
  const auto with = [&](const json::object& body) {
    return send({.method = Method::kPost, .path = "/session", .body = json::serialize(body)});
  };
  EXPECT_EQ(with({}).faults(), std::vector<std::string>{"/key required"});
  EXPECT_EQ(with({{"key", "a"}, {"token", "b"}}).faults(), std::vector<std::string>{"/token bad_value"});
  EXPECT_EQ(with({{"key", "a"}}).status, 401u);
  EXPECT_EQ(with({{"token", "a"}}).status, 401u);
}

// The database holds no key, cookie, token or link, only digests.
TEST_F(SignInTest, NothingThatSignsInIsStored) {
  const auto browser = sign_in("viewer");
  const auto cookie = browser.cookie.substr(browser.cookie.find('=') + 1);
  for (const auto* table : {"api_key", "session", "sign_in_link"}) {
    for (const auto& secret : {key("viewer").substr(17), cookie, browser.csrf}) {
      const auto found =
          sql(std::string("SELECT 1 FROM ") + table + " t WHERE position('" + secret + "' in t::text) > 0");
      EXPECT_TRUE(found.empty()) << table;
    }
  }
}

}  // namespace
}  // namespace runbook::api
