// Every refusal by rights is told of by exactly one row; generated from the table of routes.
#include <gmock/gmock.h>

#include "controller/api/routes.hpp"
#include "controller/auth/secret.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/api/api_fixture.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using http::Method;
using ::testing::HasSubstr;

class AuditRefusalsTest : public ApiTest {
 protected:
  AuditRefusalsTest() { key("admin"), key("viewer"); }

  static Ask ask(const Route& route) {
    std::string path(route.pattern);
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
      path.replace(open, path.find('}') - open + 1, "00000000-0000-4000-8000-00000000dead");
    }
    Ask ask{.method = route.method, .path = path};
    if (route.body != BodyKind::kNone) ask.body = R"({"role": "admin"})";
    return ask;
  }

  std::int64_t rows() { return sql("SELECT count(*) FROM audit_event")[0][0].as<std::int64_t>(); }
  json::object newest() { return get("/audit?limit=1").body.at("items").at(0).as_object(); }
  static std::string text(const json::value& value) { return std::string(value.as_string()); }
};

TEST_F(AuditRefusalsTest, Each403IsOneRow) {
  key("admin");
  int refused = 0;
  for (const auto* role : {"viewer", "operator", "approver", "author"}) {
    key(role);
    for (const auto& route : routes()) {
      if (route.right == auth::Right::kOpen) continue;
      const auto before = rows();
      const bool is_refused = as(role, ask(route)).status == 403;
      EXPECT_EQ(rows(), before + (is_refused ? 1 : 0)) << role << " " << route.pattern;
      if (!is_refused) continue;
      ++refused;
      const auto event = newest();
      EXPECT_EQ(text(event.at("action")), "request.refused");
      EXPECT_EQ(text(event.at("result")), "refused");
      EXPECT_EQ(text(event.at("person")), role);
      EXPECT_EQ(text(event.at("object_name")),
                std::string(http::to_string(route.method)) + " " + std::string(route.pattern));
      EXPECT_EQ(event.at("object_id").is_string(), route.pattern.find('{') != std::string_view::npos);
    }
  }
  EXPECT_GT(refused, 40);
}

TEST_F(AuditRefusalsTest, ABadKeyIsOneRowWithItsAddress) {
  Ask ask{.path = "/runbooks", .headers = {{"x-api-key", auth::new_api_key().text}}};
  const auto before = rows();
  EXPECT_EQ(send(ask).status, 401u);
  EXPECT_EQ(send({.path = "/runbooks", .headers = {{"authorization", "Bearer x"}}}).status, 401u);
  EXPECT_EQ(rows(), before + 2);
  EXPECT_TRUE(newest().at("person").is_null());
  EXPECT_EQ(text(newest().at("address")), "192.0.2.7");
  EXPECT_EQ(text(newest().at("object_name")), "GET /runbooks");
  EXPECT_EQ(send({.path = "/runbooks"}).status, 401u);  // nobody tried anything
  EXPECT_EQ(rows(), before + 2);
}

TEST_F(AuditRefusalsTest, ASignInThatFailsIsOneRow) {
  for (const auto* body : {R"({"key": "nothing"})", R"({"token": "nothing"})"}) {
    const auto before = rows();
    EXPECT_EQ(send({.method = Method::kPost, .path = "/session", .body = body}).status, 401u);
    EXPECT_EQ(rows(), before + 1);
    EXPECT_EQ(text(newest().at("action")), "session.sign_in");
    EXPECT_EQ(text(newest().at("result")), "refused");
  }
}

TEST_F(AuditRefusalsTest, ACookieIsOneRowWhenItExpiredAndWhenAForeignPageUsesIt) {
  const auto body = json::serialize(json::object{{"key", key("author")}});
  const auto set = send({.method = Method::kPost, .path = "/session", .body = body}).header("Set-Cookie");
  Ask ask{.method = Method::kPost,
          .path = "/runbooks",
          .body = json::serialize(runbook_document()),
          .headers = {{"cookie", set.substr(0, set.find(';'))}, {"origin", "http://evil.test"}}};
  auto before = rows();
  EXPECT_EQ(send(ask).status, 403u);
  EXPECT_EQ(rows(), before + 1);
  EXPECT_EQ(text(newest().at("person")), "author");
  EXPECT_EQ(text(newest().at("object_name")), "POST /runbooks");
  EXPECT_THAT(text(newest().at("reason")), HasSubstr("must come from this site"));

  sql("UPDATE session SET expires_at = now()");
  context_.authenticator.forget();
  before = rows();
  EXPECT_EQ(send(ask).status, 401u);
  EXPECT_EQ(rows(), before + 1);
  EXPECT_TRUE(newest().at("person").is_null());
  EXPECT_EQ(text(newest().at("address")), "192.0.2.7");
}

TEST_F(AuditRefusalsTest, AnAddressThatIsUnknownIsNotRepeated) {
  const Ask ask{.path = "/" + key("viewer"), .headers = {{"x-api-key", "x"}}};
  EXPECT_EQ(send(ask).status, 401u);
  EXPECT_EQ(text(newest().at("object_name")), "GET an unknown address");
}

TEST_F(AuditRefusalsTest, AFloodOfBadKeysIsToldByItsNumber) {
  const Ask bad{.path = "/runbooks", .headers = {{"x-api-key", "x"}}};
  EXPECT_EQ(get("/me").status, 200u);  // known here before the flood
  const auto before = rows();
  for (std::size_t i = 0; i < limits::kAuditRefusalsOfNobody + 50; ++i) {
    EXPECT_EQ(send(bad).status, i < limits::kGuesses ? 401u : 429u);
  }
  EXPECT_EQ(rows(), before + static_cast<std::int64_t>(limits::kAuditRefusalsOfNobody));
  auto elsewhere = bad;
  elsewhere.address = "192.0.2.8";
  send(elsewhere);
  EXPECT_EQ(text(newest().at("address")), "192.0.2.8");
}

}  // namespace
}  // namespace runbook::api
