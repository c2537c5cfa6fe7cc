#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "certs/openssl.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/integration/enrolment/fleet_fixture.hpp"

namespace runbook::fleet {
namespace {

boost::json::object document_of(const http::Response& response) {
  return boost::json::parse(response.body).as_object();
}

TEST_F(FleetTest, TokenBuysACertificateForTheAgent) {
  const http::Response response = enrol(wish(token(), "web-1"));
  ASSERT_EQ(response.status, 201U) << response.body;
  const auto answer = document_of(response);
  EXPECT_EQ(answer.at("name"), "web-1");
  EXPECT_EQ(answer.at("ca").as_string(), authority_.certificate_pem());
  EXPECT_EQ(answer.at("dispatch_key").as_string(), "dispatch-key");
  const auto stored =
      sql("SELECT id, name, certificate_serial, certificate_until > now() + interval '29 days' FROM agent");
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0][0].as<std::string>(), answer.at("agent_id").as_string());
  EXPECT_EQ(stored[0][1].as<std::string>(), "web-1");
  EXPECT_TRUE(stored[0][3].as<bool>());
  const auto certificate =
      std::move(certs::certificates_from_pem(std::string(answer.at("certificate").as_string())).front());
  EXPECT_EQ(certs::serial_hex(certificate.get()), stored[0][2].as<std::string>());
  EXPECT_EQ(count("SELECT count(*) FROM enrollment_token t JOIN agent a ON a.id = t.agent_id WHERE used_at "
                  "IS NOT NULL"),
            1);
}

TEST_F(FleetTest, OneTokenMakesOneAgentHoweverManyTryAtOnce) {
  const std::string shared = token();
  std::vector<unsigned> statuses;
  boost::asio::io_context context;
  for (int i = 0; i < 50; ++i) {
    const std::string body = boost::json::serialize(wish(shared, "host-" + std::to_string(i)));
    boost::asio::co_spawn(context, answer_to(body),
                          [&](std::exception_ptr error, const http::Response& response) {
                            EXPECT_FALSE(error);
                            statuses.push_back(response.status);
                          });
  }
  context.run();
  EXPECT_EQ(statuses.size(), 50U);
  EXPECT_EQ(std::ranges::count(statuses, 201U), 1);
  // All are from one address: after ten bad tokens it has to wait.
  EXPECT_EQ(std::ranges::count(statuses, 401U) + std::ranges::count(statuses, 429U), 49);
  EXPECT_EQ(count("SELECT count(*) FROM agent"), 1);
}

TEST_F(FleetTest, OneNameMakesOneAgentHoweverManyTryAtOnce) {
  std::vector<unsigned> statuses;
  boost::asio::io_context context;
  for (int i = 0; i < 20; ++i) {
    const std::string body = boost::json::serialize(wish(token(), "same"));
    boost::asio::co_spawn(context, answer_to(body),
                          [&](std::exception_ptr error, const http::Response& response) {
                            EXPECT_FALSE(error);
                            statuses.push_back(response.status);
                          });
  }
  context.run();
  EXPECT_EQ(std::ranges::count(statuses, 201U), 1);
  EXPECT_EQ(std::ranges::count(statuses, 409U), 19);
  EXPECT_EQ(count("SELECT count(*) FROM enrollment_token WHERE used_at IS NULL"), 19);
}

TEST_F(FleetTest, ARefusedEnrolmentIsOneRow) {
  ASSERT_EQ(enrol(wish(token(), "taken")).status, 201U);
  EXPECT_EQ(enrol(wish("rbe_nothing", "stranger")).status, 401U);
  EXPECT_EQ(enrol(wish(token(), "taken")).status, 409U);
  const auto rows =
      sql("SELECT object_name, reason, address IS NOT NULL FROM audit_event WHERE action = 'agent.enrol' AND "
          "result = 'refused' ORDER BY id");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0][0].as<std::string>(), "stranger");
  EXPECT_NE(rows[0][1].as<std::string>().find("unknown, used, revoked or expired"), std::string::npos);
  EXPECT_EQ(rows[1][0].as<std::string>(), "taken");
  EXPECT_TRUE(rows[1][2].as<bool>());
}

TEST_F(FleetTest, GuessingTokensHasToWait) {
  for (std::size_t i = 0; i < limits::kGuesses; ++i) EXPECT_EQ(enrol(wish("rbe_x", "host")).status, 401U);
  const auto refused = enrol(wish("rbe_x", "host"));
  EXPECT_EQ(refused.status, 429U);
  EXPECT_TRUE(std::ranges::any_of(refused.headers, [](const auto& each) {
    return each.first == "Retry-After" && std::stoi(each.second) > 1;
  }));
}

TEST_F(FleetTest, UnusableTokensGetOneAnswer) {
  const std::string used = token();
  ASSERT_EQ(enrol(wish(used, "first")).status, 201U);
  const std::vector<std::pair<const char*, std::string>> cases = {
      {"unknown", "rbe_" + runtime::random_token(32)},
      {"used", used},
      {"revoked", token("revoked_at = now()")},
      {"expired", token("expires_at = now() - interval '1 second'")},
  };
  std::string told;
  for (const auto& [name, text] : cases) {
    SCOPED_TRACE(name);
    const http::Response response = enrol(wish(text, "second"));
    EXPECT_EQ(response.status, 401U);
    EXPECT_EQ(response.body.find(text), std::string::npos);
    if (told.empty()) told = response.body;
    EXPECT_EQ(response.body, told);
  }
  EXPECT_EQ(count("SELECT count(*) FROM agent"), 1);
}

TEST_F(FleetTest, TakenNameLeavesTheTokenUsable) {
  ASSERT_EQ(enrol(wish(token(), "web-1")).status, 201U);
  const std::string second = token();
  EXPECT_EQ(enrol(wish(second, "web-1")).status, 409U);
  EXPECT_EQ(enrol(wish(second, "web-2")).status, 201U);
}

TEST_F(FleetTest, NameOfARevokedAgentMakesAnotherAgent) {
  const auto first = document_of(enrol(wish(token(), "web-1")));
  sql("UPDATE agent SET revoked_at = now()");
  const auto second = document_of(enrol(wish(token(), "web-1")));
  EXPECT_NE(first.at("agent_id"), second.at("agent_id"));
  EXPECT_EQ(count("SELECT count(*) FROM agent"), 2);
}

TEST_F(FleetTest, ATokensLabelsCannotBeContradicted) {
  auto document = wish(token("", R"({"role":"web","tier":"1"})"), "web-1");
  document["labels"] = {{"role", "db"}, {"tier", "1"}, {"zone", "a"}};
  const auto refused = enrol(document);
  EXPECT_EQ(refused.status, 422U);
  EXPECT_NE(refused.body.find("/labels/role"), std::string::npos) << refused.body;
  EXPECT_EQ(refused.body.find("/labels/tier"), std::string::npos) << refused.body;
  EXPECT_EQ(count("SELECT count(*) FROM agent"), 0);
  // The token is still good: for what it says itself, and for labels beside its own.
  document["labels"] = {{"role", "web"}, {"zone", "a"}};
  const auto answer = document_of(enrol(document));
  const boost::json::object expected{{"role", "web"}, {"tier", "1"}, {"zone", "a"}};
  EXPECT_EQ(answer.at("labels"), expected);
  EXPECT_EQ(boost::json::parse(sql("SELECT labels FROM agent")[0][0].as<std::string>()), expected);
}

TEST_F(FleetTest, EveryFaultIsNamed) {
  boost::json::object document;
  document["csr"] = 7;
  document["name"] = "-web";
  document["labels"] = {{"bad key!", "x"}, {"good", "not good!"}};
  document["admin"] = true;
  const http::Response response = enrol(document);
  EXPECT_EQ(response.status, 422U);
  std::vector<std::string> pointers;
  const auto answer = document_of(response);
  for (const auto& error : answer.at("errors").as_array())
    pointers.emplace_back(error.at("pointer").as_string());
  std::ranges::sort(pointers);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/admin", "/csr", "/labels/bad key!", "/labels/good", "/name",
                                                "/token"}));
}

TEST_F(FleetTest, NamesAreJudged) {
  for (const std::string name : {"a", "A.b_c-d", "9", "web-1.example.org"})
    EXPECT_TRUE(judge_enrolment(wish("t", name)).has_value()) << name;
  EXPECT_TRUE(judge_enrolment(wish("t", std::string(63, 'a'))).has_value());
  auto document = wish("t", "x");
  for (const std::string& name : {std::string(), std::string(64, 'a'), std::string("-a"), std::string(".a"),
                                  std::string("_a"), std::string("a b"), std::string("a/b"),
                                  std::string("a\n"), std::string("a$(id)"), std::string("\xC3\xA4")}) {
    document["name"] = name;
    EXPECT_FALSE(judge_enrolment(document).has_value()) << name;
  }
}

TEST_F(FleetTest, BadSigningRequestLeavesTheTokenUsable) {
  const std::string text = token();
  auto document = wish(text, "web-1");
  document["csr"] = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
  const http::Response response = enrol(document);
  EXPECT_EQ(response.status, 422U);
  EXPECT_EQ(document_of(response).at("errors").at(0).at("pointer"), "/csr");
  EXPECT_EQ(enrol(wish(text, "web-1")).status, 201U);
}

TEST_F(FleetTest, BodiesThatAreNoJsonAreRefused) {
  EXPECT_EQ(testing::await(answer_to("{")).status, 400U);
  EXPECT_EQ(testing::await(answer_to("[]")).status, 422U);
  EXPECT_EQ(testing::await(answer_to(std::string(65 * 1024, ' '))).status, 413U);
  http::Request other = request();
  other.headers = {{"content-type", "text/plain"}};
  TextBody body("{}");
  EXPECT_EQ(testing::await(enrolment_.answer(other, body)).status, 415U);
}

// A token is in the body and nowhere else: not in an address, where proxies and histories keep it, and not in
// what is logged of a good or a bad one.
TEST_F(FleetTest, TokensAreNotTakenFromAddressesAndNotLogged) {
  const std::string used = token();
  const std::string wrong = "rbe_" + runtime::random_token(32);
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  auto without = wish(used, "web-1");
  without.erase("token");
  http::Request addressed = request();
  addressed.query = {{"token", used}};
  addressed.headers.emplace_back("authorization", "Bearer " + used);
  addressed.headers.emplace_back("x-api-key", used);
  TextBody body(boost::json::serialize(without));
  const auto refused = testing::await(enrolment_.answer(addressed, body));
  const auto unknown = enrol(wish(wrong, "web-1"));
  const auto good = enrol(wish(used, "web-1"));
  const std::string logged =
      ::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(refused.status, 422U);
  EXPECT_EQ(unknown.status, 401U);
  EXPECT_EQ(good.status, 201U);
  EXPECT_NE(logged.find("web-1 enrolled"), std::string::npos) << logged;
  for (const auto& secret : {used, wrong}) {
    EXPECT_EQ(logged.find(secret), std::string::npos);
    EXPECT_EQ(logged.find(secret.substr(4)), std::string::npos);
    EXPECT_EQ(good.body.find(secret), std::string::npos);
    EXPECT_EQ(count("SELECT count(*) FROM audit_event e WHERE position('" + secret + "' in e::text) > 0"), 0);
    EXPECT_EQ(
        count("SELECT count(*) FROM enrollment_token t WHERE position('" + secret + "' in t::text) > 0"), 0);
  }
}

}  // namespace
}  // namespace runbook::fleet
