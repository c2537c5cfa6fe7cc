// What an API block's request brings back, and where it may go.
#include "controller/engine/api_caller.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "certs/authority.hpp"
#include "certs/tls.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/integration/engine/api_caller_fixture.hpp"
#include "tests/integration/engine/scripted_server.hpp"

namespace runbook::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class ApiCallerTest : public ApiCallerFixture {};

// A port nobody listens on: bound, but not listening.
class ClosedPort {
 public:
  ClosedPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof place;
    ::bind(socket_, reinterpret_cast<sockaddr*>(&place), length);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&place), &length);
    url_ = fmt::format("http://127.0.0.1:{}/", ntohs(place.sin_port));
  }
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  ~ClosedPort() { ::close(socket_); }
  const std::string& url() const { return url_; }

 private:
  int socket_;
  std::string url_;
};

TEST_F(ApiCallerTest, SendsWhatTheBlockSays) {
  ScriptedServer server(always(200, "done"));
  auto asked = request("POST", server.url("/jobs?a=b%20c"));
  asked.headers = {{"Content-Type", "application/json"}, {"X-Tag", "one"}, {"X-Empty", ""}};
  asked.body = std::string("{\"a\":\0 1}", 9);
  const auto outcome = call(asked);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.http_status, 200);
  EXPECT_TRUE(outcome.sent);
  EXPECT_EQ(body(outcome), "done");
  const auto sent = server.requests().at(0);
  EXPECT_TRUE(sent.starts_with("POST /jobs?a=b%20c HTTP/1.1\r\n")) << sent;
  EXPECT_TRUE(sent.ends_with("\r\n\r\n" + asked.body)) << sent;
  for (const auto* line : {"Content-Type: application/json\r\n", "X-Tag: one\r\n", "X-Empty:\r\n",
                           "Content-Length: 9\r\n", "User-Agent: runbook-controller/"}) {
    EXPECT_THAT(sent, HasSubstr(line));
  }
  for (const auto* line : {"Expect:", "Accept-Encoding:", "Transfer-Encoding:"}) {
    EXPECT_THAT(sent, Not(HasSubstr(line)));
  }
}

TEST_F(ApiCallerTest, SendsEveryMethod) {
  ScriptedServer server(always(204));
  for (const auto* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    const auto outcome = call(request(method, server.url()));
    EXPECT_EQ(outcome.error, "") << method;
    EXPECT_TRUE(server.requests().back().starts_with(std::string(method) + " / ")) << method;
    EXPECT_THAT(server.requests().back(), Not(HasSubstr("Content-Type:"))) << method;
  }
}

TEST_F(ApiCallerTest, ReadsJson) {
  for (const auto* type :
       {"application/json", "Application/JSON; charset=utf-8", "application/problem+json"}) {
    ScriptedServer server(always(200, R"({"a": [1, 2.5, "x"]})", fmt::format("Content-Type: {}\r\n", type)));
    const auto outcome = get(server.url());
    EXPECT_EQ(outcome.result.at("json"), boost::json::parse(R"({"a": [1, 2.5, "x"]})")) << type;
    EXPECT_EQ(body(outcome), R"({"a": [1, 2.5, "x"]})");
    EXPECT_EQ(outcome.result.at("http_status"), 200);
    EXPECT_EQ(outcome.result.at("headers").at("content-type"), type);
  }
}

TEST_F(ApiCallerTest, LeavesAloneWhatIsNoJson) {
  const std::string deep(65, '[');
  for (const auto& [type, text] :
       std::vector<std::pair<std::string, std::string>>{{"text/plain", "{}"},
                                                        {"application/json", "{"},
                                                        {"application/json", deep + std::string(65, ']')}}) {
    ScriptedServer server(always(200, text, "Content-Type: " + type + "\r\n"));
    const auto outcome = get(server.url());
    EXPECT_EQ(outcome.error, "");
    EXPECT_FALSE(outcome.result.as_object().contains("json")) << text;
    EXPECT_EQ(body(outcome), text);
  }
}

TEST_F(ApiCallerTest, GivesTextWhateverTheBytes) {
  ScriptedServer server(always(200,
                               "a\xff"
                               "b",
                               "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(body(get(server.url())),
            "a\xEF\xBF\xBD"
            "b");
}

TEST_F(ApiCallerTest, JoinsRepeatedHeaders) {
  ScriptedServer server([](auto& connection, const auto&, int) {
    connection.send("HTTP/1.1 103 Early\r\nX-Early: yes\r\n\r\n");
    connection.answer(200, "", "X-A: 1\r\nx-a: 2\r\nSet-Cookie: a=b\r\n folded\r\n");
  });
  const auto outcome = get(server.url());
  const auto& headers = outcome.result.at("headers").as_object();
  EXPECT_EQ(headers.at("x-a"), "1, 2");
  EXPECT_EQ(headers.at("set-cookie"), "a=b folded");
  EXPECT_FALSE(headers.contains("x-early"));
}

TEST_F(ApiCallerTest, FailsWithAnotherStatusThanExpected) {
  ScriptedServer server(always(404, "no"));
  const auto outcome = get(server.url());
  EXPECT_EQ(outcome.error, "answered 404, expected 200..299");
  EXPECT_EQ(outcome.http_status, 404);
  EXPECT_FALSE(outcome.transient);
  EXPECT_EQ(body(outcome), "no");

  domain::ApiConfig config;
  config.expected_status = {{404, 404}, {500, 599}};
  EXPECT_EQ(call(request("GET", server.url()), 10s, config).error, "");
  ScriptedServer fine(always(200));
  EXPECT_EQ(call(request("GET", fine.url()), 10s, config).error, "answered 200, expected 404, 500..599");
}

TEST_F(ApiCallerTest, KnowsWhatMayHelpNextTime) {
  for (const auto& [status, transient] : std::vector<std::pair<int, bool>>{{400, false},
                                                                           {401, false},
                                                                           {408, true},
                                                                           {409, false},
                                                                           {425, true},
                                                                           {429, true},
                                                                           {500, true},
                                                                           {501, false},
                                                                           {502, true},
                                                                           {503, true},
                                                                           {504, true},
                                                                           {505, false}}) {
    ScriptedServer server(always(status));
    EXPECT_EQ(get(server.url()).transient, transient) << status;
  }
}

TEST_F(ApiCallerTest, HearsHowLongToWait) {
  ScriptedServer seconds(always(503, "", "Retry-After: 7\r\n"));
  EXPECT_EQ(get(seconds.url()).not_before, clock_.load() + 7s);
  ScriptedServer date(always(429, "", "Retry-After: Tue, 14 Nov 2023 22:14:00 GMT\r\n"));
  EXPECT_EQ(get(date.url()).not_before, clock_.load() + 40s);
  for (const auto* value : {"-1", "soon", "99999999999999999999", "1000000000", ""}) {
    ScriptedServer odd(always(503, "", fmt::format("Retry-After: {}\r\n", value)));
    EXPECT_FALSE(get(odd.url()).not_before) << value;
  }
  ScriptedServer final(always(404, "", "Retry-After: 7\r\n"));
  EXPECT_FALSE(get(final.url()).not_before);
}

TEST_F(ApiCallerTest, DrawsJitter) {
  ScriptedServer server(always(503));
  const auto first = get(server.url()).jitter;
  const auto second = get(server.url()).jitter;
  EXPECT_NE(first, second);
  for (const auto jitter : {first, second}) EXPECT_TRUE(jitter >= 0 && jitter < 1) << jitter;
}

TEST_F(ApiCallerTest, NothingLeavesWithoutAConnection) {
  const ClosedPort closed;
  const auto outcome = get(closed.url());
  EXPECT_THAT(outcome.error, HasSubstr("does not accept a connection"));
  EXPECT_FALSE(outcome.sent);
  EXPECT_TRUE(outcome.transient);
  EXPECT_FALSE(outcome.http_status);
}

TEST_F(ApiCallerTest, ANameThatDoesNotExistIsNotSent) {
  const auto outcome = get("http://no-such-name.invalid/");
  EXPECT_EQ(outcome.error, "the name no-such-name.invalid cannot be resolved");
  EXPECT_FALSE(outcome.sent);
  EXPECT_TRUE(outcome.transient);
}

TEST_F(ApiCallerTest, AConnectionThatEndsEarlyWasSent) {
  ScriptedServer silent([](auto&, const auto&, int) {});
  const auto outcome = get(silent.url());
  EXPECT_THAT(outcome.error, HasSubstr("closed the connection"));
  EXPECT_TRUE(outcome.sent);
  EXPECT_TRUE(outcome.transient);
  ScriptedServer cut([](auto& connection, const auto&, int) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  });
  const auto half = get(cut.url());
  EXPECT_THAT(half.error, HasSubstr("closed the connection"));
  EXPECT_FALSE(half.http_status);
  EXPECT_TRUE(half.transient);
}

TEST_F(ApiCallerTest, EndsAtItsDeadline) {
  ScriptedServer slow([](auto& connection, const auto&, int) { connection.wait_until_closed(); });
  const auto before = std::chrono::steady_clock::now();
  const auto outcome = call(request("GET", slow.url()), 200ms);
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_THAT(outcome.error, HasSubstr("did not answer in time"));
  EXPECT_TRUE(outcome.sent);
  EXPECT_TRUE(outcome.transient);
  EXPECT_GE(took, 190ms);
  EXPECT_LT(took, 5s);
}

TEST_F(ApiCallerTest, EndsAtItsDeadlineWhileBytesStillCome) {
  ScriptedServer dripping([](auto& connection, const auto&, int) {
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (connection.send("1\r\nx\r\n")) std::this_thread::yield();
  });
  const auto outcome = call(request("GET", dripping.url()), 100ms);
  EXPECT_NE(outcome.error, "");
  EXPECT_FALSE(outcome.http_status && outcome.error.empty());
}

TEST_F(ApiCallerTest, RefusesALargerAnswerThanItReads) {
  const std::string most(limits::kApiResponseBytes, 'x');
  ScriptedServer fits(always(200, most));
  EXPECT_EQ(body(get(fits.url())), most);
  ScriptedServer one_over(always(200, most + "x"));
  ScriptedServer endless([](auto& connection, const auto&, int) {
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (connection.send("4\r\nxxxx\r\n")) {}
  });
  for (const auto* server : {&one_over, &endless}) {
    const auto outcome = get(server->url());
    EXPECT_THAT(outcome.error, HasSubstr("is larger than 1 MiB"));
    EXPECT_FALSE(outcome.transient);
    EXPECT_EQ(outcome.http_status, 200);
    EXPECT_FALSE(outcome.result.as_object().contains("body"));
  }
}

TEST_F(ApiCallerTest, RefusesLargerHeadersThanItReads) {
  ScriptedServer server([](auto& connection, const auto&, int) {
    connection.send("HTTP/1.1 200 OK\r\n");
    while (connection.send("X-Pad: " + std::string(1000, 'x') + "\r\n")) {}
  });
  const auto outcome = get(server.url());
  EXPECT_THAT(outcome.error, HasSubstr("headers"));
  EXPECT_THAT(outcome.error, HasSubstr("larger than 64 KiB"));
  EXPECT_FALSE(outcome.transient);
}

TEST_F(ApiCallerTest, IgnoresProxiesOfTheEnvironment) {
  ScriptedServer proxy(always(200, "proxy"));
  ScriptedServer server(always(200, "server"));
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("ALL_PROXY", proxy.url().c_str(), 1);
  const auto outcome = get(server.url());
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  EXPECT_EQ(body(outcome), "server");
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(ApiCallerTest, RefusesUrlsThatAreNotItsBusiness) {
  for (const auto* url :
       {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://127.0.0.1/",
        "http://user:word@127.0.0.1/", "http://public.example@127.0.0.1/", "http:///", ""}) {
    const auto outcome = get(url);
    EXPECT_NE(outcome.error, "") << url;
    EXPECT_FALSE(outcome.sent) << url;
    EXPECT_FALSE(outcome.transient) << url;
  }
}

TEST_F(ApiCallerTest, DoesNotCallForbiddenAddressesInAnySpelling) {
  ScriptedServer forbidden(always(200), "127.0.0.2");
  for (const auto* host : {"127.0.0.2", "0x7f.2", "0177.0.0.2", "2130706434", "127.2", "[::ffff:127.0.0.2]",
                           "[::ffff:7f00:2]", "127.0.0.2."}) {
    const auto outcome = get(fmt::format("http://{}:{}/", host, forbidden.port()));
    EXPECT_NE(outcome.error, "") << host;
    EXPECT_FALSE(outcome.sent) << host;
  }
  EXPECT_EQ(forbidden.connections(), 0);
  const auto outcome = get(forbidden.url());
  EXPECT_THAT(outcome.error, HasSubstr("127.0.0.2 is a loopback address. Allow it with --allow-api-target "));
  EXPECT_FALSE(outcome.transient);
  EXPECT_EQ(forbidden.connections(), 0);
}

TEST_F(ApiCallerTest, AStrangersCertificateGetsNoRequest) {
  const auto authority = certs::FleetAuthority::create();
  const auto own = authority.issue_controller(
      std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
  ScriptedServer server(certs::public_listener(own.certificate.pem, own.key_pem));
  const auto outcome = get("https://" + server.host() + "/");
  EXPECT_THAT(outcome.error, HasSubstr("certificate"));
  EXPECT_FALSE(outcome.sent);
  EXPECT_FALSE(outcome.transient);
}

TEST_F(ApiCallerTest, PlainHttpWhereTlsWasAskedForIsAFailure) {
  ScriptedServer server([](auto& connection, const auto&, int) { connection.answer(200); });
  const auto outcome = call(request("GET", "https://" + server.host() + "/"), 500ms);
  EXPECT_NE(outcome.error, "");
  EXPECT_FALSE(outcome.sent);
}

}  // namespace
}  // namespace runbook::engine
