// A fleet authority, a database with tokens and requests as the agent listener hands them on.
#pragma once

#include <openssl/evp.h>

#include <string>

#include "certs/authority.hpp"
#include "controller/fleet/enrolment.hpp"
#include "controller/fleet/renewal.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/support/audit.hpp"
#include "tests/support/await.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::fleet {

class TextBody : public http::BodyReader {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  boost::asio::awaitable<Result<std::string>> read(std::size_t limit) override {
    if (text_.size() > limit) co_return failure(ErrorCode::kTooLarge, "too large");
    co_return text_;
  }

 private:
  std::string text_;
};

class FleetTest : public testing::PostgresTest {
 protected:
  // A usable token; `changes` is more of its row, such as "revoked_at = now()".
  std::string token(const std::string& changes = "", const std::string& labels = "{}") {
    const std::string text = "rbe_" + runtime::random_token(32);
    const std::string id = runtime::new_uuid().str();
    sql("INSERT INTO enrollment_token (id, digest, labels, expires_at) VALUES ('" + id + "', sha256('" +
        text + "'), '" + labels + "', now() + interval '1 hour')");
    if (!changes.empty()) sql("UPDATE enrollment_token SET " + changes + " WHERE id = '" + id + "'");
    return text;
  }

  static boost::json::object wish(const std::string& token, const std::string& name) {
    boost::json::object document;
    document["token"] = token;
    document["csr"] = certs::make_signing_request(name).csr_pem;
    document["name"] = name;
    return document;
  }

  static http::Request request() {
    http::Request request;
    request.method = http::Method::kPost;
    request.path = "/enroll";
    request.headers = {{"content-type", "application/json"}};
    request.request_id = "an-id";
    return request;
  }

  boost::asio::awaitable<http::Response> answer_to(std::string body) {
    const http::Request asked = request();
    TextBody text(std::move(body));
    co_return co_await enrolment_.answer(asked, text);
  }

  http::Response enrol(const boost::json::object& document) {
    return testing::await(answer_to(boost::json::serialize(document)));
  }

  std::int64_t count(const std::string& query) { return sql(query)[0][0].as<std::int64_t>(); }

  certs::FleetAuthority authority_ = certs::FleetAuthority::create();
  runtime::BlockingPool pool_{2, 1000};
  testing::TestAudit audit_;
  Enrolment enrolment_{database(), pool_, authority_, "dispatch-key", audit_.audit.trail};
  Renewal renewal_{database(), pool_, authority_, audit_.audit.trail};
};

}  // namespace runbook::fleet
